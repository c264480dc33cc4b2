"""What people type to sign in."""

from typing import Any

from allauth.account.forms import LoginForm, ReauthenticateForm
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as code_forms
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from accord.records.accounts.models import User


def _dress(form: forms.Form, labels: dict[str, Any], hints: dict[str, Any] | None = None) -> None:
    """Our words and our look on a form from elsewhere: no placeholders, nothing that vanishes while typing."""
    for name, field in form.fields.items():
        field.widget.attrs.pop("placeholder", None)
        field.widget.attrs["class"] = "input"
        field.label = labels.get(name, field.label)
        field.help_text = (hints or {}).get(name, "")


class AddressForm(forms.Form):
    email = forms.EmailField(
        max_length=254,
        error_messages={
            "required": _("Type your email address."),
            "invalid": _("Type an email address, like kai@example.org."),
        },
    )


class StaffForm(LoginForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("remember", None)
        self.order_fields(["login", "password"])
        _dress(self, {"login": _("Email address"), "password": _("Password")})
        self.fields["login"].widget.attrs["autocomplete"] = "username"


class AgainForm(ReauthenticateForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _dress(self, {"password": _("Password")})


CODE = {"code": _("Code")}
CODE_HINT = {"code": _("Six digits from your app, or one of your recovery codes.")}


class CodeForm(code_forms.AuthenticateForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _dress(self, CODE, CODE_HINT)


class CodeAgainForm(code_forms.ReauthenticateForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _dress(self, CODE, CODE_HINT)


class FirstCodeForm(ActivateTOTPForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _dress(self, CODE, {"code": _("The six digits that your app shows now.")})
        self.fields["code"].widget.attrs["inputmode"] = "numeric"


class PasskeyForm(AddWebAuthnForm):  # type: ignore[misc]
    """Every key must be a passkey: it signs in alone, and asks for a finger, a face or a PIN."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("passwordless", None)  # not a choice here
        _dress(self, {"name": _("A name for it")}, {"name": _("So that you know later which one it is.")})

    def clean(self) -> dict[str, Any]:
        """What is not a credential at all raises plain errors in the library below."""
        try:
            return dict(super().clean())
        except (ValueError, KeyError, AttributeError) as error:
            raise get_adapter().validation_error("incorrect_code") from error


class NewPasswordForm(forms.Form):
    password = forms.CharField(
        label=_("New password"),
        strip=False,
        help_text=_("At least 12 characters. Three or four random words are easy to remember."),
        widget=forms.PasswordInput(attrs={"class": "input", "autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        validate_password(password, self.user)
        return password
