"""Peers are optional: one that is not installed is a line in the table, not an error."""

from importlib import import_module
from types import ModuleType


def peer(name: str) -> ModuleType | None:
    """benchmarks.peers.<name>, or None where its library is not installed."""
    try:
        return import_module(f"benchmarks.peers.{name}")
    except ModuleNotFoundError as error:
        if (error.name or "").startswith(("benchmarks", "accord")):
            raise
        return None
