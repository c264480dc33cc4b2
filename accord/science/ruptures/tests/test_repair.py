"""Repair on smoothed levels: what is back, what only bounced, and what cannot be told."""

from math import erf, sqrt

import numpy as np
import pytest

from accord.science.alliance import DEFAULT, smooth_pairs
from accord.science.alliance.model import Smoothed
from accord.science.errors import BadOptions
from accord.science.ruptures.repair import SURE, Losses, repairs
from accord.science.simulation import World, simulate

BOND = np.array([2], np.int8)


def one_loss(session=4, begun=None):
    return Losses(np.array([0]), BOND, np.array([session]), np.array([session if begun is None else begun]))


def smoothed_of(bond):
    """One pair whose goal and task stay at 8, by its bond ratings."""
    readings = np.full((1, len(bond), 6), np.nan)
    readings[0, :, :2] = 8.0
    readings[0, :, 2] = bond
    return smooth_pairs(DEFAULT, days=7.0 * np.arange(len(bond))[None], readings=readings)


def given(means, sd=0.5):
    mean = np.repeat(np.asarray(means, float)[None, :, None], 3, axis=2)
    nothing = np.zeros((1, 3))
    return Smoothed(mean, np.full(mean.shape, sd), nothing, nothing, np.zeros(1))


def test_a_chance_is_worked_out_as_by_hand():
    found = repairs(given([8, 8, 8, 8, 4, 5, 7]), one_loss())
    assert (found.before[0], found.loss[0]) == (8.0, 4.0)
    by_hand = [0.5 * (1 + erf((level - 6) / sqrt(0.5) / sqrt(2))) for level in (5, 7)]
    assert found.chance[0, 5:] == pytest.approx(by_hand)
    assert np.isnan(found.chance[0, :5]).all()
    assert found.session[0] == 6


def test_only_four_sessions_stand_for_the_level_before():
    assert repairs(given([1, 9, 8, 8, 7, 4, 8]), one_loss(5)).before[0] == 8.0


def test_a_pillar_that_comes_back_is_repaired_and_one_that_stays_low_is_not():
    back = repairs(smoothed_of([8, 8, 9, 8, 3, 5, 8, 8, 8, 8]), one_loss())
    assert back.session[0] >= 6
    low = repairs(smoothed_of([8, 8, 9, 8, 3, 4, 3, 4, 3, 4]), one_loss())
    assert low.session[0] == -1
    assert (low.chance[0, 5:] < 0.5).all()


def test_one_good_day_between_bad_ones_is_not_repair():
    bounced = repairs(smoothed_of([8, 8, 9, 8, 3, 3, 7, 3, 3, 3]), one_loss())
    assert bounced.session[0] == -1
    assert bounced.chance[0, 6] < SURE


def test_a_slide_is_held_against_the_level_before_it_began():
    levels = given([8, 8, 8, 8, 7, 6, 5, 5, 7.5])
    assert repairs(levels, one_loss(6, begun=4)).before[0] == 8.0
    assert repairs(levels, one_loss(6, begun=4)).loss[0] == 3.0
    assert repairs(levels, one_loss(6)).loss[0] < 3.0


def test_nothing_is_said_without_sessions_before_or_without_a_loss():
    first = repairs(given([4, 5, 8, 8]), one_loss(0))
    risen = repairs(given([5, 5, 5, 5, 6, 7]), one_loss())
    for found in (first, risen):
        assert np.isnan(found.chance).all()
        assert found.session[0] == -1


def test_sessions_that_do_not_exist_have_no_chance():
    found = repairs(given([8, 8, 8, 8, 4, 7, np.nan]), one_loss())
    assert np.isnan(found.chance[0, 6]) and not np.isnan(found.chance[0, 5])


def test_a_loss_cannot_begin_after_its_flag():
    with pytest.raises(BadOptions, match="begun"):
        repairs(given([8] * 6), one_loss(4, begun=5))


def test_simulated_losses_that_heal_are_found_far_more_often_than_those_that_stay():
    shares = []
    for days in (10.0, np.inf):
        world = World(
            rupture_share=1.0, rupture_first=5, rupture_depth=(3.0, 4.0), recovery_days=days, missing_checkin=0.0
        )
        drawn = simulate(DEFAULT, pairs=1500, sessions=16, rng=np.random.default_rng(5), world=world)
        pair = np.flatnonzero((drawn.rupture_session > 0) & (drawn.rupture_session <= 9))
        pillar, session = drawn.rupture_depth[pair].argmax(axis=1).astype(np.int8), drawn.rupture_session[pair]
        smoothed = smooth_pairs(DEFAULT, days=drawn.days, readings=drawn.readings)
        shares.append((repairs(smoothed, Losses(pair, pillar, session, session)).session >= 0).mean())
    assert shares[0] > 0.6
    assert shares[1] < 0.25
