"""Serve the web application, with the background work in the same process."""

import threading
from typing import Any

import uvicorn
from django.core.management.base import BaseCommand, CommandParser

from accord.config import worker


class Command(BaseCommand):
    help = "Serve the web application; the background work runs in the same process unless --no-work is given."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--no-work", action="store_true", help="the background work runs elsewhere: manage work")

    def handle(self, *args: Any, host: str, port: int, no_work: bool, **options: Any) -> None:
        stop = threading.Event() if no_work else worker.start()
        try:
            uvicorn.run(
                "accord.config.asgi:application",
                host=host,
                port=port,
                log_level="warning",
                lifespan="off",
                timeout_graceful_shutdown=3,  # pages that are open live would hold the server up for minutes
            )
        finally:
            stop.set()
