"""A session from both sides: what the therapist rated and guessed, what the client answered."""

from collections.abc import Mapping
from typing import NamedTuple

from django.utils.translation import gettext as _

from accord.records.checkins.models import CheckIn
from accord.surfaces.shared.charts import Pillar
from accord.surfaces.shared.histories import PILLARS

TENSION = {"no": "No", "a-bit": "A bit", "yes": "Yes", "not-sure": "Not sure"}


class Row(NamedTuple):
    """One pillar of one session."""

    pillar: Pillar
    own: str
    guess: str
    client: str


class BothSides(NamedTuple):
    pillars: list[Row]
    own_tension: str
    client_tension: str


def side_by_side(own: CheckIn, client: CheckIn | None) -> BothSides:
    mine, theirs = own.answers or {}, (client.answers or {}) if client is not None else {}
    rows = [
        Row(pillar, _shown(mine, pillar), _shown(mine, f"predicted-{pillar}"), _shown(theirs, pillar))
        for pillar in PILLARS
    ]
    return BothSides(rows, _shown(mine, "tension"), _shown(theirs, "tension"))


def _shown(answers: Mapping[str, object], name: str) -> str:
    """An answer as it reads: a number, a word, or that there is none."""
    value = answers.get(name)
    if value is None or value == "skipped":
        return _("no answer")
    return _(TENSION.get(str(value), str(value)))
