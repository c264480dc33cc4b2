import numpy as np
import pytest

from accord.science.alliance import DEFAULT, start, update
from accord.science.errors import BadOptions, BadReadings
from accord.science.ruptures import flags1
from accord.science.ruptures.model import as_list, flag_at, most_urgent
from accord.science.ruptures.tension import TENSION_CODES

GAP = np.nan
NO, A_BIT = TENSION_CODES["no"], TENSION_CODES["a-bit"]

# bond, goal, task of one weekly session after the other, as people say it
KAI = ["878", "888", "988", "888", "377"]
JO = ["878", "787", "888", "778", "787"]
MAX = ["TTT"] * 5
LOU = ["555"] * 5


def sheets(sessions):
    """Readings (1, T, 6) from words like "878": bond, goal, task; T is ten, - is no answer."""
    points = {"T": 10.0, "-": GAP}
    rows = np.full((1, len(sessions), 6), GAP)
    for t, word in enumerate(sessions):
        bond, goal, task = (points[letter] if letter in points else float(letter) for letter in word)
        rows[0, t, :3] = goal, task, bond
    return rows


def flags_of(sessions, tension=None):
    days = 7.0 * np.arange(len(sessions))[None, :]
    told = None if tension is None else np.array([tension])
    return flags1.judge_pairs(DEFAULT, days=days, readings=sheets(sessions), tension=told)


def told(flags):
    """Kinds and pillars by session number, from 1."""
    return {
        (int(session) + 1, kind, pillar)
        for session, kind, pillar in zip(flags.session, flags.kind_names, flags.pillar_names, strict=True)
    }


def test_kai_said_so_and_his_bond_dipped():
    flags = flags_of(KAI, [NO, NO, NO, NO, A_BIT])
    assert told(flags) == {(5, "said", ""), (5, "dip", "bond")}


def test_a_dip_carries_all_that_is_needed_to_work_it_out_again():
    (dip,) = [flag for flag in as_list(flags_of(KAI)) if flag.kind == "dip"]
    assert dip.version == "flags@1"
    assert dip.size == pytest.approx(5.0, abs=0.5)
    assert dip.statistic < dip.limit == 0.0226
    assert (dip.band_low, dip.band_high) == (8, 9)
    assert dip.readings == (1, 2, 3, 4, 5)
    assert dip.expected_false_alarms == 0.25
    assert "cannot know" in dip.cannot_know


def test_what_the_client_said_outranks_the_dip():
    shown = most_urgent(as_list(flags_of(KAI, [NO, NO, NO, NO, A_BIT])))
    assert shown is not None
    assert (shown.kind, shown.readings) == ("said", (5,))
    assert np.isnan([shown.size, shown.expected_false_alarms]).all()


def test_jo_is_left_in_peace():
    assert told(flags_of(JO, [NO] * 5)) == set()


def test_max_gets_a_ceiling_hint_only():
    flags = flags_of(MAX)
    assert told(flags) == {(4, "ceiling", ""), (5, "ceiling", "")}
    assert flag_at(flags, 1).readings == (1, 2, 3, 4, 5)
    assert (flag_at(flags, 1).statistic, flag_at(flags, 1).limit) == (5, 4)


def test_lou_is_steady_but_low_and_that_is_no_dip():
    flags = flags_of(LOU)
    assert set(flags.kind_names) == {"low"}
    assert {"goal", "task", "bond"} == set(flags.pillar_names[flags.session == 4])
    assert flags.session.min() >= 3  # not before four check-ins are in
    assert ((flags.statistic > 0.9) & (flags.limit == 0.9)).all()


def test_two_check_ins_raise_no_flag_from_numbers():
    assert told(flags_of(["999", "111"])) == set()


def test_what_the_client_says_counts_from_the_first_session():
    flags = flags_of(["878"], [A_BIT])
    assert told(flags) == {(1, "said", "")}


def test_what_is_said_without_any_rating_uses_no_rating():
    (flag,) = as_list(flags_of(["878", "---"], [NO, A_BIT]))
    assert (flag.kind, flag.readings) == ("said", ())


@pytest.mark.parametrize("quiet", ["no", "not-sure", "skipped"])
def test_no_not_sure_and_skipped_say_nothing(quiet):
    assert told(flags_of(["878"], [TENSION_CODES[quiet]])) == set()


def test_the_fourth_check_in_is_still_learning_and_the_fifth_is_judged():
    assert told(flags_of(["888", "888", "888", "388"])) == set()
    assert told(flags_of(["888", "888", "888", "888", "388"])) == {(5, "dip", "bond")}


def test_an_unanswered_session_does_not_count_as_learning():
    assert told(flags_of(["888", "888", "---", "888", "388"])) == set()


def test_a_slow_fall_is_a_slide_and_not_a_dip():
    flags = flags_of(["999", "999", "999", "999", "989", "979", "979", "969", "969", "959"])
    assert {kind for _, kind, _ in told(flags)} == {"slide"}
    slide = as_list(flags)[0]
    assert slide.pillar == "goal"
    assert slide.statistic > slide.limit


def test_a_slide_is_told_once_and_starts_again():
    flags = flags_of(["999"] * 4 + ["979", "979", "969", "969"])
    assert len(flags.session) == len(set(flags.session))
    assert not set(flags.session[1:] - flags.session[:-1]) & {1}


def test_one_bad_day_is_never_a_slide():
    assert {kind for _, kind, _ in told(flags_of(["888"] * 6 + ["288", "888", "888"]))} == {"dip"}


def test_tens_under_a_high_forecast_are_no_slide():
    assert {kind for _, kind, _ in told(flags_of(["TTT"] * 30))} == {"ceiling"}


def test_two_silent_sessions_in_a_row_are_a_hint():
    assert told(flags_of(["888", "888", "---", "---", "888"])) == {(4, "silence", "")}
    assert told(flags_of(["888", "888", "---", "888", "---"])) == set()
    assert told(flags_of(["888", "---", "---", "---"])) == set()  # one answer is no habit


def random_histories(rng, pairs=40, sessions=14):
    days = np.cumsum(rng.choice([3.0, 7.0, 14.0], (pairs, sessions)), axis=1)
    days -= days[:, :1]
    readings = np.rint(np.clip(rng.normal(7, 2.5, (pairs, sessions, 6)), 0, 10))
    readings[rng.random(readings.shape) < 0.3] = GAP
    readings[rng.random((pairs, sessions)) < 0.1] = GAP
    ended = np.arange(sessions)[None, :] >= rng.integers(6, sessions + 1, pairs)[:, None]
    days[ended] = GAP
    readings[ended] = GAP
    return days, readings, np.where(ended, -1, rng.integers(-1, 4, (pairs, sessions)))


def test_session_by_session_gives_the_same_flags_as_whole_histories():
    days, readings, tension = random_histories(np.random.default_rng(3))
    whole = flags1.judge_pairs(DEFAULT, days=days, readings=readings, tension=tension)
    assert set(whole.kind_names) == {"said", "dip", "slide", "low", "silence"}
    belief, watch, rows = start(DEFAULT, len(days)), flags1.start_watch(len(days)), []
    for t in range(days.shape[1]):
        step = update(belief, DEFAULT, day=days[:, t], readings=readings[:, t])
        watch, flags = flags1.judge(watch, step, readings=readings[:, t], tension=tension[:, t])
        watch = flags1.load_watch(flags1.dump_watch(watch))  # as a database would
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
        assert once[3:9] == pytest.approx(folded[3:9], rel=1e-9, nan_ok=True)


def test_blocks_of_pairs_change_nothing(monkeypatch):
    days, readings, tension = random_histories(np.random.default_rng(4))
    whole = flags1.judge_pairs(DEFAULT, days=days, readings=readings, tension=tension)
    monkeypatch.setattr(flags1, "BLOCK", 7)
    parts = flags1.judge_pairs(DEFAULT, days=days, readings=readings, tension=tension)
    for one, other in zip(whole[1:], parts[1:], strict=True):
        np.testing.assert_array_equal(np.asarray(one), np.asarray(other))


def test_many_pairs_on_all_threads_get_the_flags_of_few():
    days, readings, tension = random_histories(np.random.default_rng(5), pairs=1100)
    whole = flags1.judge_pairs(DEFAULT, days=days, readings=readings, tension=tension)
    for rows in (slice(0, 500), slice(500, 1000), slice(1000, 1100)):
        part = flags1.judge_pairs(DEFAULT, days=days[rows], readings=readings[rows], tension=tension[rows])
        mine = (whole.pair >= rows.start) & (whole.pair < rows.stop)
        assert np.array_equal(whole.pair[mine], part.pair + rows.start)
        assert np.array_equal(whole.kind[mine], part.kind)
        np.testing.assert_allclose(whole.statistic[mine], part.statistic, rtol=1e-9)


def test_no_pairs_give_no_flags():
    assert len(flags1.judge_pairs(DEFAULT, days=np.empty((0, 5)), readings=np.empty((0, 5, 6))).kind) == 0


def test_judging_leaves_the_given_watch_as_it_was():
    watch = flags1.start_watch()
    step = update(start(DEFAULT), DEFAULT, day=[0.0], readings=sheets(["TTT"])[:, 0])
    after, _ = flags1.judge(watch, step, readings=sheets(["TTT"])[:, 0])
    assert (watch.count[0], after.count[0], after.perfect_run[0]) == (0, 1, 1)


def test_an_older_stored_watch_is_read_with_what_it_lacks_at_nothing():
    old = {"count": [3], "low_run": [[0, 1, 2]], "perfect_run": [0], "no longer used": [7]}
    watch = flags1.load_watch(old)
    assert (watch.count[0], watch.silent_run[0], watch.slide.tolist()) == (3, 0, [[0.0, 0.0, 0.0]])
    with pytest.raises(BadReadings, match="low_run"):
        flags1.load_watch(old | {"low_run": [[0, 1]]})


def test_unknown_tension_codes_are_refused():
    with pytest.raises(BadReadings, match="tension"):
        flags_of(["878"], [9])


def test_limits_lie_between_those_of_the_neighbouring_budgets():
    assert flags1.limits_for(0.25) == (0.25, 0.0226, 2.28)
    assert flags1.limits_for(0.15).dip < flags1.limits_for(0.2).dip < flags1.limits_for(0.25).dip
    assert flags1.limits_for(0.15).slide > flags1.limits_for(0.2).slide > flags1.limits_for(0.25).slide
    for budget in (0.0, 0.01, 5.0, np.nan):
        with pytest.raises(BadOptions, match=r"0\.02 to 3"):
            flags1.limits_for(budget)
