"""`accord manage …`: Django's own commands, and ours."""

import os
import sys

import click
from django.core.management import execute_from_command_line


@click.command(context_settings={"ignore_unknown_options": True, "help_option_names": []})
@click.argument("words", nargs=-1, type=click.UNPROCESSED)
def manage(words: tuple[str, ...]) -> None:
    """Look after the web application: migrate, check, invite, work, serve …"""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "accord.config.settings")
    execute_from_command_line(["accord manage", *words])
    sys.exit(0)
