import csv
from pathlib import Path

import numpy as np
import pytest
from scipy.special import ndtri

from accord.science.errors import BadOptions, BadReadings
from accord.science.outcomes import CourseModel, expected_course, fit_course, own_course

PUBLIC = Path(__file__).parents[5] / "shared" / "data" / "suddengains" / "sgdata.csv"
START, CHANGE, NOISE = 20.0, -1.0, 3.0
OWN = np.array([[25.0, -1.2], [-1.2, 0.4]])


def drawn(people, sessions, rng):
    times = np.tile(np.arange(sessions, dtype=float), (people, 1))
    own = rng.multivariate_normal([START, CHANGE], OWN, people)
    scores = own[:, :1] + own[:, 1:] * times + rng.normal(0.0, NOISE, times.shape)
    return scores, times, own


@pytest.fixture(scope="module")
def model():
    scores, times, _ = drawn(400, 10, np.random.default_rng(1))
    scores[np.random.default_rng(2).random(scores.shape) < 0.2] = np.nan
    return fit_course(scores, times)


def test_the_public_example_gives_the_published_course():
    if not PUBLIC.exists():
        pytest.skip(f"the public example is not here: {PUBLIC}")
    with PUBLIC.open() as file:
        people = list(csv.DictReader(file))
    scores = np.array(
        [[float(p[f"bdi_s{s}"]) if p[f"bdi_s{s}"] != "NA" else np.nan for s in range(1, 13)] for p in people]
    )
    fitted = fit_course(scores, np.tile(np.arange(12.0), (len(people), 1)))
    assert fitted.fit.criterion == pytest.approx(2664.4970, abs=5e-5)
    course = expected_course(fitted, [0, 11])
    assert course.mean == pytest.approx([32.737968, 32.737968 - 11 * 1.978750], abs=2e-5)
    assert (course.band_low < course.low).all()


def test_missing_scores_leave_the_course_where_it_is(model):
    course = expected_course(model, [0, 9])
    assert (course.low < [START, START + 9 * CHANGE]).all()
    assert (course.high > [START, START + 9 * CHANGE]).all()


def test_its_band_holds_the_share_of_new_people_that_it_says(model):
    scores, times, _ = drawn(4000, 10, np.random.default_rng(3))
    for share in (0.5, 0.8, 0.95):
        course = expected_course(model, times[0], share=share)
        inside = ((scores >= course.band_low) & (scores <= course.band_high)).mean()
        assert inside == pytest.approx(share, abs=0.025)


def test_a_persons_own_course_is_the_conditional_gaussian(model):
    # brute force: the joint covariance of the scores seen and the levels to come, the effects taken as known
    seen, asked = np.array([0.0, 1.0, 3.0]), np.array([4.0, 8.0])
    y = np.array([12.0, 13.0, 9.0])
    known = CourseModel(model.shape, model.fit._replace(effects_cov=np.zeros((2, 2))))
    course = own_course(known, seen, y, asked)
    line = np.column_stack((np.ones(5), np.concatenate((seen, asked))))
    joint = line @ model.fit.random_cov @ line.T
    joint[:3, :3] += model.fit.residual_variance * np.eye(3)
    mean = line @ model.fit.effects
    weight = joint[3:, :3] @ np.linalg.inv(joint[:3, :3])
    assert course.mean == pytest.approx(mean[3:] + weight @ (y - mean[:3]))
    left = np.diag(joint[3:, 3:] - weight @ joint[:3, 3:])
    assert course.high - course.mean == pytest.approx(ndtri(0.975) * np.sqrt(left))
    wide = ndtri(0.9) * np.sqrt(left + model.fit.residual_variance)
    assert course.band_high - course.mean == pytest.approx(wide)


def test_not_knowing_the_effects_makes_it_wider(model):
    known = CourseModel(model.shape, model.fit._replace(effects_cov=np.zeros((2, 2))))
    seen = ([0.0, 1.0], [12.0, 13.0], [9.0])
    assert own_course(model, *seen).high > own_course(known, *seen).high


def test_own_courses_hold_the_truth_and_are_narrower_than_those_of_strangers(model):
    scores, times, own = drawn(1500, 10, np.random.default_rng(4))
    levels, next_scores = own[:, 0] + own[:, 1] * 9.0, scores[:, 9]
    of_level = of_score = 0
    for row in range(len(scores)):
        course = own_course(model, times[row, :5], scores[row, :5], [9.0])
        of_level += course.low[0] <= levels[row] <= course.high[0]
        of_score += course.band_low[0] <= next_scores[row] <= course.band_high[0]
    assert of_level / len(scores) == pytest.approx(0.95, abs=0.03)
    assert of_score / len(scores) == pytest.approx(0.80, abs=0.04)
    stranger = expected_course(model, [9.0])
    assert course.band_high[0] - course.band_low[0] < stranger.band_high[0] - stranger.band_low[0]


def test_a_slowing_course_is_a_line_in_the_logarithm():
    scores, times, _ = drawn(60, 8, np.random.default_rng(5))
    slowing = fit_course(scores, times, shape="slowing")
    line = fit_course(scores, np.log1p(times))
    assert slowing.fit.effects == pytest.approx(line.fit.effects)
    assert expected_course(slowing, [3.0]).mean == pytest.approx(expected_course(line, [np.log(4.0)]).mean)


def test_mistakes_are_named(model):
    scores, times, _ = drawn(5, 4, np.random.default_rng(6))
    with pytest.raises(BadOptions, match="shape 'curve'"):
        fit_course(scores, times, shape="curve")  # type: ignore[arg-type]
    with pytest.raises(BadReadings, match="times: row 2, column 1 is nan"):
        fit_course(scores, np.where((np.arange(5) == 2)[:, None] & (np.arange(4) == 1), np.nan, times))
    with pytest.raises(BadReadings, match="times: shape"):
        fit_course(scores, times[:, :2])
    with pytest.raises(BadOptions, match="share"):
        expected_course(model, [1.0], share=1.0)
    with pytest.raises(BadReadings, match="before the first score"):
        expected_course(model, [-1.0])
    with pytest.raises(BadReadings, match="seen_times: 2 for 1 scores"):
        own_course(model, [0.0, 1.0], [20.0], [2.0])
