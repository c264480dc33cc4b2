"""The next session of a pair."""

from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accord.records.errors import RecordsError
from accord.records.pairs.models import CarePair
from accord.records.sessions.actions import book
from accord.records.sessions.local_times import moment
from accord.surfaces.shared import clock


class Command(BaseCommand):
    help = "Book a pair's next session. After it, both are asked how it was."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("pair", help="the pair's code, as begin_pair prints it")
        parser.add_argument("--at", required=True, help="on the practice's wall clock: 2026-12-01T10:00")

    def handle(self, *args: Any, pair: str, at: str, **options: Any) -> None:
        found = CarePair.objects.select_related("practice").filter(code=pair, ended_on=None).first()
        if found is None:
            raise CommandError(f"No pair that works together has the code {pair!r}.")
        try:
            wall = datetime.fromisoformat(at).replace(tzinfo=None)
        except ValueError as error:
            raise CommandError(f"{at!r} is no time; write it like 2026-12-01T10:00.") from error
        try:
            session = book(found, moment(wall, found.practice.zone), by=None, at=clock.now())
        except RecordsError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Session {session.number} is on {wall:%A %-d %B %Y at %H:%M} ({found.practice.zone}).")
