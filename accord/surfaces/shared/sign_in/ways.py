"""The ways in that a colleague has set up: passkeys, or a password together with an authenticator app."""

from typing import NamedTuple

from allauth.mfa.models import Authenticator

from accord.records.accounts.models import User


class Ways(NamedTuple):
    passkeys: int
    app: bool  # an authenticator app that shows one-time codes
    password: bool

    @property
    def second_factor(self) -> bool:
        return self.app or self.passkeys > 0

    @property
    def whole(self) -> int:
        """How many ways lead in all the way: a password alone, or an app alone, does not."""
        return self.passkeys + (self.app and self.password)


def ways_of(user: User) -> Ways:
    kinds = list(Authenticator.objects.filter(user=user).values_list("type", flat=True))
    passkeys = kinds.count(Authenticator.Type.WEBAUTHN)
    return Ways(passkeys, Authenticator.Type.TOTP in kinds, user.has_usable_password())


def may_go(authenticator: Authenticator) -> bool:
    """Whether a way in may be removed: the last one that leads all the way in stays."""
    ways = ways_of(authenticator.user)
    if authenticator.type == Authenticator.Type.WEBAUTHN:
        return ways.whole > 1
    if authenticator.type == Authenticator.Type.TOTP:
        return ways.passkeys > 0
    return True


def forget(user: User) -> None:
    """Start over: no way in is left, and every session of this person ends with the password it hangs on."""
    Authenticator.objects.filter(user=user).delete()
    user.set_unusable_password()
    user.save(update_fields=["password"])
