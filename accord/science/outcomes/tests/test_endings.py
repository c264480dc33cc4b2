import numpy as np
import pytest
from scipy import stats
from statsmodels.duration.survfunc import CumIncidenceRight, SurvfuncRight

from accord.science.errors import BadOptions, BadReadings
from accord.science.outcomes import GOING, PLANNED, UNPLANNED, endings, retention

HAZARDS = np.array([[0.00, 0.02, 0.04, 0.05, 0.10, 0.10, 0.15, 0.15], [0.10, 0.12, 0.08, 0.05, 0.05, 0.04, 0.03, 0.03]])
TRUE_STAYING = np.cumprod(1.0 - HAZARDS.sum(axis=0))
TRUE_ENDED = np.cumsum(np.concatenate(([1.0], TRUE_STAYING[:-1])) * HAZARDS, axis=1)


def drawn(people, rng, *, followed=(1, 9)):
    """People with known hazards of each ending; each is followed for a random number of sessions."""
    sessions, words = np.full(people, 8), np.full(people, GOING, dtype=object)
    alive = np.ones(people, bool)
    for k in range(8):
        u = rng.random(people)
        for way, (low, high) in (
            (PLANNED, (0.0, HAZARDS[0, k])),
            (UNPLANNED, (HAZARDS[0, k], HAZARDS[0, k] + HAZARDS[1, k])),
        ):
            hit = alive & (u >= low) & (u < high)
            sessions[hit], words[hit] = k + 1, way
        alive &= words == GOING
    seen = rng.integers(*followed, size=people)
    cut = sessions >= seen  # the session after the last one seen, and how it ended, are not known yet
    return np.where(cut, seen, sessions), list(np.where(cut, GOING, words))


def in_ticks(sessions, words):
    """Times for continuous-time software: a person still going leaves before the moment after the last session."""
    going = np.array(words) == GOING
    return 2 * np.asarray(sessions) - going


def test_without_anyone_still_going_it_is_plain_counting():
    held = retention([1, 2, 2, 3, 5, 8, 9, 10, 3, 2], [UNPLANNED] * 5 + [PLANNED] * 5)
    assert held.session.tolist() == [3, 8]
    assert held.share == pytest.approx([0.6, 0.3])
    assert held.at_risk.tolist() == [9, 3]
    both = endings([1, 2, 2, 3, 5, 8, 9, 10, 3, 2], [UNPLANNED] * 5 + [PLANNED] * 5, until=10)
    assert both.incidence[:, 2] == pytest.approx([0.2, 0.4])
    assert both.incidence[:, 9] == pytest.approx([0.5, 0.5])


def test_a_hand_made_course_with_people_still_going():
    # after 1: four of five are past it, one ended there (hazard 1/5); after 2: one still going is not counted, 1 of 3
    held = retention([1, 2, 2, 3, 4], [UNPLANNED, GOING, PLANNED, GOING, UNPLANNED], at=(1, 2, 3))
    assert held.share == pytest.approx([1.0, 4 / 5, 4 / 5 * 2 / 3])
    assert held.at_risk.tolist() == [5, 5, 3]


def test_it_agrees_with_statsmodels():
    sessions, words = drawn(400, np.random.default_rng(1))
    status = np.array([{GOING: 0, PLANNED: 1, UNPLANNED: 2}[word] for word in words])
    theirs = SurvfuncRight(in_ticks(sessions, words), (status > 0).astype(int))
    ours = retention(sessions, words, at=range(2, 9))
    place = np.searchsorted(theirs.surv_times, 2 * np.arange(1, 8), side="right") - 1
    assert ours.share == pytest.approx(theirs.surv_prob[place], abs=1e-12)
    reach = 1.959963984540054 * theirs.surv_prob_se[place] / (ours.share * -np.log(ours.share))
    assert ours.low == pytest.approx(ours.share ** np.exp(reach), abs=1e-10)

    with np.errstate(divide="ignore", invalid="ignore"):
        incidence = CumIncidenceRight(in_ticks(sessions, words), status)
    both = endings(sessions, words, until=7)
    place = np.searchsorted(incidence.times, 2 * np.arange(1, 8), side="right") - 1
    for way in range(2):
        assert both.incidence[way] == pytest.approx(incidence.cinc[way][place], abs=1e-12)
        p, se = both.incidence[way], incidence.cinc_se[way][place]
        inside = p > 0
        reach = 1.959963984540054 * se[inside] / (p[inside] * -np.log(p[inside]))
        assert both.high[way][inside] == pytest.approx(p[inside] ** np.exp(-reach), abs=1e-9)


def test_the_three_shares_are_one_and_going_is_retention():
    sessions, words = drawn(300, np.random.default_rng(2))
    both = endings(sessions, words, until=7)
    assert both.incidence.sum(axis=0) + both.going == pytest.approx(np.ones(7))
    assert retention(sessions, words, at=range(2, 9)).share == pytest.approx(both.going)
    assert (np.diff(both.incidence, axis=1) >= 0).all()


def test_it_finds_the_truth_and_its_intervals_cover_it():
    rng, runs = np.random.default_rng(3), 400
    stayed, planned, unplanned = [], [], []
    for _ in range(runs):
        sessions, words = drawn(150, rng)
        held, both = retention(sessions, words, at=(3, 7)), endings(sessions, words, until=6)
        stayed.append((held.low <= TRUE_STAYING[[1, 5]]) & (TRUE_STAYING[[1, 5]] <= held.high))
        covered = (both.low[:, 5] <= TRUE_ENDED[:, 5]) & (TRUE_ENDED[:, 5] <= both.high[:, 5])
        planned.append(covered[0])
        unplanned.append(covered[1])
    for share in (*np.mean(stayed, axis=0), np.mean(planned), np.mean(unplanned)):
        assert 0.92 <= share <= 0.98  # .95 ± 3 √(.95 · .05 / 400)


def test_counting_those_still_going_as_having_stayed_looks_better_than_the_truth():
    sessions, words = drawn(60_000, np.random.default_rng(4))
    ours = retention(sessions, words, at=(7,)).share[0]
    naive = SurvfuncRight(np.asarray(sessions, float), (np.array(words) != GOING).astype(int))
    theirs = naive.surv_prob[np.searchsorted(naive.surv_times, 6.0, side="right") - 1]
    assert ours == pytest.approx(TRUE_STAYING[5], abs=0.01)
    assert theirs > TRUE_STAYING[5] + 0.03


def test_nobody_ended_gives_the_exact_bound_and_not_certainty():
    held = retention([5] * 20, [GOING] * 20, at=(3,))
    assert (held.share[0], held.high[0]) == (1.0, 1.0)
    assert held.low[0] == pytest.approx(stats.binomtest(20, 20).proportion_ci().low)
    both = endings([5] * 20, [GOING] * 20, until=3)
    assert both.high[1, 2] == pytest.approx(stats.binomtest(0, 20).proportion_ci().high)


def test_beyond_the_last_one_followed_nothing_is_known_but_an_ended_group_stays_ended():
    held = retention([4, 4], [GOING, GOING], at=(3, 8))
    assert held.share[0] == 1.0
    assert np.isnan([held.share[1], held.low[1], held.high[1]]).all()
    over = retention([2, 4], [PLANNED, UNPLANNED], at=(8,))
    assert over.share[0] == over.low[0] == 0.0
    assert 0.0 < over.high[0] < 1.0
    assert endings([2, 4], [PLANNED, UNPLANNED], until=8).incidence[:, 7] == pytest.approx([0.5, 0.5])


def test_what_is_not_known_later_leaves_earlier_intervals_alone():
    sessions, words = [1, 2, 3, 4, 5, 4], [UNPLANNED, PLANNED, GOING, UNPLANNED, GOING, GOING]
    short, long = endings(sessions, words, until=4), endings(sessions, words, until=9)
    assert np.isnan(long.high[:, 5:]).all()
    assert long.low[:, :4] == pytest.approx(short.low)
    assert long.high[:, :4] == pytest.approx(short.high)


def test_everybody_holds_the_first_session():
    held = retention([1, 1], [UNPLANNED, GOING], at=(1, 2))
    assert (held.share[0], held.low[0], held.high[0]) == (1.0, 1.0, 1.0)
    assert held.share[1] == 0.0


def test_the_definition_travels_with_the_number():
    assert "planned ones too" in retention([3], [PLANNED]).definition
    assert "every other ending" in endings([3], [PLANNED], until=3).definition


@pytest.mark.parametrize(
    ("sessions", "words", "says"),
    [
        ([0, 2], [PLANNED, PLANNED], "sessions: person 1 has 0"),
        ([1, 2.5], [PLANNED, PLANNED], "sessions: person 2 has 2.5"),
        ([1, 2], [PLANNED, "dropout"], "ending: person 2 has 'dropout'"),
        ([1, 2], [PLANNED], "one word for each"),
        ([], [], "sessions: shape"),
        ([1, np.nan], [PLANNED, GOING], "sessions: number 2 is nan"),
    ],
)
def test_a_mistake_is_named_with_its_place(sessions, words, says):
    with pytest.raises(BadReadings, match=says):
        retention(sessions, words)


@pytest.mark.parametrize("at", [(), (0,), (2.5,)])
def test_session_numbers_are_whole_and_from_one(at):
    with pytest.raises(BadOptions, match="at "):
        retention([3], [PLANNED], at=at)
    with pytest.raises(BadOptions, match="until"):
        endings([3], [PLANNED], until=0)
