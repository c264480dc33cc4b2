"""A client starts with a therapist."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import IntegrityError, transaction

from accord.records.accounts.models import User
from accord.records.errors import RecordsError
from accord.records.pairs.actions import begin_pair
from accord.records.practices.queries import posts_of
from accord.surfaces.shared import clock


class Command(BaseCommand):
    help = "Bring a client and a therapist together. The client gets in by a link to this address, without a password."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("client", help="the client's email address")
        parser.add_argument("--name", required=True, help="the client's name")
        parser.add_argument("--therapist", required=True, help="the therapist's email address")

    @transaction.atomic
    def handle(self, *args: Any, client: str, name: str, therapist: str, **options: Any) -> None:
        now = clock.now()
        colleague = User.objects.filter(email__iexact=therapist.strip()).first()
        post = posts_of(colleague, on=now.date()).filter(role="therapist").first() if colleague else None
        if post is None:
            raise CommandError(f"{therapist} is no therapist here today; invite them first (accord manage invite).")
        address = client.strip().lower()
        try:
            person = User.objects.filter(email__iexact=address).first()
            person = person or User.objects.create_user(address, name, zone=post.practice.zone)
            with transaction.atomic():
                pair = begin_pair(person, post, by=None, at=now)
        except RecordsError as error:
            raise CommandError(str(error)) from error
        except IntegrityError as error:
            raise CommandError(f"{address} and {post.user.name} work together already.") from error
        self.stdout.write(f"{person.name} and {post.user.name} are the pair {pair.code}.")
