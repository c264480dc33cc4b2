"""Invite a colleague: a person, a role in a practice, and a link with which they set up how they sign in."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email
from django.db import transaction
from django.urls import reverse

from accord.records.accounts.models import User
from accord.records.audit.actions import record
from accord.records.errors import RecordsError
from accord.records.practices.actions import invite
from accord.records.practices.models import Post, Practice
from accord.surfaces.shared import clock
from accord.surfaces.shared.sign_in.ways import forget, ways_of


class Command(BaseCommand):
    help = "Invite a colleague. Prints a link that works once, for seven days; hand it over in person or by telephone."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", required=True)
        parser.add_argument("--role", required=True, choices=Post.Role.values)
        parser.add_argument("--practice", required=True, help="the practice's code")
        parser.add_argument("--start-over", action="store_true", help="forget passkeys, password and codes first")

    def handle(self, *args: Any, email: str, name: str, role: str, practice: str, **options: Any) -> None:
        found = Practice.objects.filter(code=practice).first()
        if found is None:
            codes = ", ".join(f"{code} ({name})" for code, name in Practice.objects.values_list("code", "name"))
            raise CommandError(
                f"No practice has the code {practice!r}. There are: {codes or 'none yet (open_practice)'}."
            )
        link = invitation(found, email, name, role=role, start_over=options["start_over"])
        self.stdout.write(f"{name} sets up how to sign in here, once, within seven days:\n\n  {link}\n")


@transaction.atomic
def invitation(practice: Practice, email: str, name: str, *, role: str, start_over: bool = False) -> str:
    """The address to hand over. Somebody who can sign in already is not invited again without starting over."""
    address = _valid(email)
    try:
        token = invite(practice, address, name, role=role, at=clock.now())
    except RecordsError as error:
        raise CommandError(str(error)) from error
    user = User.objects.get(email__iexact=address)
    if start_over:
        forget(user)
        record(None, "sign-in started over", user, at=clock.now())
    elif ways_of(user).second_factor:
        raise CommandError(f"{address} can sign in already. If the passkey or the phone is lost, add --start-over.")
    record(None, "invited", user, at=clock.now(), role=role)
    return settings.PUBLIC_URL + reverse("invitation", args=[token])


def _valid(email: str) -> str:
    address = email.strip().lower()  # staff sign-in looks for small letters
    try:
        validate_email(address)
    except ValidationError as error:
        raise CommandError(f"{email!r} is not an email address.") from error
    return address
