"""Random levels of therapists and practices against one normal distribution of everybody."""

import numpy as np
import pytest

from accord.science.alliance import Params
from accord.science.alliance.climbing import Problem, Sample, look
from accord.science.alliance.coordinates import Levels, from_theta, names, to_theta
from accord.science.alliance.filtering import history_of, traits
from accord.science.alliance.levels import Places, shared
from accord.science.alliance.tests.brute_force import random_history, random_params
from accord.science.alliance.tests.together import Network, together
from accord.science.errors import BadOptions

# Eleven pairs, four therapists (one with a single pair), two practices.
THERAPIST = np.array([0, 1, 2, 3, 0, 1, 2, 0, 1, 2, 0])
PRACTICE_OF = np.array([0, 1, 0, 1])


def _case(seed: int, *, practices: bool) -> tuple[Params, Levels, Network]:
    rng = np.random.default_rng(seed)
    days, readings = random_history(rng, len(THERAPIST), 4)
    roots = rng.normal(size=(2, 3, 3))
    covs = [0.3 * root @ root.T + 0.1 * np.eye(3) for root in roots]
    levels = Levels(covs[0], covs[1] if practices else None)
    return random_params(rng), levels, Network(days, readings, THERAPIST, PRACTICE_OF[THERAPIST])


def _problem(params: Params, levels: Levels, network: Network) -> Problem:
    places = Places(THERAPIST, PRACTICE_OF)
    sample = Sample(history_of(network.days, network.readings), False, places)
    return Problem(sample, params, levels, np.ones(len(names(levels)), dtype=bool))


@pytest.mark.parametrize("practices", [False, True])
@pytest.mark.parametrize("seed", range(3))
def test_log_likelihood_it_is_that_of_everybody_as_one_normal(seed: int, practices: bool) -> None:
    params, levels, network = _case(seed, practices=practices)
    loglik, _, _ = together(params, levels, network)
    ours, _ = look(_problem(params, levels, network), to_theta(params, levels))
    assert ours == pytest.approx(loglik, rel=1e-9, abs=1e-7)


@pytest.mark.parametrize("practices", [False, True])
def test_derivatives_it_are_those_of_everybody_as_one_normal(practices: bool) -> None:
    params, levels, network = _case(7, practices=practices)
    theta = to_theta(params, levels)
    _, ours = look(_problem(params, levels, network), theta)
    for place, name in enumerate(names(levels)):
        step = np.zeros(len(theta))
        step[place] = 1e-5
        up, down = (together(*from_theta(theta + s * step, params, levels), network)[0] for s in (1.0, -1.0))
        assert ours[place] == pytest.approx((up - down) / 2e-5, rel=2e-5, abs=2e-5), name


@pytest.mark.parametrize("practices", [False, True])
def test_effects_it_are_the_posterior_of_what_a_therapist_s_pairs_share(practices: bool) -> None:
    params, levels, network = _case(11, practices=practices)
    _, mean, cov = together(params, levels, network)
    found = traits(params, history_of(network.days, network.readings), whole=False)
    ours = shared(found, params.trait_cov, levels, Places(THERAPIST, PRACTICE_OF))
    np.testing.assert_allclose(ours.therapist_mean, mean, atol=1e-9)
    np.testing.assert_allclose(ours.therapist_cov, cov, atol=1e-9)


def test_effects_it_are_nothing_but_the_prior_where_nobody_rated() -> None:
    params, levels, network = _case(3, practices=True)
    silent = history_of(network.days, np.full_like(network.readings, np.nan))
    ours = shared(traits(params, silent, whole=False), params.trait_cov, levels, Places(THERAPIST, PRACTICE_OF))
    assert levels.therapist is not None and levels.practice is not None
    assert ours.loglik == pytest.approx(0.0, abs=1e-9)
    np.testing.assert_allclose(ours.therapist_mean, 0.0, atol=1e-9)
    np.testing.assert_allclose(ours.therapist_cov[2], levels.therapist + levels.practice, atol=1e-9)


def test_a_small_level_it_adds_next_to_nothing() -> None:
    params, _, network = _case(5, practices=False)
    tiny = Levels(1e-10 * np.eye(3))
    alone = traits(params, history_of(network.days, network.readings), whole=False)
    assert shared(alone, params.trait_cov, tiny, Places(THERAPIST, PRACTICE_OF)).loglik == pytest.approx(0.0, abs=1e-6)


def test_practices_it_refuses_without_therapists_below() -> None:
    params, _, network = _case(1, practices=False)
    found = traits(params, history_of(network.days, network.readings), whole=False)
    with pytest.raises(BadOptions, match="practice"):
        shared(found, params.trait_cov, Levels(None, np.eye(3)), Places(THERAPIST, PRACTICE_OF))
