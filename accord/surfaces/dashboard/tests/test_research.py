"""Times for research: consenting clients of one's own practice, letters instead of names, no answer."""

import csv
import io
from datetime import timedelta

import pytest

from accord.records.accounts.actions import give_consent, withdraw_consent
from accord.records.audit.models import Entry
from accord.records.checkins.actions import CLIENT, Answers, answer
from accord.records.checkins.models import CheckIn
from accord.surfaces.dashboard.times import COLUMNS, pseudonym

PAGE, FILE = "/research/", "/research/check-in-times.csv"


@pytest.fixture
def table(browse):
    def read():
        answer = browse("rui").get(FILE)
        return list(csv.DictReader(io.StringIO(answer.content.decode())))

    return read


def test_the_pages_are_the_researchers(cast, only):
    assert cast(PAGE) == only("rui")
    assert cast(FILE) == only("rui")


def test_every_column_is_named(table):
    assert tuple(table()[0]) == COLUMNS


def test_only_who_said_yes_is_in_it(table, pair_of):
    consenting = {pseudonym(pair_of(slug).code) for slug in ("kai", "jo", "max", "lou", "lena")}
    assert {row["pair"] for row in table()} == consenting


def test_who_takes_the_yes_back_is_gone(table, person, pair_of, now):
    withdraw_consent(person("lena"), "research", at=now)
    assert pseudonym(pair_of("lena").code) not in {row["pair"] for row in table()}


def test_another_practice_stays_out_even_with_consent(table, person, pair_of, now):
    give_consent(person("nia"), "research", at=now)
    assert pseudonym(pair_of("nia").code) not in {row["pair"] for row in table()}


def test_no_name_code_or_answer_is_in_it(browse, pair_of, harbour):
    content = browse("rui").get(FILE).content.decode()
    assert not [name for name in ("Kai", "Tess", pair_of("kai").code, "bond", "8.0") if name in content]


def test_an_offline_answer_shows_the_gap_and_the_offset(table, pair_of, now):
    waiting = CheckIn.objects.get(session__pair=pair_of("kai"), instrument=CLIENT, received_at=None)
    sheet: dict[str, int | str] = {"bond": 3, "goal": 7, "task": "skipped", "tension": "a-bit"}
    given = Answers(sheet, answered_at=now - timedelta(hours=2), zone_offset=60)
    answer(waiting, given, by=waiting.session.pair.client, key="offline", at=now)
    mine = [row for row in table() if row["pair"] == pseudonym(pair_of("kai").code)][-1]
    assert mine["answered_utc"] == "2024-05-06T06:00:00Z"
    assert mine["received_utc"] == "2024-05-06T08:00:00Z"
    assert mine["answered_offset_minutes"] == "60"


def test_an_unanswered_check_in_has_a_row(table, pair_of):
    mine = [row for row in table() if row["pair"] == pseudonym(pair_of("kai").code)]
    assert (len(mine), mine[-1]["state"], mine[-1]["answered_utc"]) == (5, "not answered", "")


def test_a_pair_has_the_same_letters_in_every_file(table):
    assert table() == table()


def test_the_counts_agree_with_the_file(browse, table):
    page, rows = browse("rui").get(PAGE).content.decode(), table()
    answered = [row for row in rows if row["state"] == "answered"]
    pairs = {row["pair"] for row in rows}
    assert f"{len(pairs)} pairs, {len(rows)} check-ins asked, {len(answered)} answered." in page


def test_every_download_is_written_down(browse, harbour):
    browse("rui").get(FILE)
    entry = Entry.objects.get(verb="exported check-in times")
    assert (entry.actor and entry.actor.email, entry.row) == ("rui@harbour.example", harbour.code)
