"""Who waits for a place at Harbour Practice, through the same actions as life."""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from accord.records.accounts.models import User
from accord.records.practices.models import Practice
from accord.records.waiting.actions import Said, join_list, note_contact
from accord.science.matching import Asked, Wish

WEEK = timedelta(weeks=1)


class Line(NamedTuple):
    """Somebody on the list: for how many weeks, when the practice was last in touch, what they agreed to give."""

    slug: str
    name: str
    weeks: int
    contact: int  # weeks ago; the wait itself: never
    musts: tuple[str, ...]
    nice: tuple[str, ...] = ()
    urgency: int = 0


LINES = (
    Line("petra", "Petra Simic", 5, 1, ("language:en",), ("mode:video", "time:evenings", "need:anxiety"), urgency=1),
    Line("noor", "Noor Saleh", 9, 4, ("language:ar",), ("need:trauma", "time:mornings")),
    Line("silas", "Silas Krämer", 6, 5, ("language:de",), ("need:compulsions",)),
    Line("ravi", "Ravi Menon", 4, 2, ("language:es", "mode:video"), ("time:evenings", "need:stress")),
    Line("olga", "Olga Teixeira", 2, 2, ("language:pt", "mode:person"), ("time:mornings", "need:change")),
)


def fill_waiting_list(practice: Practice, *, by: User, now: datetime) -> None:
    today = now.astimezone(UTC)  # weeks of seven whole days, whatever the clocks do in spring
    for line in LINES:
        email = f"{line.slug}@harbour.example"
        client = User.objects.filter(email=email).first() or User.objects.create_user(
            email, line.name, zone=practice.zone
        )
        asked = Asked(tuple(map(_wish, line.musts)), tuple((_wish(token), 0.5) for token in line.nice))
        wait = join_list(practice, client, asked, by=by, at=today - line.weeks * WEEK, said=Said(line.urgency))
        if line.contact < line.weeks:
            note_contact(wait, by=by, at=today - line.contact * WEEK)


def _wish(token: str) -> Wish:
    return Wish(token.partition(":")[0], frozenset({token}))
