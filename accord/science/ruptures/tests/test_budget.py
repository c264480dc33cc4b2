"""The false-alarm budget of flags@1, held against pairs in whom nothing happens."""

import numpy as np
import pytest

from accord.science.alliance import DEFAULT
from accord.science.ruptures import flags1, run_lengths
from accord.science.ruptures.flags1_kernel import ALLOWANCE, CAP, LEARNING

PAIRS, SESSIONS = 6_000, 16


def quiet_pairs(rng, *, gap_days=7.0):
    """Ratings drawn from alliance@1-default as its formulas are written, rounded and cut off; no rupture."""

    def drawn(cov):
        return rng.multivariate_normal(np.zeros(3), cov, PAIRS)

    usual, lean, moving = drawn(DEFAULT.trait_cov), drawn(DEFAULT.bias_cov), drawn(DEFAULT.state_cov)
    kept = np.exp(-DEFAULT.state_rate * gap_days)
    fresh = DEFAULT.state_cov * (1 - np.outer(kept, kept))
    readings = np.empty((PAIRS, SESSIONS, 6))
    for t in range(SESSIONS):
        moving = moving * kept + drawn(fresh) if t else moving
        growth = DEFAULT.gain * (1 - np.exp(-t * gap_days / DEFAULT.gain_days))
        level = DEFAULT.mean + growth + usual + moving
        readings[:, t, :3] = rng.normal(level, np.sqrt(DEFAULT.noise))
        guess = DEFAULT.therapist_mean + lean + DEFAULT.tracking * (level - DEFAULT.mean)
        readings[:, t, 3:] = rng.normal(guess, np.sqrt(DEFAULT.therapist_noise))
    days = np.broadcast_to(gap_days * np.arange(SESSIONS), (PAIRS, SESSIONS))
    return days, np.clip(np.rint(readings), 0, 10)


def per_ten_judged(flags, kind):
    """Sessions with at least one flag of that kind per 10 judged sessions, and the error of that rate."""
    mine = flags.kind_names == kind
    sessions = len(set(zip(flags.pair[mine].tolist(), flags.session[mine].tolist(), strict=True)))
    judged = PAIRS * (SESSIONS - LEARNING)
    return 10 * sessions / judged, 10 * np.sqrt(sessions) / judged


@pytest.mark.parametrize("budget", [0.1, 0.25, 0.6])
def test_dips_keep_close_to_the_budget_when_nothing_happens(budget):
    days, readings = quiet_pairs(np.random.default_rng(11))
    rate, error = per_ten_judged(flags1.judge_pairs(DEFAULT, days=days, readings=readings, budget=budget), "dip")
    assert rate == pytest.approx(budget, abs=3 * error)
    assert error < 0.1 * budget


@pytest.mark.parametrize("gap_days", [3.5, 21.0])
def test_dips_keep_the_budget_at_other_rhythms(gap_days):
    days, readings = quiet_pairs(np.random.default_rng(12), gap_days=gap_days)
    rate, _ = per_ten_judged(flags1.judge_pairs(DEFAULT, days=days, readings=readings), "dip")
    assert rate == pytest.approx(0.25, rel=0.15)


def test_missing_pillars_make_dips_rarer_never_more_frequent():
    rng = np.random.default_rng(13)
    days, readings = quiet_pairs(rng)
    readings[rng.random(readings.shape) < 0.3] = np.nan
    rate, error = per_ten_judged(flags1.judge_pairs(DEFAULT, days=days, readings=readings), "dip")
    assert rate < 0.25 + 2 * error


@pytest.mark.parametrize("budget", [0.25, 0.5])
def test_slides_stay_within_a_budget_of_their_own(budget):
    days, readings = quiet_pairs(np.random.default_rng(14))
    rate, error = per_ten_judged(flags1.judge_pairs(DEFAULT, days=days, readings=readings, budget=budget), "slide")
    assert 0 < rate < budget + 2 * error


@pytest.mark.parametrize(("budget", "limit"), list(zip(flags1.BUDGETS, flags1.SLIDE_LIMITS, strict=True))[::4])
def test_the_frozen_slide_limits_have_the_run_length_of_their_budget(budget, limit):
    # three pillars share the budget: one may fire once in 30 / budget sessions, and no more often
    assert run_lengths.cusum(ALLOWANCE, limit, cap=CAP) >= 30 / budget
    assert run_lengths.cusum(ALLOWANCE, limit - 0.05, cap=CAP) < 1.05 * 30 / budget


def test_three_independent_pillars_would_need_a_smaller_limit():
    # Šidák's bound for independent pillars is the conservative one: real pillars move together
    for budget, limit in zip(flags1.BUDGETS, flags1.DIP_LIMITS, strict=True):
        sidak = 1 - (1 - budget / 10) ** (1 / 3)
        assert sidak < limit
