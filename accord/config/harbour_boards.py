"""What the pairs of Harbour Practice work on: their goals and tasks, through the same actions as life."""

from datetime import datetime, timedelta
from typing import NamedTuple

from accord.records.accounts.models import User
from accord.records.agreements.actions import Text, add, agree, doubt, rate
from accord.records.agreements.models import Item
from accord.records.agreements.queries import item_of
from accord.records.pairs.actions import begin_pair, end_pair
from accord.records.pairs.models import CarePair
from accord.records.pairs.queries import Seen
from accord.records.practices.models import Post

WEEK, MINUTE = timedelta(weeks=1), timedelta(minutes=1)


class Thing(NamedTuple):
    """A goal or a task: who wrote it, what it says, and in which session the two agreed on it (none: not yet)."""

    kind: str
    side: str
    words: str
    more: str = ""  # how we will know, or why
    agreed: bool = True
    importance: int | None = None
    progress: tuple[int, ...] = ()  # one a session, from the second on


BOARDS: dict[str, tuple[Thing, ...]] = {
    "kai": (
        Thing(
            *("goal", "client", "Say what I need at home before I get angry"),
            "We have one talk a week that nobody walks out of.",
            importance=9,
            progress=(3, 4, 4, 6),
        ),
        Thing("goal", "client", "Play the guitar again without judging it", agreed=False, importance=6),
        Thing("task", "therapist", "Three lines in the diary, in the evening", "To see what comes before the anger."),
        Thing("task", "client", "A walk before the talk at home", "It takes the heat out."),
    ),
    "jo": (
        Thing("goal", "client", "Be in a meeting without planning my way out", "I stay until the end.", importance=8),
        Thing("task", "therapist", "One meeting a week in the front row", "Small steps, often, are what helps."),
    ),
    "max": (Thing("goal", "client", "Know what I want when nobody asks"),),
    "lou": (
        Thing("goal", "client", "Get up on days without work", "Breakfast before ten.", importance=5, progress=(2, 2)),
    ),
    "rosa": (Thing("goal", "client", "Miss him and still go dancing", agreed=False),),
    "lena": (
        Thing("goal", "client", "Let one thing be unfinished and sleep anyway", importance=7),
        Thing("task", "therapist", "The worksheet on thoughts, every day", "It shows the pattern."),
        Thing("task", "therapist", "Read chapter four"),
    ),
    "amir": (Thing("goal", "client", "Take the train alone", "To the sea and back, once.", importance=9),),
}
DOUBTED = Thing("task", "therapist", "Ring your father on Sunday", "To say the one sentence that you practised.")


def fill_boards(pairs: dict[str, CarePair], now: datetime) -> None:
    for slug, things in BOARDS.items():
        for place, thing in enumerate(things):
            _put(pairs[slug], thing, place, now)
    _doubted(pairs["kai"], now)


def _sides(pair: CarePair) -> dict[str, Seen]:
    return {"client": Seen(pair, pair.client, "client"), "therapist": Seen(pair, pair.therapist.user, "therapist")}


def _put(pair: CarePair, thing: Thing, place: int, now: datetime) -> None:
    """In the first session, a few minutes apart; the other agrees before its end."""
    sides, first = _sides(pair), _first_session(pair, now)
    text = Text(thing.words, how_known=thing.more) if thing.kind == "goal" else Text(thing.words, why=thing.more)
    if thing.kind == "task":
        text = text._replace(serves=_first_goal(pair))
    at = first + (10 + 8 * place) * MINUTE
    item = add(thing.kind, text, by=sides[thing.side], at=at)
    if thing.agreed:
        other = sides["therapist" if thing.side == "client" else "client"]
        agree(item_of(other, item.code).asked.version, by=other, at=at + 4 * MINUTE)
    if thing.importance is not None:
        rate(item, "importance", thing.importance, by=sides["client"], at=at + 5 * MINUTE)
    for week, value in enumerate(thing.progress, 1):
        rate(item, "progress", value, by=sides["client"], at=first + week * WEEK + 40 * MINUTE)


def _first_session(pair: CarePair, now: datetime) -> datetime:
    session = pair.sessions.order_by("number").first()
    return session.starts_at if session else now - MINUTE * 60


def _first_goal(pair: CarePair) -> tuple[str, ...]:
    goal = Item.objects.filter(pair=pair, kind=Item.Kind.GOAL).order_by("added_at").first()
    return (goal.code,) if goal else ()


def _doubted(pair: CarePair, now: datetime) -> None:
    """Last week's idea of Tess is not Kai's: he said so, and what might fit."""
    sides, at = _sides(pair), now - WEEK + 45 * MINUTE
    item = add(DOUBTED.kind, Text(DOUBTED.words, why=DOUBTED.more), by=sides["therapist"], at=at)
    version = item_of(sides["client"], item.code).asked.version
    doubt(
        version,
        "not-sure",
        by=sides["client"],
        at=at + 3 * MINUTE,
        words="A letter first, maybe. I cannot hear his voice yet.",
    )


def begin_with_cleo(now: datetime) -> None:
    """In the demo Cleo has just begun with Tess: their board is empty, for two people to try it. She has the hour of
    Leo, who has ended, so Tess still sees eighteen.
    """
    cleo = User.objects.get(email="cleo@harbour.example")
    tess = Post.objects.get(user__email="tess@harbour.example", role="therapist")
    end_pair(CarePair.objects.get(client__email="leo@harbour.example"), by=tess.user, at=now)
    begin_pair(cleo, tess, by=tess.user, at=now)
