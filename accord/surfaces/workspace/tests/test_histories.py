"""From answers to charts: bands only once they are known, gaps as gaps, nothing that is blind."""

from datetime import date, timedelta

import pytest

from accord.records.ruptures.queries import stories
from accord.surfaces.shared.charts import Band, ChartPoint, PillarHistory
from accord.surfaces.shared.histories import histories
from accord.surfaces.workspace.histories import last_readings, small_chart


@pytest.fixture
def drawn(person, pair_of, harbour, now):
    def draw(slug):
        tess = person("tess")
        known = stories([pair_of(slug)], viewer=tess, at=now)[0]
        return histories(known.answers, estimates=known.estimates, viewer=tess)

    return draw


def test_the_first_four_check_ins_have_no_band(drawn, kais_dip):
    for history in drawn("kai"):
        assert [point.band is None for point in history.points] == [True] * 4 + [False]


def test_bond_goals_and_tasks_are_the_clients_own_numbers(drawn, kais_dip):
    ours = {history.pillar: [point.client for point in history.points] for history in drawn("kai")}
    assert ours == {"bond": [8, 8, 9, 8, 3], "goal": [7, 8, 8, 8, 7], "task": [8, 8, 8, 8, 7]}


def test_an_unanswered_session_is_a_gap(drawn, harbour):
    assert [history.points[-1].client for history in drawn("kai")] == [None] * 3


def test_a_session_that_is_on_just_now_is_not_drawn(person, pair_of, kais_dip, now):
    tess, during = person("tess"), now + timedelta(minutes=30)
    known = stories([pair_of("kai")], viewer=tess, at=during)[0]
    drawn = histories(known.answers, estimates=known.estimates, viewer=tess)
    assert [point.session for point in drawn[0].points] == [1, 2, 3, 4, 5]


def test_a_blind_session_is_a_gap_too(drawn, harbour):
    assert [history.points[-1].client for history in drawn("nuno")] == [None] * 3


def test_the_small_chart_draws_the_band_under_all_six(person, pair_of, kais_dip, now):
    tess = person("tess")
    svg = small_chart(stories([pair_of("kai")], viewer=tess, at=now)[0], "bond", viewer=tess)
    assert svg.count('class="chart__band"') == 1
    assert "Bond: 3 in session 5, usually 8 to 9." in svg


def test_last_readings_need_an_answer_and_a_band():
    def history(*points):
        return PillarHistory("bond", points)

    day = date(2024, 5, 6)
    known = ChartPoint(5, day, 3, None, Band(8, 9))
    assert last_readings([history(known)]) == [("bond", 3, 8, 9)]
    assert last_readings([history(known, ChartPoint(6, day, None, 7))]) == [("bond", 3, 8, 9)]
    assert last_readings([history(ChartPoint(1, day, 8, 8))]) == []
