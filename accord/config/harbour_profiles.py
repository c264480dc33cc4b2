"""What the therapists of Harbour Practice say about themselves, and their places, through the same actions as life."""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from accord.records.accounts.models import User
from accord.records.pairs.actions import begin_pair, end_pair
from accord.records.practices.models import Post
from accord.records.profiles.actions import (
    Facts,
    Insurer,
    Room,
    begin_profile,
    make_room,
    publish,
    write_profile,
)

DAY = timedelta(days=1)


class Listing(NamedTuple):
    facts: Facts
    room: Room
    confirmed: int = 0  # days ago


def _insurer(slug: str, name: str, now: datetime, *, days: int, source: str) -> Insurer:
    return Insurer(slug, name, (now - days * DAY).date(), source)


def _listings(now: datetime) -> dict[str, Listing]:
    """People are seen elsewhere, too: with their clients in Accord it makes 18 of 20, 20 of 20, 15 of 18, 9 of 10."""
    return {
        "tess": Listing(_tess(now), Room(capacity=20, hours=22)),
        "theo": Listing(_theo(now), Room(capacity=20, hours=20, elsewhere=19), confirmed=3),
        "thandi": Listing(_thandi(now), Room(capacity=18, hours=20, elsewhere=14), confirmed=40),
        "tia": Listing(_tia(), Room(capacity=10, hours=10, elsewhere=9), confirmed=5),
    }


def _tess(now: datetime) -> Facts:
    return Facts(
        title="Psychologist, psychotherapist",
        says={
            "kind": ["therapy"],
            "need": ["anxiety", "stress", "self-worth", "relationships", "grief", "sleep"],
            "population": ["adults", "couples"],
            "language": ["en", "es"],
            "licence": ["PT", "ES"],
            "mode": ["person", "video"],
            "place": ["lisbon"],
            "time": ["afternoons", "evenings"],
            "pays": ["self", "reduced"],
            "identity": ["woman", "migrant"],
            "safety": ["yes"],
        },
        style={"challenge": -0.3, "structure": 0.6, "now": 0.5, "homework": 0.4},
        words={
            "helps": "Worry that does not stop, panic, sleep that does not come. Also grief, and what goes wrong "
            "between people who like each other.",
            "works": "We agree on what we are working at, and look at it again every few weeks. I ask a lot. "
            "I say what I think when you want to know. Some weeks you take a small thing home to try.",
            "hello": "We talk for fifteen minutes, free, on the phone or by video. You say as much as you like. "
            "I tell you how I would begin. Nobody decides anything in that call. If I am not the right person, "
            "I will say so and tell you who might be.",
            "questions": "What would the first three sessions look like?\nWhat do you do when it does not help?\n"
            "How will we know that it is getting better?\nHave you worked with something like this before?\n"
            "How do I tell you that something is off?",
        },
        fee=70,
        fee_reduced=40,
        insurers=(
            _insurer("tagus-health", "Tagus Health", now, days=12, source="their list of people, on their site"),
            _insurer("meridian", "Meridian", now, days=50, source="a phone call with them"),
        ),
    )


def _theo(now: datetime) -> Facts:
    return Facts(
        title="Clinical psychologist",
        says={
            "kind": ["therapy"],
            "need": ["anxiety", "compulsions", "stress", "low-mood"],
            "population": ["adults"],
            "language": ["en", "de", "es"],
            "licence": ["PT"],
            "mode": ["person", "video"],
            "place": ["lisbon"],
            "time": ["mornings", "evenings"],
            "pays": ["self"],
            "identity": ["man"],
        },
        style={"challenge": 0.5, "structure": 0.9, "now": 0.8, "homework": 0.9},
        words={
            "helps": "Worry, checking and rituals, low mood.",
            "works": "A clear plan, from the first session on. Exercises between sessions, as many as fit your week.",
            "hello": "A first call of fifteen minutes, free. I tell you what a plan could look like.",
            "questions": "How long does it take?\nHow much do I do between sessions?",
        },
        fee=75,
        insurers=(_insurer("tagus-health", "Tagus Health", now, days=5, source="our contract with them"),),
    )


def _thandi(now: datetime) -> Facts:
    return Facts(
        title="Psychotherapist",
        says={
            "kind": ["therapy"],
            "need": ["anxiety", "trauma", "grief", "change", "identity", "low-mood"],
            "population": ["adults", "teenagers"],
            "language": ["en", "ar", "es"],
            "licence": ["PT"],
            "mode": ["person", "video"],
            "place": ["lisbon"],
            "time": ["mornings", "afternoons", "evenings"],
            "pays": ["self", "reduced"],
            "identity": ["woman", "migrant", "of-colour"],
            "safety": ["yes"],
        },
        style={"challenge": -0.6, "structure": -0.2, "now": -0.3, "homework": -0.5},
        words={
            "helps": "What stays after hard times: fear, loss, a life in a new place.",
            "works": "Slowly, at your pace. We go back to what happened only when you want to.",
            "hello": "A first call of twenty minutes, free. You can bring somebody.",
            "questions": "What if I do not want to talk about it?\nWhat happens if I need a break?",
        },
        fee=65,
        fee_reduced=30,
        insurers=(_insurer("meridian", "Meridian", now, days=90, source="their letter"),),
    )


def _tia() -> Facts:
    return Facts(
        title="Therapist in training, supervised by Sana Qureshi",
        says={
            "kind": ["therapy"],
            "need": ["anxiety", "stress", "self-worth", "change"],
            "population": ["adults"],
            "language": ["en", "pt"],
            "licence": ["PT"],
            "mode": ["person"],
            "place": ["lisbon"],
            "time": ["mornings", "afternoons"],
            "pays": ["self", "reduced"],
            "identity": ["woman"],
        },
        style={"challenge": -0.2, "structure": 0.3, "now": 0.4, "homework": 0.2},
        words={
            "helps": "Stress at work or in studies, worry, the steps after a change.",
            "works": "I am still learning. Sana, who has done this for twenty years, goes through my work with me.",
            "hello": "A first call of fifteen minutes, free.",
            "questions": "What does Sana get to know about me?",
        },
        fee=30,
        fee_reduced=15,
    )


def list_therapists(now: datetime) -> None:
    for slug, listing in _listings(now).items():
        post = Post.objects.get(user__email=f"{slug}@harbour.example", role="therapist")
        at = now.astimezone(UTC) - listing.confirmed * DAY
        profile = begin_profile(post, by=post.user, at=at)
        write_profile(profile, listing.facts, revision=0, by=post.user, at=at)
        make_room(profile, listing.room, by=post.user, at=at)
        profile.refresh_from_db()
        publish(profile, by=post.user, at=at)


def remember_endings(now: datetime) -> None:
    """In the demo three people have ended with Theo in half a year: a pace, so his page says about how long."""
    theo = Post.objects.get(user__email="theo@harbour.example", role="therapist")
    for slug, name, weeks in (("rita", "Rita Sole", 5), ("otto", "Otto Lind", 12), ("mia", "Mia Castro", 20)):
        client = User.objects.create_user(f"{slug}@harbour.example", name, zone=theo.practice.zone)
        pair = begin_pair(client, theo, by=None, at=now - timedelta(weeks=40))
        end_pair(pair, by=theo.user, at=now - timedelta(weeks=weeks))
