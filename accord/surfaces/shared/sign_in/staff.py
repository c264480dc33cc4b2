"""Staff: a passkey, or password and one-time code; and the same once more before anything delicate."""

from typing import Any

from allauth.account.views import LoginView, ReauthenticateView
from allauth.mfa.base import views as code_views
from allauth.mfa.webauthn import views as key_views
from django.http import HttpResponse
from django.shortcuts import redirect

from accord.records.audit.actions import record_denial
from accord.surfaces.shared import clock
from accord.surfaces.shared.sign_in import forms

sign_in = LoginView.as_view(template_name="sign_in/staff.html", form_class=forms.StaffForm)
by_passkey = key_views.LoginWebAuthnView.as_view()
password_again = ReauthenticateView.as_view(template_name="sign_in/again.html", form_class=forms.AgainForm)
code_again = code_views.ReauthenticateView.as_view(template_name="sign_in/again.html", form_class=forms.CodeAgainForm)


class SecondStep(code_views.AuthenticateView):  # type: ignore[misc]
    """After the password: the code from the app, a recovery code, or a passkey."""

    template_name = "sign_in/second_step.html"
    form_class = forms.CodeForm

    def form_invalid(self, form: Any) -> HttpResponse:
        user = self.stage.login.user
        record_denial(user, "sign-in refused", user, at=clock.now())
        return super().form_invalid(form)  # type: ignore[no-any-return]


class PasskeyAgain(key_views.ReauthenticateWebAuthnView):  # type: ignore[misc]
    template_name = "sign_in/again_passkey.html"

    def form_invalid(self, form: Any) -> HttpResponse:
        super().form_invalid(form)  # keeps the reason as a message
        return redirect(self.passthrough_next_url(self.request.path))


second_step = SecondStep.as_view()
passkey_again = PasskeyAgain.as_view()
