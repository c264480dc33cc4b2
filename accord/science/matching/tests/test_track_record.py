import csv
import gzip
from pathlib import Path

import numpy as np
import pytest
from scipy import linalg, sparse
from statsmodels.regression.mixed_linear_model import MixedLM

from accord.science.errors import BadReadings
from accord.science.matching.track_record import Cases, track_record, track_records, usable_records
from accord.science.mixed import Rows, fit_mixed

PUBLIC = Path(__file__).parents[5] / "shared" / "data" / "insteval" / "insteval.csv.gz"
# lme4, REML, y ~ 1 + (1 | s) + (1 | d), as the public data's own page gives them
LME4_MEAN, LME4_CLIENTS, LME4_THERAPISTS, LME4_REST = 3.25415828, 0.106214503, 0.273734862, 1.387179707


def ratings(some=None):
    """Scores, who rated, who was rated; of the first `some` who were rated."""
    if not PUBLIC.exists():
        pytest.skip(f"the public example is not here: {PUBLIC}")
    with gzip.open(PUBLIC, "rt") as file:
        rows = [(float(row["y"]), row["s"], row["d"], float(row["studage"])) for row in csv.DictReader(file)]
    y, s, d, age = (np.array(column) for column in zip(*rows, strict=True))
    kept = np.isin(d, np.unique(d)[:some]) if some else np.full(y.size, True)
    return y[kept], s[kept], d[kept], age[kept]


def drawn(rng, *, therapists=12, cases=20, between=0.3, slope=0.0, mix=0.0):
    """Cases of one problem, the true differences in SDs of an outcome, and severities that differ by therapist."""
    therapist = np.repeat([f"t{number:02}" for number in range(therapists)], cases)
    true = rng.normal(0.0, between, therapists)
    severity = rng.normal(0.0, 1.0, therapist.size) + np.repeat(rng.normal(0.0, mix, therapists), cases)
    y = 5.0 + 4.0 * (np.repeat(true, cases) + rng.normal(0.0, 1.0, therapist.size)) + slope * severity
    return Cases(therapist, y, severity), true / np.hypot(between, 1.0)


def test_therapist_by_client_ratings_give_the_mixed_model_to_three_digits():
    y, s, d, _ = ratings()
    found = track_record(Cases(d, y, client=s))
    assert found.between == pytest.approx(np.sqrt(LME4_THERAPISTS), rel=1e-4)
    assert found.within == pytest.approx(np.sqrt(LME4_REST + LME4_CLIENTS), rel=1e-4)
    # independently: the mixed-model equations of all 73,421 ratings, at the variances that lme4 prints
    label, rated = np.unique(d, return_inverse=True)
    rater = np.unique(s, return_inverse=True)[1]
    raters, count = rater.max() + 1, y.size
    rows = np.repeat(np.arange(count), 3)
    columns = np.column_stack((np.zeros(count, int), 1 + rater, 1 + raters + rated)).ravel()
    design = sparse.csr_array((np.ones(3 * count), (rows, columns)))
    system = (design.T @ design).toarray()
    ridge = (np.full(raters, LME4_REST / LME4_CLIENTS), np.full(label.size, LME4_REST / LME4_THERAPISTS))
    system[np.diag_indices(len(system))] += np.concatenate(([0.0], *ridge))
    factor = linalg.cho_factor(system, overwrite_a=True)
    solution = linalg.cho_solve(factor, design.T @ y)
    assert solution[0] == pytest.approx(LME4_MEAN, abs=1e-6)
    unit = np.sqrt(LME4_REST + LME4_CLIENTS + LME4_THERAPISTS)
    means = np.array([found.of[name].mean for name in label])
    assert means == pytest.approx(solution[1 + raters :] / unit, abs=5e-4)
    some = np.arange(0, label.size, 40)
    units = np.zeros((solution.size, some.size))
    units[1 + raters + some, np.arange(some.size)] = 1.0
    errors = np.sqrt(LME4_REST * np.diag(linalg.cho_solve(factor, units)[1 + raters + some]))
    widths = np.array([found.of[label[place]].high - found.of[label[place]].low for place in some])
    assert widths / (2 * 1.959964) == pytest.approx(errors / unit, abs=5e-4)


def test_one_grouping_is_what_statsmodels_finds():
    y, _, d, age = ratings(some=80)
    found = track_record(Cases(d, y, age))
    exog = np.column_stack((np.ones_like(y), age - age.mean()))
    other = MixedLM(y, exog, groups=d).fit(reml=True, gtol=1e-8)
    assert found.between == pytest.approx(np.sqrt(float(other.cov_re[0, 0])), rel=1e-3)
    assert found.within == pytest.approx(np.sqrt(other.scale), rel=1e-3)
    assert found.slope == pytest.approx(other.params[1], abs=5e-4)
    unit = np.hypot(found.between, found.within)
    for name, own in other.random_effects.items():
        assert found.of[name].mean * unit == pytest.approx(float(own.iloc[0]), abs=5e-4)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_it_is_our_own_mixed_model_too(seed):
    cases, _ = drawn(np.random.default_rng(seed), slope=1.5)
    found = track_record(cases)
    place = np.unique(cases.therapist, return_inverse=True)[1]
    fixed = np.column_stack((np.ones(place.size), cases.baseline - cases.baseline.mean()))
    fit = fit_mixed(Rows(cases.outcome, fixed, np.ones((place.size, 1)), place), names=("mean", "baseline"))
    unit = np.hypot(found.between, found.within)
    assert found.between == pytest.approx(np.sqrt(fit.random_cov[0, 0]), abs=1e-3)
    assert np.array([one.mean for one in found.of.values()]) * unit == pytest.approx(fit.own[:, 0], abs=1e-3)


def test_nothing_near_its_spread_is_likelier():
    cases, _ = drawn(np.random.default_rng(4))
    found = track_record(cases)
    place = np.unique(cases.therapist, return_inverse=True)[1]
    same = place[:, None] == place[None, :]
    fixed = np.column_stack((np.ones(place.size), cases.baseline))

    def criterion(between, within):
        cov = between**2 * same + within**2 * np.eye(place.size)
        inverse = np.linalg.inv(cov)
        inner = fixed.T @ inverse @ fixed
        rest = cases.outcome - fixed @ np.linalg.solve(inner, fixed.T @ inverse @ cases.outcome)
        return np.linalg.slogdet(cov)[1] + np.linalg.slogdet(inner)[1] + rest @ inverse @ rest

    here = criterion(found.between, found.within)
    for factor in (0.97, 1.03):
        assert criterion(found.between * factor, found.within) > here
        assert criterion(found.between, found.within * factor) > here


def test_hard_clients_do_not_make_a_poor_record():
    rng = np.random.default_rng(5)
    cases, true = drawn(rng, therapists=60, cases=40, slope=-4.0, mix=1.0)
    adjusted, raw = track_record(cases), track_record(cases._replace(baseline=None))
    severity = cases.baseline.reshape(60, 40).mean(axis=1)
    means = [np.array([one.mean for one in found.of.values()]) for found in (adjusted, raw)]
    assert abs(np.corrcoef(means[0] - true, severity)[0, 1]) < 0.3
    assert np.corrcoef(means[1] - true, severity)[0, 1] < -0.8
    assert adjusted.slope == pytest.approx(-4.0, abs=0.25)


@pytest.mark.parametrize(("therapists", "between"), [(6, 0.3), (12, 0.3), (40, 0.3), (12, 0.0), (12, 0.8)])
def test_its_intervals_hold_the_truth_as_often_as_they_say(therapists, between):
    rng = np.random.default_rng(6)
    held = []
    for _ in range(60):
        cases, true = drawn(rng, therapists=therapists, between=between)
        records = track_record(cases).of.values()
        held += [one.low <= truth <= one.high for one, truth in zip(records, true, strict=True)]
    assert np.mean(held) > 0.93


def test_a_spread_of_nought_still_leaves_an_interval():
    rng = np.random.default_rng(7)
    found = next(
        one for one in (track_record(drawn(rng, therapists=5, between=0.0)[0]) for _ in range(40)) if one.between == 0.0
    )
    for one in found.of.values():
        assert one.mean == 0.0 and one.high > 0.05 and one.low < -0.05


def test_few_cases_are_drawn_further_and_known_less():
    rng = np.random.default_rng(8)
    cases, _ = drawn(rng, therapists=10, cases=40, between=0.5)
    fewer = np.concatenate((np.arange(4), np.arange(40, 400)))
    all_of_them, some = track_record(cases).of["t00"], track_record(cases.of(fewer)).of["t00"]
    assert (all_of_them.n, some.n) == (40, 4)
    assert some.high - some.low > all_of_them.high - all_of_them.low


def test_only_those_who_allow_it_and_have_fifteen_cases_are_used():
    rng = np.random.default_rng(9)
    cases, _ = drawn(rng, therapists=6, cases=15)
    problem = np.where(np.arange(90) < 75, "need:anxiety", "need:sleep")
    problem[0] = "need:sleep"  # t00 keeps 14 cases of anxiety
    found, without = track_records(cases, problem)
    assert set(found) == {"need:anxiety"}
    assert without == {"need:sleep": "2 therapists have a completed case; give 5 or more"}
    assert found["need:anxiety"].of["t00"].n == 14
    seen = usable_records(found, ["t00", "t01"])
    assert seen == {"t00": {}, "t01": {"need:anxiety": found["need:anxiety"].of["t01"]}}


def test_units_and_shifts_of_the_outcome_change_nothing():
    cases, _ = drawn(np.random.default_rng(10), slope=1.0)
    moved = cases._replace(outcome=100.0 - 3.0 * -cases.outcome, baseline=7.0 + 10.0 * cases.baseline)
    one, other = track_record(cases), track_record(moved)
    assert other.slope == pytest.approx(0.3 * one.slope, rel=1e-4)
    for name, interval in one.of.items():
        assert other.of[name] == pytest.approx(interval, abs=1e-5)


@pytest.mark.parametrize(
    ("cases", "says"),
    [
        (Cases(list("aabbccdd"), range(8)), "4 therapists have a completed case; give 5 or more"),
        (Cases(list("aabbccdd"), range(9)), "therapist: 8 for 9 outcomes"),
        (Cases(list("aabcde"), range(6)), "6 cases of 5 therapists are too few"),
        (Cases(list("aabbccddee"), np.ones(10)), "every outcome is 1"),
        (Cases(list("aabbccddee"), range(10), range(9)), "baseline: 9 for 10 outcomes"),
        (Cases(list("aabbccddee"), range(10), None, list("abc")), "client: 3 for 10 outcomes"),
        (Cases(list("aabbccddee"), [1, 1, 2, 2, 3, 3, 4, 4, 5, 5]), "tells every outcome exactly"),
        (Cases(list("aabbccddee"), [np.nan, *range(9)]), "number 1 is nan"),
    ],
)
def test_what_says_nothing_is_refused(cases, says):
    with pytest.raises(BadReadings, match=says):
        track_record(cases)


def test_every_case_has_a_problem():
    with pytest.raises(BadReadings, match="problem: 1 for 10 cases"):
        track_records(Cases(list("aabbccddee"), range(10)), ["need:sleep"])
