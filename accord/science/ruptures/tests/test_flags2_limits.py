"""The one budget of flags@2, held against pairs in whom nothing happens."""

import json

import numpy as np
import pytest

from accord.science.alliance import DEFAULT, filter_pairs
from accord.science.errors import BadOptions, BadReadings
from accord.science.ruptures import flags2, flags2_limits
from accord.science.ruptures.flags2_calibration import calibrated, habits, rhythm_of
from accord.science.ruptures.flags2_limits import (
    FROZEN,
    dump_limits,
    limits_at,
    limits_for,
    limits_of,
    load_limits,
    simulate_table,
    table_for,
)
from accord.science.ruptures.flags2_walk import trace_all
from accord.science.simulation import CATALOGUE, World, simulate, spread_by

PAIRS = 6_000
CALM = World()


def drawn_as(world=CALM, params=DEFAULT, pairs=PAIRS, sessions=12, seed=21):
    drawn = simulate(params, pairs=pairs, sessions=sessions, rng=np.random.default_rng(seed), world=world)
    return drawn, filter_pairs(DEFAULT, days=drawn.days, readings=drawn.readings)


def rate(pairs, limits):
    """Sessions with a dip or a slide per 10 judged ones, and the error of that rate."""
    drawn, filtered = pairs
    flags = flags2.judge_filtered(filtered, readings=drawn.readings, limits=limits)
    fallen = int(np.isin(flags.kind_names, ("dip", "slide")).sum())  # never both at one session
    judged = (~np.isnan(trace_all(filtered, drawn.readings).ratio)).sum()
    return 10 * fallen / judged, 10 * np.sqrt(fallen) / judged


@pytest.mark.parametrize("budget", [0.1, 0.25, 0.6])
def test_dips_and_slides_together_keep_the_budget(budget):
    seen, error = rate(drawn_as(), limits_for(budget=budget))
    assert seen == pytest.approx(budget, abs=3 * error + 0.01 * budget)
    assert error < 0.1 * budget


@pytest.mark.parametrize(
    "world",
    [CALM._replace(gap_range=(3.0, 60.0)), CALM._replace(missing=0.3), CALM._replace(missing_therapist=1.0)],
    ids=["gaps", "missing", "no therapist"],
)
def test_the_budget_holds_within_a_fifth_at_other_rhythms_and_with_fewer_answers(world):
    seen, _ = rate(drawn_as(world), limits_for())
    assert seen == pytest.approx(0.25, rel=0.2)


@pytest.mark.parametrize("sessions", [6, 24])
def test_it_holds_in_short_and_in_long_courses(sessions):
    seen, _ = rate(drawn_as(sessions=sessions, pairs=72_000 // sessions), limits_for())
    assert seen == pytest.approx(0.25, rel=0.3)


def test_the_frozen_limits_are_made_again_by_a_smaller_simulation():
    again = simulate_table(DEFAULT, size=40_000, seed=77)
    for budget in (0.1, 0.25, 1.0):
        frozen, fresh = limits_at(FROZEN, budget), limits_at(again, budget)
        assert fresh.dip == pytest.approx(frozen.dip, abs=0.08)
        assert fresh.slide == pytest.approx(frozen.slide, abs=0.06)


def test_limits_of_some_sessions_keep_the_budget_on_these_sessions_exactly():
    drawn, filtered = drawn_as(pairs=2_000)
    traces = trace_all(filtered, drawn.readings)
    for budget in (0.25, 0.7):
        seen, _ = rate((drawn, filtered), limits_of(traces, budget))
        assert seen == pytest.approx(budget, abs=0.005)


def test_default_parameters_need_no_simulation_and_others_are_remembered(monkeypatch):
    assert table_for(DEFAULT) is FROZEN
    monkeypatch.setattr(flags2_limits, "SIZE", 500)
    other = spread_by(DEFAULT, 1.1, "odd")
    assert table_for(other) is table_for(other)
    assert table_for(other).params == "alliance@1-default/odd"
    assert table_for(other._replace(id=DEFAULT.id)) is not FROZEN  # the values count, not the name alone


def test_the_same_parameters_give_the_same_limits():
    one, two = (simulate_table(DEFAULT, size=1_000) for _ in range(2))
    assert one == two


def test_limits_lie_between_those_of_the_neighbouring_budgets():
    assert limits_for(budget=0.15).dip > limits_for(budget=0.2).dip > limits_for(budget=0.25).dip
    assert limits_for(budget=0.15).slide > limits_for(budget=0.2).slide > limits_for(budget=0.25).slide
    for budget in (0.0, 0.01, 5.0, np.nan):
        with pytest.raises(BadOptions, match=r"0\.02 to 3"):
            limits_for(budget=budget)


def test_limits_are_written_into_a_file_and_read_back():
    again = load_limits(json.loads(json.dumps(dump_limits(FROZEN))))
    assert again == FROZEN
    assert limits_at(again, 0.3) == limits_for(budget=0.3)


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"dip": [1.0]}, "as many"),
        ({"budgets": list(FROZEN.budgets[::-1])}, "rise"),
        ({"slide": [np.nan] * len(FROZEN.slide)}, "finite"),
        ({"more": 1}, "more missing or unknown"),
    ],
)
def test_limits_that_make_no_sense_are_refused(change, word):
    with pytest.raises(BadOptions, match=word):
        load_limits(dump_limits(FROZEN) | change)


def test_a_practice_that_is_as_its_parameters_say_keeps_their_limits():
    drawn, _ = drawn_as(CALM._replace(rupture_share=0.3), pairs=2_000)
    found = habits(DEFAULT, days=drawn.days, readings=drawn.readings)
    assert found.spread == pytest.approx(1.0, rel=0.2)
    assert found.skew == 0.0


def test_calibrated_limits_bring_wrong_parameters_back_to_the_budget():
    wild = spread_by(DEFAULT, 1.4, "truth")
    practice, _ = drawn_as(CALM._replace(rupture_share=0.2), wild, pairs=2_000)
    table = calibrated(DEFAULT, days=practice.days, readings=practice.readings, size=8_000)
    calm = drawn_as(params=wild, seed=22)
    plain, better = (rate(calm, limits)[0] for limits in (limits_for(), limits_at(table)))
    assert plain > 0.4
    assert better == pytest.approx(0.25, rel=0.4)
    assert (table.made, table.params) == ("calibrated", DEFAULT.id)


def test_the_rhythm_of_a_practice_is_that_of_its_sessions_and_answers():
    drawn, _ = drawn_as(World(gap_days=14.0, gap_sd=2.0, skipped=0.0, missing=0.2, missing_checkin=0.3), pairs=2_000)
    seen = rhythm_of(drawn.days, drawn.readings)
    assert seen.gap_days == pytest.approx(14.0, abs=0.1)
    assert seen.gap_sd == pytest.approx(2.0, abs=0.1)
    # a check-in whose three answers are all missing looks like one that never came
    assert seen.missing_checkin == pytest.approx(0.3 + 0.7 * 0.2**3, abs=0.01)
    assert seen.missing == pytest.approx(0.2, abs=0.01)
    assert seen.missing_therapist == pytest.approx(0.3, abs=0.01)


def test_a_practice_calmer_than_its_parameters_gets_lower_limits():
    wide = spread_by(DEFAULT, 1.3, "fitted to data with ruptures")
    drawn, _ = drawn_as(CALM._replace(rupture_share=0.3), pairs=2_000)
    table = calibrated(wide, days=drawn.days, readings=drawn.readings, size=8_000)
    assert limits_at(table).dip < limits_at(simulate_table(wide, size=8_000)).dip - 0.2


def test_skewed_noise_is_seen_and_answered_by_higher_limits():
    drawn, _ = drawn_as(CATALOGUE["skewed-noise"].world, pairs=4_000)
    assert habits(DEFAULT, days=drawn.days, readings=drawn.readings).skew < -0.3


def test_too_few_quiet_ratings_calibrate_nothing():
    drawn, _ = drawn_as(pairs=20)
    with pytest.raises(BadReadings, match="quiet ratings"):
        calibrated(DEFAULT, days=drawn.days, readings=drawn.readings)
