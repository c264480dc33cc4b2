"""The background work, in a process of its own."""

import threading
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from accord.config import worker


class Command(BaseCommand):
    help = "Ask after sessions, estimate, raise flags, send mail; until interrupted, or once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="one round, then stop")

    def handle(self, *args: Any, once: bool, **options: Any) -> None:
        if once:
            self.stdout.write(f"{worker.run_once()} things done.")
        else:
            worker.run_until(threading.Event())
