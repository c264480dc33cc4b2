"""What a client took back after it was read: it stays where it was read, and says so."""

from typing import NamedTuple

from accord.records.accounts.models import User
from accord.records.checkins.models import TakenBack
from accord.records.checkins.taking_back import corrections_of
from accord.records.pairs.models import CarePair
from accord.surfaces.shared import clock
from accord.surfaces.shared.chart_words import number
from accord.surfaces.shared.digits import dated
from accord.surfaces.workspace import words

PILLARS = ("bond", "goal", "task")


class Correction(NamedTuple):
    sentence: str
    scores: str  # "3 · 7 · 7", or nothing where they were never seen
    words: str
    answered_again: bool  # then the new answers stand in the chart


def corrections(pair: CarePair, *, viewer: User) -> list[Correction]:
    return [_told(gone, viewer) for gone in corrections_of(pair)]


def _told(gone: TakenBack, viewer: User) -> Correction:
    session = gone.check_in.session
    at = dated(clock.local(gone.at, viewer), "H:i")
    sentence = words.took_back(session.pair.client.first_name, session.number, at=at)
    scores = " · ".join(number((gone.scores or {}).get(pillar)) for pillar in PILLARS) if gone.scores else ""
    return Correction(sentence, scores, gone.note or "", gone.check_in.received_at is not None)
