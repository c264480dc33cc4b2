"""The background work, in a process of its own."""

import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from accord.config import worker


class Command(BaseCommand):
    help = "Hold sessions, ask after them, estimate, raise flags, remind, send mail; until interrupted, or once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="one round, then stop")

    def handle(self, *args: Any, once: bool, **options: Any) -> None:
        if once:
            self.stdout.write(f"{worker.run_once()} things done.")
        else:
            stop = _told_to_end()
            self.stdout.write("Working, a round a second. Ctrl+C ends it after its round.")
            self.stdout.flush()
            worker.run_until(stop)


def _told_to_end() -> threading.Event:
    """Set when a service manager or Ctrl+C says so: the round that is on is finished first."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    return stop
