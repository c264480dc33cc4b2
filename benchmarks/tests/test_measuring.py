"""The small parts of the harness: bars, rounds, agreement, and the pairs that everybody gets."""

import sys
from functools import partial

import numpy as np
import pytest

from benchmarks.agreement import Disagreement, check, distance
from benchmarks.comparing import Against, Task, compare
from benchmarks.inputs import open_ratings, perfect_ratings, whole_ratings
from benchmarks.machine import measure
from benchmarks.peers import numpy_columns
from benchmarks.peers.loading import peer
from benchmarks.printing import number
from benchmarks.rows import Row, at_least, at_most, missing
from benchmarks.timing import Lap, Runner, Timed, by_processor, race
from benchmarks.web.answering import Answered


def test_a_rate_holds_when_it_reaches_its_bar() -> None:
    row = Row(1, "filter", "pairs/s", 900.0, "theirs", 300.0, at_least(3))
    assert (row.ratio, row.holds) == (3.0, True)
    assert row._replace(ours=899.0).holds is False


def test_a_time_holds_when_it_stays_below_its_bar() -> None:
    row = Row(3, "smoother", "s", 4.0, "ours, the filter", 1.0, at_most(4))
    assert row.holds is True
    assert row._replace(ours=4.1).holds is False


def test_without_a_peer_our_own_number_is_held_against_the_bar() -> None:
    assert Row(1, "filter", "pairs/s", 2e6, bar=at_least(1_000_000, "pairs/s")).holds is True


def test_what_was_not_measured_neither_holds_nor_falls_short() -> None:
    row = missing(4, "gradient", "not there yet")
    assert (row.ratio, row.holds, row.as_json()["note"]) == (None, None, "not there yet")


def test_the_runners_take_turns_and_the_first_run_is_apart() -> None:
    turns: list[str] = []
    runners = [Runner(name, partial(turns.append, name), 10.0) for name in ("ours", "theirs")]
    found = race(runners, rounds=3)
    assert turns == ["ours", "theirs"] * 4
    assert len(found["ours"].laps) == 3
    assert found["ours"].typical == sorted(lap.seconds for lap in found["ours"].laps)[1]
    assert found["ours"].rate == 10.0 / found["ours"].typical


def test_processor_time_is_told_apart_from_the_clock_on_the_wall() -> None:
    lazy, busy = Timed(0, 9.0, (Lap(4.0, 1.0),), 10.0), Timed(0, 9.0, (Lap(2.0, 2.0),), 10.0)
    assert (lazy.rate, busy.rate, lazy.compiling) == (2.5, 5.0, 5.0)
    assert by_processor(lazy, busy) == 2.0


def test_a_peer_that_did_the_first_pairs_is_compared_on_those() -> None:
    assert distance(np.arange(5.0), np.array([0.0, 1.0])) == 0.0
    assert distance((np.ones(3), np.ones(3)), (np.ones(2), np.full(2, 1.5))) == pytest.approx(0.25)


@pytest.mark.parametrize("theirs", [1.0 + 1e-6, np.nan])
def test_a_peer_that_computes_something_else_stops_the_run(theirs: float) -> None:
    with pytest.raises(Disagreement, match="peer and ours differ"):
        check("task", "peer", np.ones(3), np.array([1.0, theirs]))


def test_a_peer_that_is_not_installed_is_a_line_in_the_table(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "statsmodels.tsa.statespace.kalman_filter", None)
    monkeypatch.delitem(sys.modules, "benchmarks.peers.statsmodels_space", raising=False)
    assert peer("statsmodels_space") is None
    inputs = open_ratings(3)
    task = Task(1, "filter", inputs, numpy_columns.loglik)
    peers = [Against(name, name, "loglik", 3, at_least(2)) for name in ("statsmodels_space", "numpy_columns")]
    absent, there = compare(task, peers, rounds=1).rows
    assert (absent.holds, absent.note) == (None, "not installed: make bench installs it")
    assert absent.task == "filter: statsmodels_space"
    assert there.note == "agree to 0e+00"


def test_a_module_of_our_own_that_is_missing_is_an_error() -> None:
    with pytest.raises(ModuleNotFoundError):
        peer("nobody")


def test_a_peer_that_disagrees_never_races() -> None:
    turns: list[str] = []

    def refuse(answers: dict[str, object]) -> None:
        raise Disagreement(f"{sorted(answers)}")

    runners = [Runner(name, partial(turns.append, name), 1.0) for name in ("ours", "theirs")]
    with pytest.raises(Disagreement, match=r"ours.*theirs"):
        race(runners, rounds=5, first=refuse)
    assert turns == ["ours", "theirs"]


def test_a_fifth_of_all_readings_is_missing_and_no_two_gaps_are_alike() -> None:
    inputs = open_ratings(500)
    assert inputs.readings.shape == (500, 12, 6)
    assert np.isnan(inputs.readings).mean() == pytest.approx(0.2, abs=0.01)
    assert np.unique(np.diff(inputs.days, axis=1)).size > 0.95 * 500 * 11


def test_half_of_all_ratings_are_perfect_where_that_is_the_task() -> None:
    inputs = perfect_ratings(500)
    given = inputs.readings[~np.isnan(inputs.readings)]
    assert np.mean(given == 10.0) == pytest.approx(0.5, abs=0.02)
    assert inputs.censored
    assert set(np.unique(given)) <= set(range(11))


def test_everybody_gets_the_same_pairs() -> None:
    np.testing.assert_array_equal(open_ratings(40).readings, open_ratings(40).readings)
    np.testing.assert_array_equal(whole_ratings(40).days, open_ratings(40).days)


def test_ninety_five_of_a_hundred_is_the_ninety_fifth() -> None:
    answered = Answered(tuple(float(n) for n in range(100, 0, -1)))
    assert (answered.percentile(0.95), answered.percentile(0.5), answered.percentile(1.0)) == (95.0, 50.0, 100.0)
    assert Answered((3.0, 1.0)).percentile(0.95) == 3.0


def test_the_machine_is_measured_in_a_moment() -> None:
    machine = measure(small=True)
    assert machine.cores >= 1
    assert machine.gflops is None or machine.gflops > 0.1


@pytest.mark.parametrize(
    ("value", "text"), [(None, ""), (1_234_567.0, "1,230,000"), (0.01234, "0.0123"), (99.5, "99.5")]
)
def test_three_digits_count(value: float | None, text: str) -> None:
    assert number(value) == text
