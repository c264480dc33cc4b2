"""A therapist's guesses at what clients would say, beside what they said. For whoever guessed, nobody else."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from accord.records.accounts.models import User
from accord.records.checkins.queries import BLIND_FOR, SessionAnswers, answers_of_pairs
from accord.records.pairs.models import CarePair
from accord.records.sessions.models import TherapySession
from accord.science.dyads import Lean, lean

PILLARS = ("bond", "goal", "task")
NEEDED = 5  # guesses before anything is said about them
LAST_OF_A_PAIR, LAST_OF_ALL = 12, 60  # sessions looked back on


class Guess(NamedTuple):
    """One pillar of one session: what the therapist thought the client would say, and what the client said."""

    pair: CarePair
    session: TherapySession
    pillar: str
    guess: float
    answer: float

    @property
    def difference(self) -> float:
        return self.guess - self.answer


def guesses_of(pairs: Iterable[CarePair], *, viewer: User, at: datetime) -> list[Guess]:
    """Every guess whose answer both may see now, oldest first. Two queries, whatever the caseload.

    A guess counts only if it was made blind: one that came in after the answers had opened is left out.
    """
    mine = [pair for pair in pairs if pair.therapist.user_id == viewer.pk]
    answers = answers_of_pairs(mine, "therapist", at=at)
    found = [guess for pair in mine for seen in answers[pair.pk] if _blind(seen) for guess in _guesses(pair, seen)]
    return sorted(found, key=lambda one: (one.session.starts_at, one.pair.pk))


def _blind(seen: SessionAnswers) -> bool:
    client, therapist = seen.client, seen.therapist
    if client is None or therapist is None or client.received_at is None or therapist.received_at is None:
        return False
    return therapist.received_at < client.received_at + BLIND_FOR


def _guesses(pair: CarePair, seen: SessionAnswers) -> Iterable[Guess]:
    own = (seen.therapist.scores or {}) if seen.therapist else {}
    theirs = (seen.client.scores or {}) if seen.client else {}
    for pillar in PILLARS:
        guess, answer = own.get(f"predicted-{pillar}"), theirs.get(pillar)
        if guess is not None and answer is not None:
            yield Guess(pair, seen.session, pillar, guess, answer)


def last_sessions(guesses: Sequence[Guess], number: int) -> list[Guess]:
    """Those about the last so many sessions."""
    kept = list(dict.fromkeys(one.session.pk for one in guesses))[-number:]
    return [one for one in guesses if one.session.pk in set(kept)]


def lean_of(guesses: Iterable[Guess]) -> Lean | None:
    """How they lie; None as long as there are too few to say anything."""
    known = list(guesses)
    if len(known) < NEEDED:
        return None
    return lean([one.guess for one in known], [one.answer for one in known])
