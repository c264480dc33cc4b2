"""The uncensored model against statsmodels' Kalman filter and smoother, with matrices that change every session."""

from typing import Any

import numpy as np
import pytest
from scipy.optimize import minimize
from statsmodels.datasets import nile
from statsmodels.tsa.statespace.kalman_smoother import KalmanSmoother

from accord.science.alliance import Params, filter_pairs, load_params, smooth_pairs
from accord.science.alliance.tests.brute_force import random_history, random_params

PAIRS, SESSIONS = 5, 9


def _peer(params: Params, days: np.ndarray, readings: np.ndarray) -> KalmanSmoother:
    """One pair; session t's transition leads to session t + 1, as statsmodels wants it."""
    model = KalmanSmoother(k_endog=6, k_states=9, k_posdef=9)
    model.bind(np.ascontiguousarray(readings))
    one, nothing = np.eye(3), np.zeros((3, 3))
    track = np.diag(params.tracking)
    model["design"] = np.block([[one, one, nothing], [track, track, one]])
    model["obs_cov"] = np.diag(np.concatenate((params.noise, params.therapist_noise)))
    growth = (1.0 - np.exp(-days / params.gain_days))[:, None] * params.gain
    therapist = params.therapist_mean + params.tracking * growth
    model["obs_intercept"] = np.hstack((params.mean + growth, therapist)).T
    gaps = np.append(np.diff(days), 0.0)
    fades = np.array([np.concatenate((np.ones(3), np.exp(-params.state_rate * g), np.ones(3))) for g in gaps])
    model["transition"] = np.stack([np.diag(fade) for fade in fades], axis=2)
    fresh = np.zeros((9, 9, days.size))
    for t, fade in enumerate(fades):
        f = np.diag(fade[3:6])
        fresh[3:6, 3:6, t] = params.state_cov - f @ params.state_cov @ f
    model["selection"] = np.eye(9)
    model["state_cov"] = fresh
    prior = np.zeros((9, 9))
    prior[:3, :3], prior[3:6, 3:6], prior[6:, 6:] = params.trait_cov, params.state_cov, params.bias_cov
    model.initialize_known(np.zeros(9), prior)
    return model


@pytest.mark.parametrize("seed", range(8))
def test_log_likelihood_it_agrees_with_statsmodels_to_eight_digits(seed: int) -> None:
    rng = np.random.default_rng(seed)
    params = random_params(rng)
    days, readings = random_history(rng, PAIRS, SESSIONS, missing=rng.uniform(0.0, 0.8))
    ours = filter_pairs(params, days=days, readings=readings, censored=False)
    for pair in range(PAIRS):
        held = ~np.isnan(days[pair])
        peer = _peer(params, days[pair, held], readings[pair, held])
        assert ours.loglik[pair] == pytest.approx(float(peer.loglike()), abs=1e-8)


@pytest.mark.parametrize("seed", range(3))
def test_smoothed_levels_it_agrees_with_statsmodels(seed: int) -> None:
    rng = np.random.default_rng(50 + seed)
    params = random_params(rng)
    days, readings = random_history(rng, 1, SESSIONS)
    held = ~np.isnan(days[0])
    peer = _peer(params, days[0, held], readings[0, held])
    found = peer.smooth()
    level = params.mean + (1.0 - np.exp(-days[0, held] / params.gain_days))[:, None] * params.gain
    level = level + (found.smoothed_state[:3] + found.smoothed_state[3:6]).T
    add = np.hstack((np.eye(3), np.eye(3), np.zeros((3, 3))))
    sd = np.sqrt(np.einsum("pr,rct,pc->tp", add, found.smoothed_state_cov, add))
    ours = smooth_pairs(params, days=days, readings=readings, censored=False)
    np.testing.assert_allclose(ours.level_mean[0, held], level, atol=1e-8)
    np.testing.assert_allclose(ours.level_sd[0, held], sd, atol=1e-8)
    np.testing.assert_allclose(ours.trait_mean[0], params.mean + found.smoothed_state[:3, 0], atol=1e-8)


# The Nile's local level is the limit of our state for a rate that goes to 0: Σ_d (1 − e^(−2λ)) is then the
# variance of one year's step, and Σ_d itself so wide that it says nothing about the first year.
SLOW = 1e-8


def _nile_params(noise: float, step: float) -> Params:
    wide = step / -np.expm1(-2.0 * SLOW)
    calm = np.zeros((3, 3))
    return load_params(
        {
            "id": "nile",
            "mean": np.zeros(3),
            "gain": np.zeros(3),
            "gain_days": 1.0,
            "trait_cov": calm,
            "state_rate": np.full(3, SLOW),
            "state_cov": np.diag([wide, 0.0, 0.0]),
            "noise": [noise, 1.0, 1.0],
            "therapist_mean": np.zeros(3),
            "tracking": np.zeros(3),
            "bias_cov": calm,
            "therapist_noise": np.ones(3),
        }
    )


def _nile() -> dict[str, Any]:
    volume = nile.load_pandas().data["volume"].to_numpy()
    readings = np.full((1, volume.size, 6), np.nan)
    readings[0, :, 0] = volume
    return {"days": np.arange(volume.size, dtype=float)[None], "readings": readings}


def test_nile_it_finds_the_published_variances() -> None:
    flow = _nile()

    def cost(log_variances: np.ndarray) -> float:
        noise, step = np.exp(log_variances)
        # The first year only fixes the level (diffuse start): its density would drown the rest.
        found = filter_pairs(_nile_params(noise, step), **flow, censored=False)
        first = filter_pairs(
            _nile_params(noise, step), days=flow["days"][:, :1], readings=flow["readings"][:, :1], censored=False
        )
        return float(first.loglik[0] - found.loglik[0])

    best = minimize(cost, np.log([10_000.0, 1_000.0]), method="Nelder-Mead", options={"xatol": 1e-6, "fatol": 1e-8})
    noise, step = np.exp(best.x)
    # Durbin & Koopman (2012), section 2.10: 15099 and 1469.1, log-likelihood −632.54 for the years after the
    # first (the diffuse start takes one year).
    assert noise == pytest.approx(15099, rel=2e-3)
    assert step == pytest.approx(1469.1, rel=2e-3)
    assert -best.fun == pytest.approx(-632.54, abs=0.01)


def test_nile_it_smooths_like_statsmodels() -> None:
    flow = _nile()
    peer = KalmanSmoother(k_endog=1, k_states=1, k_posdef=1)
    peer.bind(np.ascontiguousarray(flow["readings"][0, :, :1]))
    for name, value in {"design": 1.0, "transition": 1.0, "selection": 1.0, "obs_cov": 15099.0}.items():
        peer[name] = np.array([[value]])
    peer["state_cov"] = np.array([[1469.1]])
    peer.initialize_known(np.zeros(1), np.array([[1e10]]))
    truth = peer.smooth()
    ours = smooth_pairs(_nile_params(15099.0, 1469.1), **flow, censored=False)
    np.testing.assert_allclose(ours.level_mean[0, :, 0], truth.smoothed_state[0], rtol=1e-4)
    np.testing.assert_allclose(ours.level_sd[0, :, 0], np.sqrt(truth.smoothed_state_cov[0, 0]), rtol=1e-4)
