import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from accord.batch import estimating
from accord.batch.blocks import Block
from accord.batch.estimating import STAND_IN, estimates, from_ten, runs_of, see, tall, to_ten
from accord.batch.numbers import Scale
from accord.batch.wide import Reading
from accord.science import alliance
from accord.science.ruptures import judge_pairs, limits_for
from accord.science.simulation import World, simulate


@given(
    st.floats(-100, 100), st.floats(0.5, 200), st.sampled_from(["high", "low"]), st.lists(st.floats(0, 1), min_size=1)
)
def test_to_ten_and_from_ten_are_each_others_way_back(low, span, better, shares):
    scale = Scale(low, low + span, better)
    scores = low + np.array(shares) * span
    points = to_ten(scores, scale)
    assert ((points >= 0) & (points <= 10)).all()
    assert from_ten(points, scale) == pytest.approx(scores, abs=1e-9 * (abs(low) + span) + 1e-12)


def test_to_ten_turns_symptoms_round_so_that_ten_is_the_good_end():
    assert to_ten(np.array([0.0, 63.0, 21.0]), Scale(0, 63, "low")) == pytest.approx([10, 0, 20 / 3])
    assert to_ten(np.array([1.0, 5.0, 2.0]), Scale(1, 5)) == pytest.approx([0, 10, 2.5])


def test_runs_of_takes_pillars_together_and_other_scores_apart():
    readings = (Reading("goal", "goal"), Reading("bond", "bond"), Reading("bond", "bond", "therapist"))
    (run,) = runs_of(readings)
    assert run.slots == {0: 0, 2: 1, 5: 2}
    assert run.names == {0: "goal", 2: "bond"}
    alone = runs_of((Reading("phq"), Reading("wai")))
    assert [run.names for run in alone] == [{STAND_IN: "phq"}, {STAND_IN: "wai"}]


def test_runs_of_takes_the_clients_and_the_therapists_view_of_one_score_together():
    (run,) = runs_of((Reading("wai"), Reading("wai", "", "therapist")))
    assert (run.names, run.slots) == ({STAND_IN: "wai"}, {STAND_IN: 0, STAND_IN + 3: 1})


PILLARS = tuple(Reading(pillar, pillar, rater) for rater in ("client", "therapist") for pillar in alliance.PILLARS)


def drawn_block(low=0.0, high=10.0):
    drawn = simulate(alliance.DEFAULT, pairs=40, sessions=9, rng=np.random.default_rng(8), world=World(missing=0.3))
    given = ~np.isnan(drawn.readings).all(axis=2)
    session = np.where(given, np.arange(1.0, 10.0), np.nan)
    days = np.where(given, drawn.days, np.nan)
    names = pl.Series([f"p{pair}" for pair in range(40)])
    return Block(names, session, days, days, low + drawn.readings * (high - low) / 10.0, False)


def estimated(scale):
    block = drawn_block(scale.low, scale.high)
    seen = see(block, runs_of(PILLARS)[0], scale, alliance.DEFAULT)
    return block, seen, estimates(block, [seen], "alliance@1-default")


def by_hand(block, scale):
    """Levels and bands of every session that exists, by the science's own functions."""
    history = {"days": block.days, "readings": to_ten(block.scores, scale)}
    filtered = alliance.filter_pairs(alliance.DEFAULT, **history)
    mean, sd = filtered.forecast_mean[..., :3], filtered.forecast_sd[..., :3]
    rated = ~np.isnan(block.scores[..., :3]).all(axis=2)
    early = np.cumsum(rated, axis=1) - rated < 4
    if scale == Scale():
        low, high = (end.astype(float) for end in alliance.usual_band(mean, sd))
    else:
        ends = [from_ten(np.clip(mean + side * 0.967421566101701 * sd, 0, 10), scale) for side in (-1, 1)]
        low, high = np.minimum(*ends), np.maximum(*ends)
    low[early], high[early] = np.nan, np.nan
    return from_ten(alliance.smooth_pairs(alliance.DEFAULT, **history).level_mean, scale), low, high


@pytest.mark.parametrize("scale", [Scale(), Scale(0, 63, "low"), Scale(1, 5)])
def test_estimates_say_what_the_science_says_in_the_tables_points(scale):
    block, _, told = estimated(scale)
    there = ~np.isnan(block.session)
    level, low, high = by_hand(block, scale)
    assert told.height == there.sum()
    for place, pillar in enumerate(alliance.PILLARS):
        for what, expected in (("level", level), ("usual_low", low), ("usual_high", high)):
            found = told[f"{pillar}_{what}"].cast(pl.Float64).fill_null(np.nan).to_numpy()
            np.testing.assert_allclose(found, expected[there][:, place], rtol=3e-7, atol=3e-6)
        np.testing.assert_array_equal(told[f"{pillar}_score"].to_numpy(), block.scores[there][:, place])
        np.testing.assert_array_equal(told[f"{pillar}_therapist_score"].to_numpy(), block.scores[there][:, place + 3])
    assert told["pair"].to_list() == [f"p{pair}" for pair, _ in np.argwhere(there)]


def test_see_judges_as_the_science_does_however_pairs_are_cut(monkeypatch):
    block, limits = drawn_block(), limits_for()
    whole = judge_pairs(alliance.DEFAULT, days=block.days, readings=block.scores, limits=limits)
    monkeypatch.setattr(estimating, "TILE", 7)
    found = see(block, runs_of(PILLARS)[0], Scale(), alliance.DEFAULT, limits).flags
    assert found is not None and len(found.pair)
    for name in ("pair", "session", "kind", "pillar", "first", "last"):
        np.testing.assert_array_equal(getattr(found, name), getattr(whole, name))
    np.testing.assert_allclose(found.statistic, whole.statistic, rtol=1e-12)


def test_tall_has_a_row_for_every_pillar_that_somebody_rated():
    block, _, told = estimated(Scale())
    long = tall(told)
    rated = ~np.isnan(block.scores[..., :3]) | ~np.isnan(block.scores[..., 3:])
    assert long.height == rated.sum()
    bond = long.filter(pillar="bond").sort("pair", "session")
    source = told.filter(pl.col("bond_score").is_not_null() | pl.col("bond_therapist_score").is_not_null())
    assert bond["level"].to_list() == source.sort("pair", "session")["bond_level"].to_list()


def test_tall_of_a_table_without_therapists_has_an_empty_column_for_them():
    told = pl.DataFrame({"pair": ["a"], "session": [1], "day": [0.0], "bdi_score": [7.0], "bdi_level": [6.5],
                         "bdi_level_sd": [1.0], "bdi_usual_low": [None], "bdi_usual_high": [None]})  # fmt: skip
    (row,) = tall(told).to_dicts()
    assert (row["pillar"], row["score"], row["therapist_score"], row["level"]) == ("bdi", 7.0, None, 6.5)
