"""Simpler models: the parts are held at nothing, and the criteria choose the model that drew the readings."""

import numpy as np
import pytest

from accord.science.alliance import DEFAULT, Model, Readings, Rival, compared
from accord.science.alliance.coordinates import Levels, names
from accord.science.alliance.restricting import at_border, held_fields
from accord.science.alliance.tests.practice import OPEN, plain_fit, practice
from accord.science.simulation import simulate

MODEL = Model(censored=False)


def _by_name(rivals: tuple[Rival, ...]) -> dict[str, Rival]:
    return {rival.name: rival for rival in rivals}


def test_the_full_model_it_wins_on_readings_that_it_drew() -> None:
    fit = plain_fit()
    told = _by_name(compared(MODEL, fit, practice().seen))
    assert set(told) == {"all of it", "levels only", "no lasting trait", "therapists apart"}
    full = told["all of it"]
    assert (full.parameters, full.loglik) == (40, fit.loglik)
    for name, parameters in (("levels only", 31), ("no lasting trait", 34), ("therapists apart", 37)):
        rival = told[name]
        assert rival.parameters == parameters
        assert rival.loglik < full.loglik and rival.aic > full.aic + 20.0

    # criteria count parameters and pairs
    assert full.aic == pytest.approx(2 * 40 - 2 * full.loglik)
    assert full.bic == pytest.approx(40 * np.log(400) - 2 * full.loglik)


def test_a_simpler_model_it_wins_where_therapists_do_not_follow() -> None:
    deaf = DEFAULT._replace(tracking=np.zeros(3))
    drawn = simulate(deaf, pairs=300, sessions=6, rng=np.random.default_rng(4), world=OPEN)
    seen = Readings(drawn.days, drawn.readings)
    full, apart = MODEL.fit(seen), MODEL._replace(without=("tracking",)).fit(seen)
    assert 0.0 <= full.loglik - apart.loglik < 8.0  # half a χ² of 3 degrees of freedom
    np.testing.assert_array_equal(apart.params.tracking, 0.0)


def test_no_moving_state_it_is_a_level_for_each_pair_and_noise() -> None:
    fit = MODEL._replace(without=("state",)).fit(practice().seen)
    assert np.abs(fit.params.state_cov).max() < 1e-14
    rows = [name.startswith("state_") for name in fit.estimates.name]
    assert np.isnan(fit.estimates.se[rows]).all() and np.isfinite(fit.estimates.se[~np.array(rows)]).all()


def test_no_lasting_trait_it_lets_the_state_move_more_slowly() -> None:
    fit = MODEL._replace(without=("trait",)).fit(practice().seen)
    assert np.abs(fit.params.trait_cov).max() < 1e-14
    assert fit.params.state_rate.max() < plain_fit().params.state_rate.min()


def test_without_therapists_it_leaves_out_the_model_that_parts_them() -> None:
    seen = practice().seen
    silent = np.array(seen.readings)
    silent[..., 3:] = np.nan
    quiet = Readings(seen.days, silent)
    assert set(_by_name(compared(MODEL, MODEL.fit(quiet), quiet))) == {"all of it", "levels only", "no lasting trait"}


def test_a_simpler_model_without_an_answer_it_names_it_all_the_same() -> None:
    # A single session for each: nothing can be told apart.
    drawn = simulate(DEFAULT, pairs=300, sessions=1, rng=np.random.default_rng(3), world=OPEN)
    told = compared(MODEL, plain_fit(), Readings(drawn.days, drawn.readings))
    assert len(told) == 4 and np.isnan(told[1].loglik) and np.isnan(told[1].aic)


@pytest.mark.parametrize("without", [(), ("state",), ("trait",), ("tracking",), ("state", "tracking")])
def test_at_the_border_it_gives_the_variance_to_what_stays(without: tuple[str, ...]) -> None:
    moved = at_border(DEFAULT, without)
    np.testing.assert_allclose(moved.trait_cov + moved.state_cov, DEFAULT.trait_cov + DEFAULT.state_cov)
    for field in held_fields(without):
        assert field == "state_rate" or not np.any(getattr(moved, field))
    known = {name.split()[0] for name in names(Levels())}
    assert set(held_fields(without)) <= known
