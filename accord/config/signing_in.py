"""Who gets in, and for how long: what allauth asks of us, and what the gate asks for every request."""

import base64
from typing import Any
from urllib.parse import urlencode

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.stagekit import clear_login
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accord.config.policy import ANYONE, CLIENT, STAFF, Policy, table
from accord.records.accounts.models import User
from accord.records.accounts.queries import client_by_email
from accord.records.audit.actions import record, record_denial
from accord.records.practices.queries import roles_of
from accord.records.sealing.vault import Seal, open_sealed, seal
from accord.surfaces.shared import clock
from accord.surfaces.shared.sign_in import onward, stays
from accord.surfaces.shared.sign_in.door import let_out
from accord.surfaces.shared.sign_in.ways import may_go

# What somebody without a second factor may open: the pages where they set one up, and what is open to anyone.
SETTING_UP = frozenset(
    {
        "mfa_index",
        "staff_password",
        "mfa_add_webauthn",
        "mfa_activate_totp",
        "mfa_view_recovery_codes",
        "account_reauthenticate",
        "mfa_reauthenticate",
        "mfa_reauthenticate_webauthn",
    }
)

# What an open page asks for by itself: nobody is kept signed in by a page that is left open.
BY_ITSELF = frozenset(
    f"{space}:{name}" for space in ("portal", "workspace") for name in ("agreement_part", "agreement_live")
)


def end_if_over(request: HttpRequest) -> None:
    """Sign out whoever was away too long, or is here too long. A session that did not come through a door is over."""
    if not isinstance(request.user, User):
        return
    stay = stays.of(request)
    if stay is None and settings.DEMO:
        stay = stays.begin(request, staff=_works_here(request.user), second_factor=True)
    if stay is None or stay.is_over(clock.now()):
        let_out(request, at=clock.now(), verb="signed out by time")
        return
    if not request.resolver_match or request.resolver_match.view_name not in BY_ITSELF:
        stay = stays.go_on(request, stay)
    request.stay = stay  # type: ignore[attr-defined]
    request.stay_seconds = stay.seconds_left(clock.now())  # type: ignore[attr-defined]


def to_the_door(request: HttpRequest, policy: Policy) -> HttpResponse:
    """Where somebody signed out is sent: clients and staff have doors of their own, and come back to the page after."""
    door = reverse("sign_in" if CLIENT in policy.who else "account_login")
    further = urlencode({"next": request.get_full_path()}) if request.method == "GET" else ""
    return redirect(f"{door}?{further}" if further else door)


def second_factor_first(request: HttpRequest, name: str) -> HttpResponse | None:
    """Staff without a second factor reach only the pages where they set one up."""
    roles: frozenset[str] = request.roles  # type: ignore[attr-defined]
    if not roles & STAFF or name in SETTING_UP or table()[name].who == ANYONE:
        return None
    stay = stays.of(request)
    if stay and stay.staff:
        return None if stay.second_factor else redirect("mfa_index")
    let_out(request, at=clock.now())  # came in as a client, and works here since
    return redirect("account_login")


def name_for_limits(request: HttpRequest, credentials: dict[str, Any] | None) -> str:
    """Whose password is being tried: wrong ones are counted by this and the network address together."""
    typed = (credentials or {}).get("email") or request.POST.get("login") or ""
    return str(typed).strip().lower()


def _works_here(user: User) -> bool:
    return bool(roles_of(user, on=clock.now().date()))


class StaffAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """What allauth asks about people. There is no sign-up and no mail to staff."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": gettext_lazy("The email address or the password is not right."),
        "incorrect_password": gettext_lazy("This password is not right."),
        "too_many_login_attempts": gettext_lazy("Too many tries. Please wait five minutes, then try again."),
        "rate_limited": gettext_lazy("Too many tries. Please wait five minutes, then try again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_safe_url(self, url: str) -> bool:
        return onward.is_ours(context.request, url)

    def add_message(self, request: HttpRequest, level: int, *args: Any, **kwargs: Any) -> None:
        """Only what went wrong; that something worked is on the page already."""
        if level >= messages.ERROR:
            super().add_message(request, level, *args, **kwargs)

    def pre_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse | None:
        """A right password or passkey of somebody who does not work here any more opens nothing."""
        if user.is_active and _works_here(user):
            return None
        clear_login(request)
        return self.respond_user_inactive(request, user)

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:
        record_denial(user, "sign-in refused", user, at=clock.now())
        messages.error(request, _("This sign-in is closed. Ask your practice."))
        return redirect("account_login")

    def login(self, request: HttpRequest, user: User) -> None:
        methods = [entry["method"] for entry in get_authentication_records(request, user)]
        super().login(request, user)
        stays.begin(request, staff=True, second_factor="mfa" in methods)
        record(user, "signed in", user, at=clock.now(), way=" and ".join(methods))

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        user = client_by_email(str(credentials.get("email", "")))
        if user:
            record_denial(user, "sign-in refused", user, at=clock.now())

    def get_reauthentication_methods(self, user: User) -> list[dict[str, Any]]:
        """A passkey first, where there is one: the quickest, and the safest."""
        methods: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        return sorted(methods, key=lambda method: not method["id"].endswith(":webauthn"))

    def reauthenticate(self, user: User, password: str) -> bool:
        found = self.authenticate(context.request, email=user.email, password=password)
        return found is not None and found.pk == user.pk


class SecondFactors(DefaultMFAAdapter):  # type: ignore[misc]
    """What allauth asks about second factors. Their secrets are sealed like every private text."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": gettext_lazy("This did not work. Please try again with a new code."),
        "cannot_delete_authenticator": gettext_lazy("This is your only way in. Set up another one first."),
    }
    PLACE = Seal("", "mfa_authenticator", "", "data")

    def encrypt(self, text: str) -> str:
        return base64.b64encode(seal(text, self.PLACE)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return open_sealed(base64.b64decode(encrypted_text), self.PLACE)

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        return may_go(authenticator)

    def generate_authenticator_name(self, user: User, type: str) -> str:
        number = Authenticator.objects.filter(user=user, type=type).count() + 1
        return _("Passkey {number}").format(number=number)

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {**super().get_public_key_credential_rp_entity(), "name": "Accord"}

    def build_totp_svg(self, url: str) -> str:
        """On white, so that a camera reads it in dark mode too."""
        svg: str = super().build_totp_svg(url)
        return svg.replace("<path", '<rect width="100%" height="100%" fill="white"/><path', 1)
