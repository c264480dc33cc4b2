"""A client's note as its therapist sees it. The client's preview is made of the same values and the same template."""

from typing import NamedTuple

from django.utils.translation import gettext as _

from accord.records.ruptures.models import Note


class Said(NamedTuple):
    """All that travels with a note: who, what about, the words. Nothing else."""

    name: str
    pillar: str  # "bond", "goal", "task" or ""
    about: str
    words: str


def said(note: Note) -> Said:
    name = note.pair.client.first_name
    if note.asks:
        return Said(name, "", "", asking())
    pillar = note.about if note.about != Note.About.OTHER else ""
    return Said(name, pillar, about(note.about), note.words or "")


def asking() -> str:
    """What is sent by whoever finds it hard to say."""
    return _("There is something I find hard to say. Please ask me about it.")


def about(code: str) -> str:
    return {
        "bond": _("How it feels between you two"),
        "goal": _("Where you two are going"),
        "task": _("How you two work"),
        "other": _("Something else"),
    }.get(code, "")
