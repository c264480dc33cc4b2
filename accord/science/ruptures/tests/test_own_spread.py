import numpy as np
import pytest

from accord.science.ruptures.own_spread import below_own_mean, earlier_mean, falls, own_sd_falls, previous, sd_between

GAP = np.nan


def fired(judged):
    """(row, session from 1) of what fired."""
    return [(int(row), int(session) + 1) for row, session in np.argwhere(judged.kind >= 0)]


def table(rng, rows=60, sessions=9):
    scores = rng.normal(7, 1.5, (rows, sessions))
    scores[rng.random(scores.shape) < 0.25] = GAP
    return scores


def test_a_fall_of_one_point_fires_and_less_does_not():
    judged = falls(np.array([[36.0, 35.0, 34.1, 36.0, GAP, 34.9]]))
    assert fired(judged) == [(0, 2), (0, 6)]
    assert judged.size[0, 5] == pytest.approx(1.1)
    assert (judged.first[0, 5], judged.last[5]) == (3, 5)  # held against the fourth session, over the gap


def test_previous_gives_the_last_score_that_was_given():
    before, place = previous(np.array([[GAP, 5.0, GAP, 7.0, 6.0]]))
    assert np.array_equal(before, [[GAP, GAP, 5.0, 5.0, 7.0]], equal_nan=True)
    assert place.tolist() == [[-1, -1, 1, 1, 3]]


def own_sd_by_hand(scores, sds):
    """Person by person with numpy's own SD, as the papers describe it."""
    differences = [np.diff(row[~np.isnan(row)]) for row in scores]
    enough = [len(d) >= 4 for d in differences]
    centred = np.concatenate([d - d.mean() for d, ok in zip(differences, enough, strict=True) if ok])
    freedom = sum(len(d) - 1 for d, ok in zip(differences, enough, strict=True) if ok)
    between = np.sqrt((centred**2).sum() / freedom)
    found = []
    for row, (d, ok) in enumerate(zip(differences, enough, strict=True)):
        if not ok:
            continue
        places = np.flatnonzero(~np.isnan(scores[row]))[1:]
        limit = sds * max(d.std(ddof=1), between)
        found += [(row, int(place) + 1) for place, change in zip(places, d, strict=True) if -change >= limit]
    return found


@pytest.mark.parametrize("sds", [1.0, 2.0])
def test_own_sd_falls_are_those_found_person_by_person(sds):
    scores = table(np.random.default_rng(1), rows=300)
    assert fired(own_sd_falls(scores, sds=sds)) == own_sd_by_hand(scores, sds)
    assert fired(own_sd_falls(scores, sds=sds))


def test_own_sd_takes_the_stricter_of_the_two():
    steady, restless = [8, 8.2, 8, 8.2, 7.7, 8.0], [8, 2, 9, 1, 8, 2]
    alone = own_sd_falls(np.array([steady]))
    assert fired(alone) == [(0, 5)]
    assert (0, 5) not in fired(own_sd_falls(np.array([steady, restless])))


def test_own_sd_needs_five_scores():
    assert fired(own_sd_falls(np.array([[9.0, 9.0, 9.0, 3.0]]))) == []
    assert fired(own_sd_falls(np.array([[9.0, 9.0, 9.0, 9.0, 3.0]]))) == [(0, 5)]


def test_own_sd_of_a_part_agrees_with_the_whole_when_the_between_sd_is_given():
    scores = table(np.random.default_rng(2))
    part = own_sd_falls(scores[:10], between=sd_between(scores))
    assert np.array_equal(part.kind, own_sd_falls(scores).kind[:10])


def test_a_flat_course_has_no_fall():
    assert fired(own_sd_falls(np.full((3, 8), 7.0))) == []


def test_earlier_mean_leaves_out_the_score_itself():
    mean, count = earlier_mean(np.array([[GAP, 6.0, 8.0, GAP, 1.0]]))
    assert np.array_equal(mean, [[GAP, GAP, 6.0, 7.0, 7.0]], equal_nan=True)
    assert count.tolist() == [[0, 0, 1, 2, 2]]


def test_below_own_mean_waits_for_four_scores():
    assert fired(below_own_mean(np.array([[8.0, 8.0, 8.0, 2.0]]))) == []
    judged = below_own_mean(np.array([[8.0, 8.0, 8.0, 8.0, 6.0, 6.1]]))
    assert fired(judged) == [(0, 5)]
    assert judged.size[0, 4] == 2.0
