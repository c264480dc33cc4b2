import hashlib
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import multivariate_normal, norm

from accord.science import alliance
from accord.science.alliance import DEFAULT, filter_pairs, start, update
from accord.science.alliance.model import Filtered
from accord.science.errors import BadReadings
from accord.science.ruptures import flags2
from accord.science.ruptures.flags2_kernel import BUILT_ON, CAP, DEPTHS, DIRECTIONS, SLIDE_DEPTH
from accord.science.ruptures.flags2_limits import Limits
from accord.science.ruptures.flags2_walk import Beside, start_watch, trace_all
from accord.science.ruptures.model import as_list, flag_at, most_urgent
from accord.science.ruptures.tension import TENSION_CODES
from accord.science.ruptures.tests.test_flags1 import GAP, JO, KAI, LOU, MAX, random_histories, sheets, told

NO, A_BIT = TENSION_CODES["no"], TENSION_CODES["a-bit"]
GOAL, TASK, BOND = range(3)


def flags_of(sessions, tension=None, waits=None):
    days = 7.0 * np.arange(len(sessions))[None, :]
    beside = Beside(*(None if values is None else np.array([values]) for values in (tension, waits)))
    return flags2.judge_pairs(DEFAULT, days=days, readings=sheets(sessions), beside=beside)


def forecast_of(mean, sd, shared, ratings):
    """A filtered history of five sessions: four as expected, then these ratings under this forecast of three."""
    readings = np.full((1, 5, 6), np.nan)
    readings[0, :4, :3] = mean
    readings[0, 4, :3] = ratings
    six = np.tile(np.concatenate((mean, mean)), (1, 5, 1))
    spread = np.tile(np.concatenate((sd, sd)), (1, 5, 1))
    three = np.tile(mean, (1, 5, 1))
    filtered = Filtered(
        loglik=np.zeros(1),
        level_mean=three,
        level_sd=np.ones((1, 5, 3)),
        forecast_mean=six,
        forecast_sd=spread,
        forecast_shared=np.tile(shared, (1, 5, 1)),
        z=np.zeros((1, 5, 6)),
        tail=np.ones((1, 5, 6)),
    )
    return filtered, readings


MEAN, SD, SHARED = np.array([7.9, 8.0, 8.3]), np.array([1.2, 1.1, 1.1]), np.array([0.5, 0.4, 0.45])


def cov_of(sd, shared):
    cov = np.diag(sd**2 + 1 / 12)
    for (p, q), value in zip(((0, 1), (0, 2), (1, 2)), shared, strict=True):
        cov[p, q] = cov[q, p] = value
    return cov


def statistic(ratings, depths=DEPTHS, mean=MEAN, sd=SD):
    """ln of the mean likelihood ratio over directions and depths, by scipy, for ratings below ten."""
    rated = ~np.isnan(ratings)
    cov = cov_of(sd, SHARED)[np.ix_(rated, rated)]
    usual = multivariate_normal(mean[rated], cov).pdf(ratings[rated])
    fallen = [
        multivariate_normal((mean - depth * way)[rated], cov).pdf(ratings[rated])
        for way in DIRECTIONS
        for depth in depths
    ]
    return np.log(np.mean(fallen) / usual)


@pytest.mark.parametrize("ratings", [[7, 7, 3], [4, 5, 6], [7, 8, 8], [6, GAP, 7], [GAP, GAP, 4], [0, 3, 9]])
def test_the_dip_is_the_mean_likelihood_ratio_of_a_normal_law_with_all_three_pillars(ratings):
    traces = trace_all(*forecast_of(MEAN, SD, SHARED, ratings))
    assert traces.ratio[0, 4] == pytest.approx(statistic(np.array(ratings, float)), abs=1e-9)
    step = statistic(np.array(ratings, float), depths=(SLIDE_DEPTH,))
    assert traces.step[0, 4] == pytest.approx(min(step, CAP), abs=1e-9)


def test_a_ten_says_only_that_the_rating_lies_above_nine_and_a_half():
    traces = trace_all(*forecast_of(MEAN, SD, SHARED, [6, 7, 10]))
    cov = cov_of(SD, SHARED)
    pull = np.linalg.solve(cov[:2, :2], cov[:2, 2])
    spread = np.sqrt(cov[2, 2] - cov[2, :2] @ pull)

    def likelihood(mean):
        two = multivariate_normal(mean[:2], cov[:2, :2]).pdf([6, 7])
        return two * norm.sf(9.5, mean[2] + pull @ (np.array([6, 7]) - mean[:2]), spread)

    fallen = [likelihood(MEAN - depth * way) for way in DIRECTIONS for depth in DEPTHS]
    assert traces.ratio[0, 4] == pytest.approx(np.log(np.mean(fallen) / likelihood(MEAN)), abs=1e-9)


def test_two_tens_as_if_independent_are_near_the_exact_probability_of_both():
    traces = trace_all(*forecast_of(MEAN, SD, SHARED, [10, 5, 10]))
    cov, draws = cov_of(SD, SHARED), np.random.default_rng(2).standard_normal((60_000, 2))
    pull = np.linalg.solve(cov[1:2, 1:2], cov[1:2, [0, 2]])
    root = np.linalg.cholesky(cov[np.ix_([0, 2], [0, 2])] - cov[[0, 2], 1:2] @ pull)

    def likelihood(mean):
        ends = mean[[0, 2]] + (5 - mean[1]) * pull[0] + draws @ root.T
        return norm.pdf(5, mean[1], np.sqrt(cov[1, 1])) * (ends > 9.5).all(axis=1).mean()

    fallen = np.mean([likelihood(MEAN - depth * way) for way in DIRECTIONS for depth in DEPTHS])
    assert traces.ratio[0, 4] == pytest.approx(np.log(fallen / likelihood(MEAN)), abs=0.5)


def test_the_less_the_others_share_a_fall_the_more_it_counts():
    counts = [trace_all(*forecast_of(MEAN, SD, SHARED, [other, other, 5])).ratio[0, 4] for other in (9, 8, 7)]
    assert counts[0] > counts[1] > counts[2]


def test_ratings_at_or_above_what_was_expected_are_never_a_dip():
    for ratings in ([8, 8, 9], [10, 10, 10], [8, 10, GAP]):
        assert trace_all(*forecast_of(MEAN, SD, SHARED, ratings)).ratio[0, 4] == -np.inf


@pytest.mark.parametrize("pillar", [GOAL, TASK, BOND])
def test_the_pillar_that_is_named_is_the_one_that_fell(pillar):
    ratings = np.array([7.0, 7.0, 7.0])
    ratings[pillar] = 3.0
    filtered, readings = forecast_of(MEAN, SD, SHARED, ratings)
    (dip,) = as_list(flags2.judge_filtered(filtered, readings=readings))
    assert (dip.kind, dip.pillar) == ("dip", ("goal", "task", "bond")[pillar])
    assert dip.size == pytest.approx(MEAN[pillar] - 3)


def test_without_known_covariances_nothing_numeric_is_judged():
    filtered, readings = forecast_of(MEAN, SD, np.full(3, np.nan), [3, 3, 3])
    assert np.isnan(trace_all(filtered, readings).ratio).all()
    assert len(flags2.judge_filtered(filtered, readings=readings).kind) == 0


def test_kai_said_so_and_his_bond_dipped():
    flags = flags_of(KAI, [NO, NO, NO, NO, A_BIT])
    assert told(flags) == {(5, "said", ""), (5, "dip", "bond")}
    shown = most_urgent(as_list(flags))
    assert shown is not None and shown.kind == "said"


def test_a_dip_carries_all_that_is_needed_to_work_it_out_again():
    (dip,) = as_list(flags_of(KAI))
    readings = sheets(KAI)
    forecast = filter_pairs(DEFAULT, days=7.0 * np.arange(5)[None], readings=readings)
    mean, sd = forecast.forecast_mean[0, 4, :3], forecast.forecast_sd[0, 4, :3]
    cov = cov_of(sd, forecast.forecast_shared[0, 4])
    fallen = np.mean(
        [multivariate_normal(mean - depth * way, cov).pdf(readings[0, 4, :3]) for way in DIRECTIONS for depth in DEPTHS]
    )
    usual = multivariate_normal(mean, cov).pdf(readings[0, 4, :3])
    assert dip.statistic == pytest.approx(np.log(fallen / usual), abs=1e-9)
    assert dip.statistic > dip.limit
    assert (dip.version, dip.pillar, dip.expected_false_alarms) == ("flags@2", "bond", 0.25)
    assert (dip.band_low, dip.band_high, dip.readings) == (8, 9, (1, 2, 3, 4, 5))
    assert dip.size == pytest.approx(mean[BOND] - 3)
    assert "cannot know" in dip.cannot_know


def test_jo_is_left_in_peace():
    assert told(flags_of(JO, [NO] * 5)) == set()


def test_max_gets_a_ceiling_hint_only():
    flags = flags_of(MAX)
    assert told(flags) == {(4, "ceiling", ""), (5, "ceiling", "")}
    assert (flag_at(flags, 1).statistic, flag_at(flags, 1).limit) == (5, 4)


def test_lou_is_steady_but_low_and_that_is_no_dip():
    flags = flags_of(LOU)
    assert set(flags.kind_names) == {"low"}
    assert {"goal", "task", "bond"} == set(flags.pillar_names[flags.session == 4])
    assert flags.session.min() >= 3
    assert ((flags.statistic > 0.9) & (flags.limit == 0.9)).all()


def test_two_check_ins_raise_no_flag_from_numbers():
    assert told(flags_of(["999", "111"])) == set()


@pytest.mark.parametrize("quiet", ["no", "not-sure", "skipped"])
def test_no_not_sure_and_skipped_say_nothing(quiet):
    assert told(flags_of(["878"], [TENSION_CODES[quiet]])) == set()


def test_the_fourth_check_in_is_still_learning_and_the_fifth_is_judged():
    assert told(flags_of(["888", "888", "888", "388"])) == set()
    assert told(flags_of(["888", "888", "888", "888", "388"])) == {(5, "dip", "bond")}


def test_a_slow_fall_is_a_slide_on_the_pillar_that_fell():
    flags = flags_of(["777"] * 8 + ["767", "757", "747", "737", "737"])
    assert told(flags) and {(kind, pillar) for _, kind, pillar in told(flags)} == {("slide", "goal")}
    slide = as_list(flags)[0]
    assert slide.statistic > slide.limit
    assert slide.readings == tuple(range(1, slide.readings[-1] + 1))


def test_a_slow_fall_of_all_three_is_a_slide_too():
    kinds = {kind for _, kind, _ in told(flags_of(["999"] * 6 + ["888", "877", "777", "776", "766"]))}
    assert kinds == {"slide"}


def test_a_session_is_a_dip_or_a_slide_and_never_both():
    days, readings, tension = random_histories(np.random.default_rng(6), pairs=400)
    flags = flags2.judge_pairs(DEFAULT, days=days, readings=readings, beside=Beside(tension))
    fallen = np.isin(flags.kind_names, ("dip", "slide"))
    places = list(zip(flags.pair[fallen], flags.session[fallen], strict=True))
    assert len(places) == len(set(places)) > 100
    assert (flags.size[fallen] > 0).all()


def test_one_bad_day_is_never_a_slide():
    assert {kind for _, kind, _ in told(flags_of(["888"] * 6 + ["288", "888", "888"]))} == {"dip"}


def test_tens_under_a_high_forecast_are_no_slide():
    assert {kind for _, kind, _ in told(flags_of(["TTT"] * 30))} == {"ceiling"}


def test_two_silent_sessions_in_a_row_are_a_hint():
    assert told(flags_of(["888", "888", "---", "---", "888"])) == {(4, "silence", "")}
    assert told(flags_of(["888", "888", "---", "888", "---"])) == set()
    assert told(flags_of(["888", "---", "---", "---"])) == set()


def test_shorter_answers_than_usual_are_a_hint_after_four_full_ones():
    full = ["888"] * 4
    assert told(flags_of([*full, "88-", "8--"])) == {(6, "silence", "")}
    assert told(flags_of([*full, "88-", "888", "88-"])) == set()
    assert told(flags_of(["888", "888", "88-", "88-"])) == set()
    assert as_list(flags_of([*full, "88-", "8--"]))[0].statistic == 2


def test_later_answers_than_ever_before_are_a_hint():
    sessions = ["888"] * 7
    assert told(flags_of(sessions, waits=[0.1, 0.2, 1.0, 0.1, 2.5, 3.0, 0.1])) == {(6, "silence", "")}
    assert told(flags_of(sessions, waits=[0.1, 0.2, 1.0, 0.1, 1.5, 1.6, 1.7])) == set()  # less than a day later
    assert told(flags_of(sessions, waits=[0.1, 0.2, 3.0, 0.1, 2.5, 3.0, GAP])) == set()  # as late as before
    with pytest.raises(BadReadings, match="waits"):
        flags_of(sessions, waits=[0.1])


def test_session_by_session_gives_the_same_flags_as_whole_histories():
    rng = np.random.default_rng(3)
    days, readings, tension = random_histories(rng)
    waits = np.where(rng.random(days.shape) < 0.8, rng.exponential(1.5, days.shape), np.nan)
    whole = flags2.judge_pairs(DEFAULT, days=days, readings=readings, beside=Beside(tension, waits))
    assert set(whole.kind_names) == {"said", "dip", "slide", "low", "silence"}
    belief, watch, rows = start(DEFAULT, len(days)), start_watch(len(days)), []
    for t in range(days.shape[1]):
        step = update(belief, DEFAULT, day=days[:, t], readings=readings[:, t])
        watch, flags = flags2.judge(watch, step, readings=readings[:, t], beside=Beside(tension[:, t], waits[:, t]))
        watch = flags2.load_watch(flags2.dump_watch(watch))  # as a database would
        belief = step.belief
        rows += [((int(pair), t), flag) for pair, flag in zip(flags.pair, as_list(flags), strict=True)]
    expected = [
        ((int(pair), int(session)), flag)
        for pair, session, flag in zip(whole.pair, whole.session, as_list(whole), strict=True)
    ]
    in_order = sorted(rows, key=lambda row: row[0])
    assert [where for where, _ in in_order] == [where for where, _ in expected]
    for (_, once), (_, folded) in zip(expected, in_order, strict=True):
        assert (once.kind, once.pillar, once.readings) == (folded.kind, folded.pillar, folded.readings)
        assert once[3:9] == pytest.approx(folded[3:9], rel=1e-9, abs=1e-9, nan_ok=True)


def test_blocks_and_threads_change_nothing(monkeypatch):
    days, readings, tension = random_histories(np.random.default_rng(5), pairs=1100)
    whole = flags2.judge_pairs(DEFAULT, days=days, readings=readings, beside=Beside(tension))
    monkeypatch.setattr(flags2, "BLOCK", 400)
    parts = flags2.judge_pairs(DEFAULT, days=days, readings=readings, beside=Beside(tension))
    assert np.array_equal(whole.pair, parts.pair) and np.array_equal(whole.kind, parts.kind)
    np.testing.assert_allclose(whole.statistic, parts.statistic, rtol=1e-9)


def test_its_arithmetic_is_compiled_anew_when_a_step_changes():
    # The cache of compiled code looks at flags2_kernel.py alone; without this line it would keep the old steps.
    here = Path(alliance.__file__).parent
    steps = b"".join((here / name).read_bytes() for name in ("lanes.py", "layout.py", "elementary.py"))
    known = hashlib.sha256(steps).hexdigest()[:16]
    assert known == BUILT_ON, f'write BUILT_ON = "{known}" in flags2_kernel.py'


def test_no_pairs_give_no_flags():
    assert len(flags2.judge_pairs(DEFAULT, days=np.empty((0, 5)), readings=np.empty((0, 5, 6))).kind) == 0


def test_judging_leaves_the_given_watch_as_it_was():
    watch = start_watch()
    step = update(start(DEFAULT), DEFAULT, day=[0.0], readings=sheets(["TTT"])[:, 0])
    after, _ = flags2.judge(watch, step, readings=sheets(["TTT"])[:, 0])
    assert (watch.count[0], after.count[0], after.perfect_run[0]) == (0, 1, 1)


def test_a_watch_of_the_rule_before_is_refused_and_not_misread():
    old = {"count": [3], "low_run": [[0, 1, 2]], "perfect_run": [0], "silent_run": [0], "slide": [[0.0, 1.0, 0.0]]}
    with pytest.raises(BadReadings, match="missing or unknown"):
        flags2.load_watch(old)
    held = flags2.dump_watch(start_watch())
    with pytest.raises(BadReadings, match="slide has shape"):
        flags2.load_watch(held | {"slide": [[0.0, 1.0, 0.0]]})


def test_a_lower_limit_flags_more():
    days, readings, _ = random_histories(np.random.default_rng(7), pairs=200)
    few, many = (
        flags2.judge_pairs(DEFAULT, days=days, readings=readings, limits=Limits(0.25, dip, slide))
        for dip, slide in ((4.0, 4.0), (1.0, 1.5))
    )
    assert np.isin(few.kind_names, ("dip", "slide")).sum() < np.isin(many.kind_names, ("dip", "slide")).sum()
