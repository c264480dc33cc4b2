"""The addresses for signing in. The names from `account_` and `mfa_` are those that allauth looks for.

Nothing else of allauth is mounted: no sign-up, no password by mail, no changing of addresses.
"""

from django.urls import path

from accord.surfaces.shared.sign_in import by_link, invited, staff, ways_in

urlpatterns = [
    path("sign-in/", by_link.sign_in, name="sign_in"),
    path("sign-in/<str:token>/", by_link.sign_in_by_link, name="sign_in_by_link"),
    path("sign-out/", by_link.sign_out, name="sign_out"),
    path("stay/", by_link.stay, name="stay"),
    path("invitation/<str:token>/", invited.invitation, name="invitation"),
    path("staff/sign-in/", staff.sign_in, name="account_login"),
    path("staff/sign-in/passkey/", staff.by_passkey, name="mfa_login_webauthn"),
    path("staff/sign-in/second-step/", staff.second_step, name="mfa_authenticate"),
    path("staff/again/", staff.password_again, name="account_reauthenticate"),
    path("staff/again/code/", staff.code_again, name="mfa_reauthenticate"),
    path("staff/again/passkey/", staff.passkey_again, name="mfa_reauthenticate_webauthn"),
    path("staff/ways-in/", ways_in.index, name="mfa_index"),
    path("staff/ways-in/password/", ways_in.password, name="staff_password"),
    path("staff/ways-in/passkey/", ways_in.add_passkey, name="mfa_add_webauthn"),
    path("staff/ways-in/passkey/<int:pk>/remove/", ways_in.remove_passkey, name="mfa_remove_webauthn"),
    path("staff/ways-in/app/", ways_in.add_app, name="mfa_activate_totp"),
    path("staff/ways-in/app/remove/", ways_in.remove_app, name="mfa_deactivate_totp"),
    path("staff/ways-in/codes/", ways_in.codes, name="mfa_view_recovery_codes"),
    path("staff/ways-in/codes/new/", ways_in.new_codes, name="mfa_generate_recovery_codes"),
]
