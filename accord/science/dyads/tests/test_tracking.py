import numpy as np
import pytest
from scipy import stats

from accord.science.alliance import DEFAULT
from accord.science.dyads import pair_tracking, tracking_over_sessions, truth_bias
from accord.science.errors import BadReadings
from accord.science.simulation import World, simulate

BIAS, TRACKING, USUAL = -0.8, 0.6, 0.4
GAP = np.nan


def drawn(pairs, sessions, rng, *, bias_change=0.0, tracking_change=0.0):
    """Therapists who follow the client's rating itself, with a known bias and tracking; half the pairs' SDs .5, .2."""
    trait, state = rng.normal(0.0, 1.5, (pairs, 1)), rng.normal(0.0, 1.0, (pairs, sessions))
    state -= state.mean(axis=1, keepdims=True)
    client = 7.0 + trait + state
    s = np.arange(sessions)
    bias = BIAS + rng.normal(0.0, 0.5, (pairs, 1)) + bias_change * s
    tracking = TRACKING + rng.normal(0.0, 0.2, (pairs, 1)) + tracking_change * s
    return 7.0 + USUAL * trait + bias + tracking * state + rng.normal(0.0, 0.8, client.shape), client


def test_a_pair_alone_is_least_squares():
    therapist, client = drawn(1, 9, np.random.default_rng(1))
    found = pair_tracking(therapist, client)
    line = stats.linregress(client[0], therapist[0])
    assert found.tracking[0] == pytest.approx(line.slope)
    assert found.tracking_se[0] == pytest.approx(line.stderr)
    # the line's height at the client's mean, less that mean, is the mean difference
    assert found.bias[0] == pytest.approx((therapist - client).mean())
    assert found.bias[0] == pytest.approx(line.intercept + (line.slope - 1.0) * client.mean())
    assert found.residual_sd[0] == pytest.approx(line.stderr * np.sqrt(((client - client.mean()) ** 2).sum()))
    assert found.bias_se[0] == pytest.approx(found.residual_sd[0] / 3.0)


def test_a_therapist_two_points_high_who_follows_every_move():
    client = np.array([[7.0, 5.0, 8.0, 6.0]])
    found = pair_tracking(client + 2.0, client)
    assert found.bias[0] == 2.0
    assert found.tracking[0] == pytest.approx(1.0)
    assert found.tracking_se[0] == pytest.approx(0.0, abs=1e-12)


def test_only_sessions_that_both_rated_count():
    client = np.array([[7.0, 5.0, 8.0, 6.0, GAP], [7.0, GAP, 8.0, 6.0, 5.0]])
    therapist = np.array([[6.0, 5.0, 7.0, GAP, 9.0], [6.0, 5.0, 7.0, GAP, GAP]])
    found = pair_tracking(therapist, client)
    assert found.sessions.tolist() == [3, 2]
    assert found.bias[0] == pytest.approx(-2 / 3)
    assert np.isnan([found.bias[1], found.tracking[1], found.residual_sd[1]]).all()


def test_a_client_who_never_moves_has_a_bias_and_no_tracking():
    found = pair_tracking([[6.0, 7.0, 5.0]], [[8.0, 8.0, 8.0]])
    assert found.bias[0] == -2.0
    assert found.residual_sd[0] == pytest.approx(1.0)
    assert np.isnan([found.tracking[0], found.tracking_se[0]]).all()


def test_over_all_pairs_it_finds_the_truth():
    found = truth_bias(*drawn(1500, 8, np.random.default_rng(12)))
    assert found.bias.low < BIAS < found.bias.high
    assert found.tracking.low < TRACKING < found.tracking.high
    assert found.usual_tracking.low < USUAL < found.usual_tracking.high
    assert found.bias_sd == pytest.approx(0.5, abs=0.04)
    assert found.tracking_sd == pytest.approx(0.2, abs=0.04)
    assert found.residual_sd == pytest.approx(0.8, abs=0.02)
    assert (found.pairs, found.sessions) == (1500, 12_000)


def test_its_intervals_cover_the_truth():
    rng, runs = np.random.default_rng(3), 300
    found = [truth_bias(*drawn(30, 7, rng)) for _ in range(runs)]
    for name, truth in (("bias", BIAS), ("tracking", TRACKING), ("usual_tracking", USUAL)):
        effects = [getattr(one, name) for one in found]
        assert 0.91 <= np.mean([effect.low <= truth <= effect.high for effect in effects]) <= 0.985


def test_pairs_are_drawn_towards_the_average_and_so_nearer_their_truth():
    rng = np.random.default_rng(4)
    client = 7.0 + rng.normal(0.0, 1.0, (400, 1)) + rng.normal(0.0, 1.0, (400, 7))
    bias, tracking = rng.normal(BIAS, 0.5, (400, 1)), rng.normal(TRACKING, 0.2, (400, 1))
    usual = client.mean(axis=1, keepdims=True)
    therapist = usual + bias + tracking * (client - usual) + rng.normal(0.0, 0.8, client.shape)
    alone, pooled = pair_tracking(therapist, client), truth_bias(therapist, client)
    for own, single, truth in (
        (pooled.own_tracking, alone.tracking, tracking[:, 0]),
        (pooled.own_bias, alone.bias, bias[:, 0]),
    ):
        assert np.std(own) < np.std(single)
        assert np.mean((own - truth) ** 2) < np.mean((single - truth) ** 2)
    # as near as the two variances allow: tracking error² = v τ²/(v + τ²) with v = σ²/Σċ² about .64/6
    assert np.mean((pooled.own_tracking - tracking[:, 0]) ** 2) == pytest.approx(0.107 * 0.04 / 0.147, rel=0.25)


def test_a_pair_that_never_rated_together_has_no_numbers():
    therapist, client = drawn(40, 6, np.random.default_rng(5))
    therapist[3] = GAP
    found = truth_bias(therapist, client)
    assert found.pairs == 39
    assert np.isnan([found.own_bias[3], found.own_tracking[3]]).all()
    assert np.isfinite(np.delete(found.own_tracking, 3)).all()


def test_noise_in_the_clients_rating_pulls_tracking_towards_zero_by_a_known_share():
    # alliance@1: κ Var(state) / (Var(state) + R) in long courses, for bond, with states that hardly last
    quick = DEFAULT._replace(state_rate=np.full(3, 50.0), gain=np.zeros(3))
    world = World(missing=0.0, missing_checkin=0.0, missing_therapist=0.0, whole=False)
    held = simulate(quick, pairs=600, sessions=25, rng=np.random.default_rng(6), world=world)
    found = truth_bias(held.readings[..., 5], held.readings[..., 2])
    share = DEFAULT.state_cov[2, 2] / (DEFAULT.state_cov[2, 2] + DEFAULT.noise[2])
    assert found.tracking.estimate == pytest.approx(DEFAULT.tracking[2] * share, abs=0.02)
    assert found.bias.estimate == pytest.approx(DEFAULT.therapist_mean[2] - DEFAULT.mean[2], abs=0.12)


def test_growing_tracking_and_shrinking_bias_are_seen():
    found = tracking_over_sessions(*drawn(800, 10, np.random.default_rng(7), bias_change=0.05, tracking_change=0.03))
    assert found.first_bias.estimate == pytest.approx(BIAS, abs=0.12)
    assert found.bias_change.estimate == pytest.approx(0.05, abs=0.012)
    assert found.first_tracking.estimate == pytest.approx(TRACKING, abs=0.05)
    assert found.tracking_change.estimate == pytest.approx(0.03, abs=0.01)


def test_a_rise_that_all_clients_share_is_not_taken_for_tracking():
    # everybody's client rises half a point a session and no therapist sees any of it
    rng = np.random.default_rng(8)
    state = rng.normal(0.0, 1.0, (800, 8))
    client = 5.0 + state + 0.5 * np.arange(8)
    therapist = 6.0 + 0.4 * state + rng.normal(0.0, 0.5, state.shape)
    found = tracking_over_sessions(therapist, client)
    assert found.tracking_change.low < 0.0 < found.tracking_change.high
    assert found.first_tracking.estimate == pytest.approx(0.4, abs=0.03)
    assert found.bias_change.estimate == pytest.approx(-0.5, abs=0.02)


@pytest.mark.parametrize("measure", [pair_tracking, truth_bias, tracking_over_sessions])
def test_tables_that_do_not_fit_are_named(measure):
    with pytest.raises(BadReadings, match="client: shape"):
        measure(np.zeros((3, 4)), np.zeros((3, 5)))


@pytest.mark.parametrize("measure", [truth_bias, tracking_over_sessions])
def test_clients_who_never_move_cannot_be_tracked(measure):
    with pytest.raises(BadReadings, match="nothing to track"):
        measure(np.random.default_rng(9).normal(size=(5, 4)), np.full((5, 4), 10.0))
