"""Harbour Practice: database, cast, links, server. The demo only."""

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accord.config.harbour import CAST, open_harbour_practice
from accord.config.harbour_boards import begin_with_cleo
from accord.config.harbour_profiles import remember_endings
from accord.records.accounts.models import User
from accord.records.practices.models import Practice
from accord.surfaces.shared import clock


class Command(BaseCommand):
    help = "Set up and serve the demo practice on localhost; a second start keeps what is there."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--no-serve", action="store_true", help="set up and print the links only")

    def handle(self, *args: Any, port: int, no_serve: bool, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Harbour Practice is a demo. Use `accord demo`, or set ACCORD_DEMO=1.")
        call_command("migrate", verbosity=0)
        if not Practice.objects.exists():
            self.stdout.write("Setting up Harbour Practice …")
            now = clock.now().replace(second=0, microsecond=0)  # nobody's clock is a second behind what is written
            open_harbour_practice(now)
            begin_with_cleo(now)
            remember_endings(now)
        self.print_links(f"http://localhost:{port}")
        if not no_serve:
            self.stdout.write("\nServing. Ctrl+C ends it; the data stay in var/.")
            call_command("serve", port=port)

    def print_links(self, address: str) -> None:
        self.stdout.write(f"\nHarbour Practice is at {address}/ . One click signs you in as …\n\n")
        known = set(User.objects.values_list("email", flat=True))
        for person in CAST:
            if person.email in known:
                self.stdout.write(f"  {person.name:<16} {address}/demo/as/{person.slug}/   {person.who}")
        self.stdout.write(f"\n  The mails that Accord would send: {address}/demo/outbox/")
