"""Somebody takes the files: nothing that a client wrote can be read in them."""

import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core import serializers
from django.db import connection

from accord.records.accounts.actions import send_notice
from accord.records.agreements.actions import Text, add, doubt
from accord.records.agreements.models import Reply, Version
from accord.records.checkins.models import CheckIn
from accord.records.desk.actions import keep_reflection
from accord.records.desk.models import Reflection
from accord.records.pairs.queries import Seen
from accord.records.ruptures.actions import keep_opening, move, raise_flag
from accord.records.ruptures.models import Opening, Step
from tests.cells import OFF
from tests.plugins.making import asked, given, sheet

pytestmark = pytest.mark.django_db(transaction=True)
CANARY = "canary-5d21 the thing I could not say"


@pytest.fixture
def written(new_pair, pair_of, person, now) -> None:
    """The canary in every place where somebody's words go, committed to the disk."""
    both = asked(new_pair, now - timedelta(hours=1))
    given(both.client, sheet(3, note=CANARY, travels="keep"), at=now)
    pair = pair_of("kai")
    flag = raise_flag(pair.sessions.get(number=5), OFF, at=now)
    assert flag
    assert flag.episode
    move(flag.episode, "agreed", by=Seen(pair, person("tess"), "therapist"), at=now, words=CANARY)
    keep_opening("bond-wish", CANARY, by=person("tess"), at=now)
    kai = Seen(pair, person("kai"), "client")
    task = add("task", Text(CANARY, why=CANARY), by=kai, at=now)
    goal = add("goal", Text(CANARY, how_known=CANARY), by=kai, at=now)
    doubt(task.versions.get(), "not-sure", by=kai, at=now, words=CANARY)
    assert goal.versions.get().how_known == CANARY
    keep_reflection(CANARY, by=Seen(pair, person("tess"), "therapist"), at=now, version=0)
    send_notice(person("kai"), "You have a note waiting", CANARY, at=now)


def test_the_words_are_there_for_who_may_read_them(written) -> None:
    assert CheckIn.objects.exclude(note=None).order_by("-pk")[0].note == CANARY
    assert Step.objects.exclude(words=None).get().words == CANARY
    assert Reflection.objects.get().words == CANARY
    assert Opening.objects.get().words == CANARY
    assert Version.objects.exclude(why=None).order_by("-pk")[0].why == CANARY
    assert Reply.objects.exclude(words=None).order_by("-pk")[0].words == CANARY


def holds(found: bytes) -> bool:
    return any(CANARY.encode(coding) in found for coding in ("utf-8", "utf-16-le", "utf-16-be"))


def test_they_are_in_no_file_of_the_database(written) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL's files belong to the server; the dump is looked at instead")
    database = Path(str(connection.settings_dict["NAME"]))
    files = list(database.parent.glob(f"{database.name}*"))
    assert {path.name.removeprefix(database.name) for path in files} >= {"", "-wal"}
    assert [path.name for path in files if holds(path.read_bytes())] == []


def test_they_are_in_no_file_beside_it(written) -> None:
    files = [path for path in Path(settings.BASE).rglob("*") if path.is_file()]
    assert files
    assert [str(path) for path in files if holds(path.read_bytes())] == []


def test_they_are_not_in_a_dump(written) -> None:
    if connection.vendor == "sqlite":
        dump = "\n".join(connection.connection.iterdump()).encode()
    else:
        held = connection.settings_dict
        where = ["-h", str(held["HOST"]), "-p", str(held["PORT"]), "-U", str(held["USER"]), str(held["NAME"])]
        dump = subprocess.run(["pg_dump", *where], capture_output=True, check=True).stdout
    assert b"You have a note waiting" in dump, "else this would be no dump"
    assert not holds(dump)
    assert CANARY.encode().hex().encode() not in dump.lower()


def test_djangos_own_dump_fails_rather_than_write_them_down(written) -> None:
    try:
        text = serializers.serialize("json", CheckIn.objects.exclude(note=None))
    except TypeError:
        return
    assert CANARY not in text


def test_the_key_is_not_among_the_rows(written) -> None:
    key = settings.SEALING_KEYS[max(settings.SEALING_KEYS)]
    if connection.vendor == "sqlite":
        found = Path(str(connection.settings_dict["NAME"])).read_bytes()
        assert key not in found
        assert key.hex().encode() not in found
