import numpy as np
import pytest

from accord.science.errors import BadOptions, BadReadings
from accord.science.ruptures import BY_NAME, KINDS, Options, rules, run_lengths
from accord.science.ruptures.model import as_list

NAMES = {
    "alliance",
    "srs-drop",
    "own-sd-1",
    "own-sd-2",
    "xmr",
    "ewma",
    "cusum",
    "shewhart",
    "reliable-change",
    "below-own-mean",
    "sudden-change",
}
OF_ONE_SCORE = sorted(NAMES - {"alliance"})
READY = Options(sd=1.2)


def courses(rng, pairs=200, sessions=12):
    scores = rng.normal(7, 1.5, (pairs, sessions))
    scores[:, 8:] -= rng.choice([0.0, 4.0], (pairs, 1))
    scores[rng.random(scores.shape) < 0.1] = np.nan
    return scores


def test_all_rules_are_there_and_ours_comes_first():
    assert set(BY_NAME) == NAMES
    assert next(iter(BY_NAME)) == "alliance"
    for name, rule in BY_NAME.items():
        assert rule.name == name
        assert rule.title
        assert rule.source
        assert set(rule.kinds) <= set(KINDS)


@pytest.mark.parametrize("name", OF_ONE_SCORE)
def test_a_rule_fires_in_its_own_words_with_its_version(name):
    options = READY._replace(cutoff=3.0)
    flags = BY_NAME[name].judge(courses(np.random.default_rng(1)), options)
    assert len(flags.kind) > 0
    assert set(flags.kind_names) <= set(BY_NAME[name].kinds)
    flag = as_list(flags)[0]
    assert flag.version == f"{name}@1"
    assert flag.readings
    assert "cannot know" in flag.cannot_know
    assert len(set(flags.expected_false_alarms.tolist())) == 1 or np.isnan(flag.expected_false_alarms)


@pytest.mark.parametrize("name", OF_ONE_SCORE)
def test_blocks_of_pairs_change_nothing(name, monkeypatch):
    scores = courses(np.random.default_rng(2))
    whole = BY_NAME[name].judge(scores, READY)
    monkeypatch.setattr(rules, "BLOCK", 17)
    parts = BY_NAME[name].judge(scores, READY)
    for one, other in zip(whole[1:], parts[1:], strict=True):
        np.testing.assert_allclose(np.asarray(one), np.asarray(other), rtol=1e-12)


@pytest.mark.parametrize("name", sorted(set(OF_ONE_SCORE) - {"sudden-change"}))
def test_where_lower_is_better_the_sign_turns_the_scores(name):
    scores = courses(np.random.default_rng(3))
    options = READY._replace(centre=7.0 if name in ("ewma", "cusum", "shewhart") else None)
    high, low = BY_NAME[name].judge(scores, options), BY_NAME[name].judge(-scores, options._replace(sign=-1.0))
    if options.centre is not None:
        low = BY_NAME[name].judge(-scores, options._replace(sign=-1.0, centre=-7.0))
    assert np.array_equal(high.session, low.session)
    assert np.allclose(high.size, low.size)
    assert np.allclose(high.band_low, -low.band_high, equal_nan=True)


@pytest.mark.parametrize("name", OF_ONE_SCORE)
def test_no_pairs_and_no_answers_give_no_flags(name):
    assert len(BY_NAME[name].judge(np.empty((0, 6)), READY).kind) == 0
    assert len(BY_NAME[name].judge(np.full((3, 6), np.nan), READY).kind) == 0


def test_readings_used_are_counted_in_answered_check_ins():
    flags = BY_NAME["srs-drop"].judge(np.array([[np.nan, 36.0, np.nan, 30.0]]), Options())
    assert as_list(flags)[0].readings == (1, 2)


def test_ours_takes_three_pillars_a_week_apart_and_no_single_score():
    kai = np.array([[[7, 8, 8], [8, 8, 8], [8, 8, 9], [8, 8, 8], [7, 7, 3]]], float)
    flags = BY_NAME["alliance"].judge(kai, Options(tension=np.array([[0, 0, 0, 0, 1]])))
    assert list(zip(flags.kind_names, flags.pillar_names, strict=True)) == [("said", ""), ("dip", "bond")]
    with pytest.raises(BadReadings, match="N, T, 6"):
        BY_NAME["alliance"].judge(kai[:, :, 0], Options())


def test_one_score_rules_refuse_three_pillars():
    with pytest.raises(BadReadings, match="xmr"):
        BY_NAME["xmr"].judge(np.zeros((2, 5, 3)), Options())


def test_reliable_change_asks_for_the_sd_of_the_measure():
    with pytest.raises(BadOptions, match="sd"):
        BY_NAME["reliable-change"].judge(np.zeros((1, 3)), Options())


def expected(name, sessions=12, **choices):
    return BY_NAME[name].expected_false_alarms(Options(**choices), sessions)


@pytest.mark.parametrize(
    ("name", "choices"),
    [("sudden-change", {"sd": 1.0}), ("srs-drop", {}), ("below-own-mean", {}), ("ewma", {"sd": 1.0})],
)
def test_what_is_not_known_is_not_made_up(name, choices):
    assert np.isnan(expected(name, **choices))


def test_a_chart_with_a_known_baseline_has_its_exact_rate():
    known = {"centre": 7.0, "sd": 1.0}
    assert expected("shewhart", **known) == pytest.approx(10 / (2 * 370.398), rel=1e-5)
    assert expected("cusum", **known) == pytest.approx(10 / run_lengths.cusum(0.5, 5.0))
    assert expected("ewma", **known) == pytest.approx(5 / 499.735, rel=1e-5)


def test_plain_falls_under_no_change_agree_with_the_normal_law():
    # two independent scores of SD 1 differ by N(0, 2): P(fall >= 1) = Φ(−1/√2) = .23975, at 11 of 12 sessions
    assert expected("srs-drop", sd=1.0) == pytest.approx(10 * 0.2397501 * 11 / 12, rel=0.01)


def test_reliable_change_under_no_change_is_one_in_forty_after_the_first():
    assert expected("reliable-change", sd=3.0) == pytest.approx(10 * 0.0249979 * 11 / 12, rel=1e-4)
    scores = np.random.default_rng(6).normal(0, 3.0 * np.sqrt(0.2), (40_000, 12))
    flags = BY_NAME["reliable-change"].judge(scores, Options(sd=3.0))
    assert 10 * len(flags.kind) / scores.size == pytest.approx(expected("reliable-change", sd=3.0), rel=0.05)


def test_falls_of_two_own_sds_are_rarer_than_of_one():
    assert 0 < expected("own-sd-2") < expected("own-sd-1")


def test_longer_courses_give_more_room_for_falls_of_two_own_sds():
    assert expected("own-sd-2", 8) < expected("own-sd-2", 16) < expected("own-sd-2", 30)


def test_ours_keeps_its_budget_from_the_fifth_check_in_on():
    assert expected("alliance", 4) == 0.0
    assert expected("alliance", 14, budget=0.5) == pytest.approx(0.5 * 10 / 14)
