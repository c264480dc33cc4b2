import numpy as np
import pytest

from accord.science.errors import BadReadings
from accord.science.instruments.reliability import intraclass
from accord.science.mixed import split

GAP = np.nan


def test_a_score_is_its_trait_and_its_state():
    parts = split([[4.0, 6.0, GAP], [9.0, GAP, GAP], [GAP, GAP, GAP]])
    assert parts.trait[:2].tolist() == [5.0, 9.0]
    assert np.isnan(parts.trait[2])
    assert parts.state[0, :2].tolist() == [-1.0, 1.0]
    assert parts.state[1, 0] == 0.0
    assert np.isnan(parts.state).sum() == 6
    assert parts.count.tolist() == [2, 1, 0]


def test_its_share_is_the_one_way_icc_where_all_answered():
    scores = np.random.default_rng(1).normal(5.0, 1.0, (40, 6)) + np.random.default_rng(2).normal(0.0, 1.0, (40, 1))
    assert split(scores).share_between == pytest.approx(intraclass(scores).icc1.icc)


def test_unequal_numbers_of_sessions_leave_the_variances_unbiased():
    rng, between, within = np.random.default_rng(3), [], []
    for _ in range(300):
        scores = rng.normal(0.0, 1.5, (40, 1)) + rng.normal(0.0, 1.0, (40, 8))
        scores[np.arange(8) >= rng.integers(1, 9, 40)[:, None]] = GAP
        parts = split(scores)
        between.append(parts.between)
        within.append(parts.within)
    for found, truth in ((between, 2.25), (within, 1.0)):
        assert np.mean(found) == pytest.approx(truth, abs=4 * np.std(found) / np.sqrt(300))


def test_people_no_more_different_than_noise_have_no_variance_between():
    assert split([[1.0, 3.0], [2.0, 2.0]]).between == 0.0


@pytest.mark.parametrize("scores", [[[1.0, 2.0]], [[1.0], [2.0]], [[GAP, GAP], [GAP, GAP]]])
def test_one_person_or_one_session_tells_no_variances(scores):
    parts = split(scores)
    assert np.isnan([parts.between, parts.within, parts.share_between]).all()


def test_everybody_always_the_same_has_no_share():
    assert np.isnan(split([[2.0, 2.0], [2.0, 2.0]]).share_between)


@pytest.mark.parametrize(
    ("scores", "says"),
    [
        ([1.0, 2.0], "scores: shape"),
        ([[1.0, np.inf]], "row 0, column 1 is infinite"),
        ([["a", "b"]], "not a table of numbers"),
        (np.empty((0, 3)), "scores: shape"),
    ],
)
def test_what_is_no_table_is_named(scores, says):
    with pytest.raises(BadReadings, match=says):
        split(scores)
