"""On the board: the client has asked to change how the two work. The words themselves only where they were opened."""

from typing import NamedTuple

from django.urls import reverse

from accord.records.matching.queries import way_notes
from accord.records.pairs.queries import Seen
from accord.surfaces.shared import clock

ADDRESSES = {"client": "portal:said", "therapist": "workspace:note"}


class Asked(NamedTuple):
    name: str  # of the client
    at: str
    words: str  # "" for a therapist who has not opened the note: opening it is reading it
    url: str


def asked(seen: Seen) -> Asked | None:
    """The newest such wish, until what it opened between the two is over."""
    note = way_notes(seen).first()
    if note is None or note.sent_at is None or (note.episode is not None and note.episode.ended_at is not None):
        return None
    shown = seen.side == "client" or note.read_at is not None
    return Asked(
        seen.pair.client.first_name,
        clock.told(note.sent_at, seen.viewer),
        (note.words or "") if shown else "",
        reverse(ADDRESSES[seen.side], args=[note.code]),
    )
