"""A client and a therapist no longer work together."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accord.records.errors import StateMoved
from accord.records.pairs.actions import end_pair
from accord.records.pairs.models import CarePair
from accord.surfaces.shared import clock


class Command(BaseCommand):
    help = "End a pair. The therapist sees it no more, what was booked is cancelled, the client keeps their history."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("pair", help="the pair's code, as begin_pair said it")

    def handle(self, *args: Any, pair: str, **options: Any) -> None:
        found = CarePair.objects.select_related("client", "therapist__user").filter(code=pair).first()
        if found is None:
            raise CommandError(f"{pair} is no pair here.")
        try:
            end_pair(found, by=None, at=clock.now())
        except StateMoved as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{found.client.name} and {found.therapist.user.name} no longer work together here.")
