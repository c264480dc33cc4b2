"""Where staff set up and look after their ways in."""

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.account.internal.flows.reauthentication import is_reauthentication_required, reauthenticate_by_password
from allauth.core.exceptions import ReauthenticationRequired
from allauth.mfa.base.views import IndexView
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView, ViewRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from allauth.mfa.webauthn.internal.auth import begin_registration
from allauth.mfa.webauthn.views import AddWebAuthnView, RemoveWebAuthnView
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils.translation import gettext as _

from accord.records.accounts.models import User
from accord.records.audit.actions import record
from accord.surfaces.shared import clock
from accord.surfaces.shared.sign_in import forms, stays
from accord.surfaces.shared.sign_in.ways import may_go, ways_of


class Index(IndexView):  # type: ignore[misc]
    """The first thing an invited colleague sees; later the place to look after passkeys and codes."""

    template_name = "sign_in/ways.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "ways": ways_of(self.request.user)}


class AddPasskey(AddWebAuthnView):  # type: ignore[misc]
    template_name = "sign_in/passkey.html"
    form_class = forms.PasskeyForm
    success_url = reverse_lazy("mfa_index")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        # Asked for again, this time as a passkey: kept on the device, opened by a finger, a face or a PIN.
        options = begin_registration(self.request.user, passwordless=True)
        return {**context, "js_data": {"creation_options": options}}

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        # Making a passkey has just proved everything that using it would prove again a second later.
        record_authentication(self.request, self.request.user, "mfa", type="webauthn", reauthenticated=True)
        _added(self.request, "passkey added")
        return response


class RemovePasskey(RemoveWebAuthnView):  # type: ignore[misc]
    template_name = "sign_in/passkey_remove.html"
    success_url = reverse_lazy("mfa_index")

    def form_valid(self, form: Any) -> HttpResponse:
        if not may_go(self.object):
            messages.error(self.request, _("This is your only way in. Set up another one first."))
            return redirect("mfa_index")
        record(self.request.user, "passkey removed", self.request.user, at=clock.now())
        return super().form_valid(form)  # type: ignore[no-any-return]


class AddApp(ActivateTOTPView):  # type: ignore[misc]
    template_name = "sign_in/app.html"
    form_class = forms.FirstCodeForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Codes come after a password; on their own they open nothing."""
        if not request.user.has_usable_password():  # type: ignore[union-attr]
            return redirect("staff_password")
        return super().dispatch(request, *args, **kwargs)  # type: ignore[no-any-return]

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        _added(self.request, "authenticator app added")
        return response


class RemoveApp(DeactivateTOTPView):  # type: ignore[misc]
    template_name = "sign_in/app_remove.html"

    def form_valid(self, form: Any) -> HttpResponse:
        record(self.request.user, "authenticator app removed", self.request.user, at=clock.now())
        return super().form_valid(form)  # type: ignore[no-any-return]


class NewCodes(GenerateRecoveryCodesView):  # type: ignore[misc]
    template_name = "sign_in/codes_new.html"

    def form_valid(self, form: Any) -> HttpResponse:
        record(self.request.user, "recovery codes made", self.request.user, at=clock.now())
        return super().form_valid(form)  # type: ignore[no-any-return]


def _added(request: HttpRequest, verb: str) -> None:
    stays.with_second_factor(request)
    record(_me(request), verb, _me(request), at=clock.now())


def _me(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise ReauthenticationRequired
    return request.user


def password(request: HttpRequest) -> HttpResponse:
    """Choose a password, or a new one. What is typed here is never put aside while asking who it is."""
    user = _me(request)
    if is_reauthentication_required(request, app="allauth.mfa"):
        if request.method == "POST":
            return redirect("staff_password")
        raise ReauthenticationRequired
    form = forms.NewPasswordForm(request.POST or None, user=user)
    if not form.is_valid():
        return render(request, "sign_in/password.html", {"form": form}, status=422 if form.is_bound else 200)
    _set_password(request, user, form.cleaned_data["password"])
    return redirect("mfa_index" if ways_of(user).app else "mfa_activate_totp")


def _set_password(request: HttpRequest, user: User, new: str) -> None:
    """Every other session of this person ends; this one goes on."""
    user.set_password(new)
    user.save(update_fields=["password"])
    record(user, "password set", user, at=clock.now())
    update_session_auth_hash(request, user)
    reauthenticate_by_password(request)


index = Index.as_view()
add_passkey = AddPasskey.as_view()
remove_passkey = RemovePasskey.as_view()
add_app = AddApp.as_view()
remove_app = RemoveApp.as_view()
codes = ViewRecoveryCodesView.as_view(template_name="sign_in/codes.html")
new_codes = NewCodes.as_view()
