"""What an operator types to bring people together, to book, and to end a post."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accord.records.accounts.models import User
from accord.records.audit.models import Entry
from accord.records.pairs.models import CarePair
from accord.records.pairs.queries import pairs_of_client
from accord.records.practices.models import Practice


@pytest.fixture
def type_in(harbour, clock_at, now):
    clock_at(now)

    def run(*words: str) -> str:
        said = StringIO()
        call_command(*words, stdout=said)
        return said.getvalue()

    return run


def begin(type_in, client="mia@harbour.example", therapist="tess@harbour.example") -> str:
    return str(type_in("begin_pair", client, "--name", "Mia Lund", "--therapist", therapist))


def test_a_client_and_a_therapist_come_together_and_meet(type_in):
    assert "Mia Lund and Tess Carvalho are the pair" in begin(type_in)
    pair = pairs_of_client(User.objects.get(email="mia@harbour.example")).get()
    assert "Session 1 is on Tuesday 7 May 2024 at 18:00" in type_in(
        "book_session", pair.code, "--at", "2024-05-07T18:00"
    )
    assert pair.sessions.get().starts_at.isoformat() == "2024-05-07T17:00:00+00:00"


def test_two_people_are_a_pair_once(type_in):
    begin(type_in)
    with pytest.raises(CommandError, match="work together already"):
        begin(type_in)


@pytest.mark.parametrize("who", ["sana@harbour.example", "kai@harbour.example", "nobody@harbour.example"])
def test_only_a_therapist_is_a_therapist(type_in, who):
    with pytest.raises(CommandError, match="no therapist here"):
        begin(type_in, therapist=who)
    assert not User.objects.filter(email="mia@harbour.example").exists()


@pytest.mark.parametrize(
    ("pair", "at", "says"),
    [
        ("nothing", "2024-05-07T10:00", "No pair"),
        ("", "tomorrow", "no time"),
        ("", "2024-04-01T10:00", "later session"),
        ("", "2025-03-30T01:30", "clocks go forward"),
    ],
)
def test_what_cannot_be_booked_is_said(type_in, pair_of, pair, at, says):
    with pytest.raises(CommandError, match=says):
        type_in("book_session", pair or pair_of("kai").code, "--at", at)


def test_who_leaves_sees_nothing_on_the_next_page(type_in, browse):
    tess = browse("tess")
    assert tess.get("/desk/").status_code == 200
    assert "Tess Carvalho is no longer Therapist" in type_in("end_post", "Tess@harbour.example")
    assert tess.get("/desk/").status_code == 403
    assert Entry.objects.filter(verb="post ended").count() == 1
    with pytest.raises(CommandError, match="holds no post"):
        type_in("end_post", "tess@harbour.example")


@pytest.mark.parametrize(
    ("client", "name", "says"),
    [
        ("mia@harbour.example", " ", "Give a name"),
        ("mia@harbour.example", "M" * 121, "Give a name"),
        ("mia", "Mia Lund", "not an email address"),
        ("Tess@harbour.example", "Tess", "works here"),
        ("sana@harbour.example", "Sana", "works here"),
    ],
)
def test_nobody_starts_without_a_name_and_an_address_or_while_they_work_here(type_in, client, name, says):
    before = CarePair.objects.count()
    with pytest.raises(CommandError, match=says):
        type_in("begin_pair", client, "--name", name, "--therapist", "tess@harbour.example")
    assert CarePair.objects.count() == before
    assert not User.objects.filter(email__startswith="mia").exists()


def test_nobody_is_invited_without_a_name(type_in, harbour):
    with pytest.raises(CommandError, match="Give a name"):
        type_in(
            "invite",
            "mia@harbour.example",
            "--name",
            " ",
            "--role",
            "duty",
            "--practice",
            Practice.objects.earliest("pk").code,
        )


def test_who_leaves_leaves_nobody_waiting_for_them(type_in, pair_of):
    said = type_in("end_post", "tess@harbour.example")
    assert "Kai Moreno is without a therapist here now" in said
    assert pair_of("kai").ended_on is not None


def test_a_pair_ends_once(type_in, pair_of):
    code = pair_of("kai").code
    assert "Kai Moreno and Tess Carvalho no longer work together here" in type_in("end_pair", code)
    with pytest.raises(CommandError, match="ended already"):
        type_in("end_pair", code)
    with pytest.raises(CommandError, match="no pair here"):
        type_in("end_pair", "nobody")
