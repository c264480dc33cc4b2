"""`accord demo`: Harbour Practice on this machine, for looking around. Never for real people."""

import os

import click
from django.core.management import execute_from_command_line


@click.command()
@click.option("--port", default=8000, show_default=True, help="Where to serve, on localhost only.")
def demo(port: int) -> None:
    """Set up Harbour Practice, print a sign-in link for everybody in it, and serve it on localhost."""
    os.environ["ACCORD_DEMO"] = "1"
    os.environ["PORT"] = str(port)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "accord.config.settings")
    execute_from_command_line(["accord", "harbour", "--port", str(port)])
