"""What clients of Harbour Practice wrote before they first met somebody: Cleo's waits, Lena's was read long ago."""

from datetime import datetime, timedelta

from django.conf import settings

from accord.config.worker import INTAKE
from accord.records.accounts.models import User
from accord.records.intake.actions import (
    Allowed,
    Given,
    answer_intake,
    ask_for_intake,
    begin_intake,
    read_intake,
    send_intake,
)
from accord.records.matching.known import known_of
from accord.records.matching.searching import answer_search, begin_search
from accord.records.matching.wishes import Given as Wished
from accord.records.pairs.models import CarePair
from accord.records.practices.models import Post

DAY = timedelta(days=1)


def _looked(*picks: str, strength: str = "") -> Wished:
    return Wished(picks=list(picks), strength=strength)


LENAS = {
    "brings": "Since I changed jobs I am tense all the time, and I snap at people I love.",
    "week": "Sundays are the worst. I go through everything that could go wrong on Monday.",
    "better": "I get through a Sunday without making lists.",
    "helped": "Swimming. Talking to my brother.",
    "before": "no",
    "got-wrong": "",
    "body": "",
    "first": "Ask me things. I find it hard to start by myself.",
}


def fill_intakes(now: datetime) -> None:
    cleo, tess = (User.objects.get(email=f"{slug}@harbour.example") for slug in ("cleo", "tess"))
    post = Post.objects.get(user=tess, role="therapist")
    ask_for_intake(cleo, post, at=now - DAY, address=INTAKE.format(url=settings.PUBLIC_URL))
    _lena_looked(User.objects.get(email="lena@harbour.example"), now)
    _lena_wrote(CarePair.objects.get(client__email="lena@harbour.example"))


LOOKED_FOR = {
    "needs": _looked("stress", "anxiety", strength="much"),
    "language": _looked("language:en", strength="must"),
    "way": _looked("person", "video"),
    "times": _looked("evenings", "afternoons", strength="some"),
    "structure": _looked("right"),
    "homework": _looked("right"),
}


def _lena_looked(lena: User, now: datetime) -> None:
    """Before she found Theo. It is hers, and kept for thirty days."""
    at = now - 24 * DAY
    search = begin_search(by=lena, at=at)
    for slug, given in LOOKED_FOR.items():
        search = answer_search(search, slug, given, at=at)


def _lena_wrote(pair: CarePair) -> None:
    """Two days before she and Theo first met."""
    at = pair.sessions.get(number=1).starts_at - 2 * DAY
    intake = ask_for_intake(pair.client, pair.therapist, at=at - DAY, pair=pair)
    if intake is None:
        return
    begin_intake(intake, by=pair.client, at=at)
    for question, words in LENAS.items():
        answer_intake(intake, Given(question, words), by=pair.client, at=at)
    send_intake(intake, Allowed(read=True), known=known_of(pair.client), by=pair.client, at=at)
    read_intake(intake, by=pair.therapist.user, at=at + DAY)
