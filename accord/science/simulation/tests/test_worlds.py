"""The worlds are what their words say."""

import numpy as np
import pytest

from accord.science.alliance import DEFAULT
from accord.science.errors import BadOptions
from accord.science.simulation import CATALOGUE, World, simulate

PAIRS = 4_000


def drawn_in(name, share=0.0, pairs=PAIRS):
    scene = CATALOGUE[name]
    world = scene.world._replace(rupture_share=share)
    return simulate(scene.truth, pairs=pairs, sessions=scene.sessions, rng=np.random.default_rng(8), world=world)


def week_correlation(drawn):
    """Of successive client ratings about the pair's own true usual level."""
    away = (drawn.readings[..., :3] - drawn.readings[..., :3].mean(axis=0, keepdims=True)) - (
        drawn.trait - drawn.trait.mean(axis=0)
    )[:, None]
    one, next_one = away[:, :-1].ravel(), away[:, 1:].ravel()
    both = ~np.isnan(one) & ~np.isnan(next_one)
    return np.corrcoef(one[both], next_one[both])[0, 1]


@pytest.mark.parametrize(("name", "expected"), [("as-modelled", 0.4), ("autocorrelated", 0.6), ("carried-noise", 0.6)])
def test_ratings_a_week_apart_correlate_as_told(name, expected):
    scene = CATALOGUE[name]
    # every week, and nothing cut off: ceilings take a little away
    world = scene.world._replace(gap_sd=0.0, skipped=0.0, missing=0.0, missing_checkin=0.0, whole=False)
    drawn = simulate(scene.truth, pairs=PAIRS, sessions=12, rng=np.random.default_rng(8), world=world)
    assert week_correlation(drawn) == pytest.approx(expected, abs=0.05)


def test_the_high_correlation_has_the_variance_of_the_default():
    slow = CATALOGUE["autocorrelated"].truth
    assert slow.state_cov[0, 0] + slow.noise[0] == pytest.approx(DEFAULT.state_cov[0, 0] + DEFAULT.noise[0])


def test_half_of_the_ratings_at_the_ceiling_are_tens():
    ratings = drawn_in("ceilings").readings[..., :3]
    assert (ratings[~np.isnan(ratings)] == 10.0).mean() == pytest.approx(0.5, abs=0.03)


def test_five_answers_are_five():
    ratings = drawn_in("five-answers").readings
    assert set(np.unique(ratings[~np.isnan(ratings)])) == {0.0, 2.5, 5.0, 7.5, 10.0}


def test_skewed_noise_has_mean_0_its_variance_and_its_skewness():
    scene = CATALOGUE["skewed-noise"]
    world = scene.world._replace(whole=False, missing=0.0, missing_checkin=0.0)
    drawn = simulate(scene.truth, pairs=PAIRS, sessions=12, rng=np.random.default_rng(8), world=world)
    noise = ((drawn.readings[..., :3] - drawn.level) / np.sqrt(DEFAULT.noise)).ravel()
    assert noise.mean() == pytest.approx(0.0, abs=0.02)
    assert noise.var() == pytest.approx(1.0, rel=0.03)
    assert (noise**3).mean() == pytest.approx(-1.0, abs=0.1)


def test_answers_are_missing_as_often_as_told():
    assert np.isnan(drawn_in("missing").readings[..., :3]).mean() == pytest.approx(0.3, abs=0.01)
    assert np.isnan(drawn_in("no-therapist").readings[..., 3:]).all()


def test_gaps_lie_between_3_and_60_days():
    gaps = np.diff(drawn_in("gaps").days, axis=1)
    assert gaps.min() >= 3.0 and gaps.max() <= 60.0
    assert gaps.mean() == pytest.approx(31.5, rel=0.02)


def test_six_sessions_are_six():
    assert drawn_in("six-sessions", pairs=10).days.shape == (10, 6)


def test_a_slide_takes_a_fifth_more_at_each_of_five_sessions():
    calm, sliding = drawn_in("slow-slides"), drawn_in("slow-slides", share=1.0)
    begun, depth = sliding.rupture_session, sliding.rupture_depth
    assert begun.min() >= 4 and begun.max() <= 16 - 5
    loss = calm.level - sliding.level
    rows = np.arange(PAIRS)
    for step in range(5):
        np.testing.assert_allclose(loss[rows, begun + step], (step + 1) / 5 * depth, atol=1e-9)


@pytest.mark.parametrize(("name", "spill"), [("one-pillar", 0.0), ("as-modelled", 0.5), ("all-pillars", 1.0)])
def test_ruptures_touch_as_many_pillars_as_told(name, spill):
    depth = drawn_in(name, share=1.0).rupture_depth
    hit = depth[depth.max(axis=1) > 0.0]
    np.testing.assert_allclose(np.sort(hit, axis=1)[:, :2], spill * hit.max(axis=1)[:, None] * np.ones(2))


@pytest.mark.parametrize(("name", "factor"), [("told-too-calm", 0.7), ("told-too-wild", 1.3)])
def test_the_last_worlds_tell_the_filter_what_is_30_percent_wrong(name, factor):
    scene = CATALOGUE[name]
    assert scene.truth is DEFAULT
    for field in ("trait_cov", "state_cov", "noise", "state_rate"):
        np.testing.assert_allclose(getattr(scene.told, field), factor * np.asarray(getattr(DEFAULT, field)))


def test_names_and_ids_tell_worlds_and_parameters_apart():
    assert all(name == scene.name and scene.words for name, scene in CATALOGUE.items())
    ids = {scene.told.id for scene in CATALOGUE.values() if scene.told is not DEFAULT}
    assert len(ids) == 5 and DEFAULT.id not in ids


@pytest.mark.parametrize(
    ("option", "value"),
    [("carry", 1.0), ("skew", 0.5), ("skew", -3.0), ("step", 0.0), ("slide_sessions", 0), ("gap_range", (5.0, 3.0))],
)
def test_bad_options_it_names_the_option(option, value):
    with pytest.raises(BadOptions, match=f"^{option}: "):
        simulate(DEFAULT, pairs=2, sessions=3, rng=np.random.default_rng(0), world=World()._replace(**{option: value}))
