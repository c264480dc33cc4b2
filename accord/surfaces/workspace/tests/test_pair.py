"""The pair's page: both sides over time, the history of what came between the two, and nothing it may not show."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accord.records.audit.models import Entry
from accord.records.pairs.queries import seen_by
from accord.records.ruptures.actions import move
from accord.surfaces.workspace.tests.conftest import WORDS


@pytest.fixture
def path(pair_of):
    return reverse("workspace:pair", args=[pair_of("kai").code])


def test_only_the_pairs_therapist_opens_it(cast, path, only_tess, kais_dip):
    assert cast("get", path) == only_tess


def test_nobody_finds_a_code_that_does_not_exist(cast):
    found = cast("get", reverse("workspace:pair", args=["nothinghere2"]))
    assert {slug: status for slug, status in found.items() if slug in ("tess", "theo", "sana", "sam")} == {
        "tess": 404,
        "theo": 404,
        "sana": 404,
        "sam": 404,
    }


def test_the_sentence_comes_before_the_drawing_and_the_table(browse, path, kais_dip):
    html = browse("tess").get(path).content.decode()
    sentence, drawing, table = (
        html.index(part) for part in ("Kai felt less understood last time", "data-chart", "Scores by session")
    )
    assert sentence < drawing < table


def test_three_pillars_are_drawn_from_both_sides(browse, path, kais_dip):
    html = browse("tess").get(path).content.decode()
    assert re.findall(r'<svg class="chart (\w+)"', html) == ["bond", "goal", "task"]
    assert html.count("chart__line--client") == html.count("chart__line--therapist") == 3


def test_each_point_is_read_with_session_date_and_three_values(browse, path, kais_dip):
    html = browse("tess").get(path).content.decode()
    assert 'aria-label="Session 5, 29 April: Kai 3, Tess 8, usual for Kai 8 to 9"' in html


def test_the_band_starts_after_four_check_ins(browse, path, kais_dip):
    html = browse("tess").get(path).content.decode()
    assert "Session 4, 22 April: Kai 8, Tess 7, usual: still learning" in html


def test_the_table_holds_the_same_numbers(browse, path, kais_dip):
    html = browse("tess").get(path).content.decode()
    rows = re.findall(r'<tr><th scope="row">5</th>(.*?)</tr>', html, re.DOTALL)
    assert re.findall(r"<td>(.*?)</td>", rows[0])[:4] == ["29 Apr 2024", "3", "8", "8 to 9"]


def test_what_happened_is_told_in_order(browse, path, kais_dip, episode_of, person, pair_of, now, text):
    tess = seen_by(person("tess"), pair_of("kai").code, at=now)
    kai = seen_by(person("kai"), pair_of("kai").code, at=now)
    episode = episode_of("kai")
    move(episode, "looked-at", by=tess, at=now + timedelta(minutes=5))
    move(episode, "agreed", by=tess, at=now + timedelta(minutes=50), words="Slower at the start.")
    move(episode, "closed", by=kai, at=now + timedelta(days=7))
    read = text(browse("tess").get(path))
    steps = (
        "Lower than usual after session 5: Bond 3 (usually 8–9)",
        "Kai said in the check-in that something was off",
        "You looked at it",
        "Something agreed, noted by you",
        "Kai says it feels repaired",
    )
    places = [read.index(step) for step in steps]
    assert places == sorted(places)
    assert "Slower at the start." in read


def test_the_therapist_is_offered_every_step_but_the_last(browse, path, kais_dip):
    html = browse("tess").get(path).content.decode()
    assert re.findall(r'name="state" value="([\w-]+)"', html) == ["looked-at", "talked-about", "agreed"]
    assert "It stays open until Kai says that it feels repaired" in html


def test_a_quiet_pair_is_told_what_would_be_here(browse, pair_of, text):
    read = text(browse("tess").get(reverse("workspace:pair", args=[pair_of("jo").code])))
    assert "Nothing has come between you so far." in read


def test_times_are_there_and_the_first_impression_stays_with_the_client(browse, path, kais_dip, text):
    read = text(browse("tess").get(path))
    assert "Good so far" not in read
    assert "5 29 Apr 2024, 10:00 6 May 2024, 08:59 6 May 2024, 08:59" in read


def test_blind_answers_are_neither_drawn_nor_listed(browse, pair_of):
    html = browse("tess").get(reverse("workspace:pair", args=[pair_of("nuno").code])).content.decode()
    assert "Rate session 3 first" in html
    assert "Session 3, 5 May: Nuno: no answer" in html
    assert "3: Nuno" not in html


def test_private_words_stay_away(browse, path, check_in, work):
    check_in("kai", bond=3, tension="a-bit", note=WORDS, travels="myself")
    work(timedelta(seconds=1))
    assert WORDS not in browse("tess").get(path).content.decode()


def test_the_look_is_written_down(browse, path, pair_of):
    browse("tess").get(path)
    assert Entry.objects.filter(pair=pair_of("kai").code, kind="read", verb="opened the pair's page").count() == 1


def test_it_costs_the_same_for_long_and_short_histories(browse, pair_of, kais_dip):
    tess, costs = browse("tess"), []
    for slug in ("kai", "lou"):
        path = reverse("workspace:pair", args=[pair_of(slug).code])
        tess.get(path)
        with CaptureQueriesContext(connection) as seen:
            tess.get(path)
        costs.append(len(seen))
    assert max(costs) <= 19, (
        costs
    )  # an episode comes with its steps, flags with notes, changes, what rests, corrections
