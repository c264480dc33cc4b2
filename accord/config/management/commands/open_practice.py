"""Open a practice on a fresh installation, and invite the person who leads it."""

from typing import Any
from zoneinfo import available_timezones

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from accord.config.management.commands.invite import invitation
from accord.records.audit.actions import record
from accord.records.practices.actions import open_practice
from accord.records.practices.models import Post, Practice
from accord.surfaces.shared import clock


class Command(BaseCommand):
    help = "Open a practice and invite its lead. Prints the practice's code and the lead's link."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("practice", help="the practice's name")
        parser.add_argument("--lead", required=True, help="the lead's email address")
        parser.add_argument("--name", required=True, help="the lead's name")
        parser.add_argument("--zone", default="UTC", help="the practice's time zone, like Europe/Lisbon")

    @transaction.atomic
    def handle(self, *args: Any, practice: str, lead: str, name: str, zone: str, **options: Any) -> None:
        if zone not in available_timezones():
            raise CommandError(f"{zone!r} is not a time zone. Write it like Europe/Lisbon.")
        if Practice.objects.filter(name=practice).exists():
            raise CommandError(f"{practice} is open already. To add people, use invite.")
        opened = open_practice(practice, zone=zone)
        record(None, "practice opened", opened, at=clock.now())
        link = invitation(opened, lead, name, role=Post.Role.LEAD)
        self.stdout.write(f"{practice} is open. Its code is {opened.code}.\n")
        self.stdout.write(f"{name} sets up how to sign in here, once, within seven days:\n\n  {link}\n")
