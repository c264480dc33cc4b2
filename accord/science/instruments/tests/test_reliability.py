import csv
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from accord.science.errors import BadOptions, BadReadings
from accord.science.instruments.reliability import cronbach_alpha, intraclass, mcdonald_omega

PUBLIC = Path(__file__).parents[5] / "shared" / "data"

# Shrout & Fleiss (1979), table 2: six targets, four judges
JUDGES = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]


def public(name):
    path = PUBLIC / name
    if not path.exists():
        pytest.skip(f"the public example is not here: {path}")
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def wide(rows, person, item, score):
    people, items = sorted({row[person] for row in rows}), sorted({row[item] for row in rows})
    table = np.full((len(people), len(items)), np.nan)
    for row in rows:
        table[people.index(row[person]), items.index(row[item])] = float(row[score])
    return table


def icc_values(found):
    return [one.icc for one in (found.icc1, found.icc2, found.icc3, found.icc1k, found.icc2k, found.icc3k)]


def tau_equivalent(people, rng, *, items=6, error=1.5):
    return rng.normal(0.0, 1.0, (people, 1)) + rng.normal(0.0, error, (people, items))


def congeneric(people, rng, loadings, unique):
    return rng.normal(0.0, 1.0, (people, 1)) * loadings + rng.normal(0.0, np.sqrt(unique), (people, len(loadings)))


def test_wines_by_judges_give_the_published_table():
    found = intraclass(wide(public("pingouin/icc.csv"), "Wine", "Judge", "Scores"))
    assert icc_values(found) == pytest.approx([0.7275, 0.7277, 0.7295, 0.9144, 0.9145, 0.9152], abs=5e-5)
    assert (found.targets, found.raters, found.left_out) == (8, 4, 0)
    assert found.icc1.freedom == (7, 24)


def test_the_paper_that_named_them_gives_its_table():
    assert icc_values(intraclass(JUDGES)) == pytest.approx([0.17, 0.29, 0.71, 0.44, 0.62, 0.91], abs=5e-3)


def test_shifting_a_judge_moves_all_but_the_third():
    moved = np.add(JUDGES, [0.0, 5.0, 0.0, 0.0])
    before, after = intraclass(JUDGES), intraclass(moved)
    assert after.icc3.icc == pytest.approx(before.icc3.icc)
    assert after.icc2.icc != pytest.approx(before.icc2.icc, abs=0.02)


def test_averages_follow_spearman_and_brown():
    found = intraclass(JUDGES)
    for single, mean in ((found.icc1, found.icc1k), (found.icc2, found.icc2k), (found.icc3, found.icc3k)):
        for one, of_four in zip(single[1:4], mean[1:4], strict=True):
            assert of_four == pytest.approx(4 * one / (1 + 3 * one))


def test_alpha_is_the_third_icc_of_averages():
    assert cronbach_alpha(JUDGES).alpha == pytest.approx(intraclass(JUDGES).icc3k.icc)
    assert cronbach_alpha(JUDGES).low == pytest.approx(intraclass(JUDGES).icc3k.low)
    assert cronbach_alpha(JUDGES).high == pytest.approx(intraclass(JUDGES).icc3k.high)


@pytest.mark.parametrize(("form", "rater_sd"), [("icc1", 0.0), ("icc2", 0.7), ("icc3", 0.7)])
def test_icc_intervals_cover_the_truth(form, rater_sd):
    rng, runs, hits = np.random.default_rng(2), 600, 0
    truth = 1.0 / (1.0 + 1.0 + (rater_sd**2 if form == "icc2" else 0.0))
    for _ in range(runs):
        ratings = rng.normal(0.0, 1.0, (25, 1)) + rng.normal(0.0, rater_sd, 5) + rng.normal(0.0, 1.0, (25, 5))
        found = getattr(intraclass(ratings), form)
        hits += found.low <= truth <= found.high
    assert 0.925 <= hits / runs <= 0.98


def test_targets_that_a_judge_missed_are_left_out_and_counted():
    with_gap = [*JUDGES, [np.nan, 3, 3, 3]]
    found = intraclass(with_gap)
    assert (found.targets, found.left_out) == (6, 1)
    assert found.icc2.icc == intraclass(JUDGES).icc2.icc


def test_alpha_on_the_public_tables():
    full = cronbach_alpha(wide(public("pingouin/cronbach_alpha.csv"), "Subj", "Items", "Scores"))
    assert (full.people, full.items) == (15, 10)
    gaps = cronbach_alpha([[row[q] or np.nan for q in row] for row in public("pingouin/cronbach_wide_missing.csv")])
    assert (gaps.people, gaps.left_out) == (9, 3)
    for found, low, high in ((full, 0.195, 0.840), (gaps, 0.533, 0.947)):
        assert low - 5e-4 < found.low < found.alpha < found.high < high + 5e-4


def test_alpha_of_two_items_is_the_closed_form():
    rng = np.random.default_rng(3)
    x, y = rng.normal(size=(2, 50))
    y = 0.6 * x + y
    shared = np.cov(x, y)[0, 1]
    assert cronbach_alpha(np.column_stack((x, y))).alpha == pytest.approx(4 * shared / (x + y).var(ddof=1))


def test_feldts_interval_covers_the_truth():
    rng, runs = np.random.default_rng(4), 800
    truth = 6.0 / (6.0 + 1.5**2)  # k / (k + error variance)
    found = [cronbach_alpha(tau_equivalent(40, rng)) for _ in range(runs)]
    assert 0.93 <= np.mean([one.low <= truth <= one.high for one in found]) <= 0.97


def test_care_items_of_the_public_conversations():
    rows = public("mibot/data.csv")
    items = np.array([[float(row[q]) for q in row if q.startswith("CAREQ")] for row in rows])
    total = items.sum(axis=1)
    assert items.shape == (106, 10)
    assert total.mean() == pytest.approx(42.03, abs=5e-3)
    assert total.std(ddof=1) == pytest.approx(7.49, abs=5e-3)
    alpha, omega = cronbach_alpha(items), mcdonald_omega(items, rng=np.random.default_rng(5), draws=200)
    assert alpha.low < omega.omega < alpha.high


def test_omega_is_alpha_where_all_items_are_alike():
    items = tau_equivalent(20_000, np.random.default_rng(6))
    assert mcdonald_omega(items, rng=np.random.default_rng(7), draws=100).omega == pytest.approx(
        cronbach_alpha(items).alpha, abs=1e-3
    )


def test_omega_exceeds_alpha_where_items_differ():
    loadings, unique = np.array([0.2, 0.9, 1.5, 0.4]), np.array([1.0, 0.5, 0.8, 1.2])
    truth = loadings.sum() ** 2 / (loadings.sum() ** 2 + unique.sum())
    items = congeneric(20_000, np.random.default_rng(8), loadings, unique)
    found = mcdonald_omega(items, rng=np.random.default_rng(9), draws=100)
    assert found.omega == pytest.approx(truth, abs=0.01)
    assert found.loadings == pytest.approx(loadings, abs=0.05)
    assert found.unique == pytest.approx(unique, abs=0.07)
    assert cronbach_alpha(items).alpha < truth - 0.03


def test_omegas_interval_covers_the_truth_and_is_the_same_for_the_same_generator():
    loadings, unique = np.array([0.6, 0.8, 1.0, 0.7, 0.9]), np.array([0.7, 0.5, 0.6, 0.8, 0.4])
    truth = loadings.sum() ** 2 / (loadings.sum() ** 2 + unique.sum())
    rng, runs = np.random.default_rng(10), 150
    found = [mcdonald_omega(congeneric(100, rng, loadings, unique), rng=rng, draws=150) for _ in range(runs)]
    assert 0.88 <= np.mean([one.low <= truth <= one.high for one in found]) <= 0.98
    items = congeneric(50, rng, loadings, unique)
    first, second = (mcdonald_omega(items, rng=np.random.default_rng(11), draws=100) for _ in range(2))
    assert (first.low, first.high) == (second.low, second.high)


def test_an_item_that_is_the_factor_is_told():
    # closed form of three items: λ₁² = s₁₂ s₁₃ / s₂₃; here it passes the variance of the first
    rng = np.random.default_rng(12)
    cov = np.array([[1.0, 0.7, 0.7], [0.7, 1.0, 0.3], [0.7, 0.3, 1.0]])
    raw = rng.normal(size=(200, 3))
    raw = np.linalg.solve(np.linalg.cholesky(np.cov(raw, rowvar=False)), raw.T).T @ np.linalg.cholesky(cov).T
    assert mcdonald_omega(raw, rng=rng, draws=100).at_boundary


def test_raters_who_contradict_each_other_leave_an_icc_untold_and_not_an_error():
    found = intraclass([[7.0, 6.0], [6.0, 5.0], [5.0, 7.0]])
    assert found.icc2.icc == pytest.approx(-1.0)
    assert np.isnan(found.icc2k.icc)


ROOM = np.random.default_rng(13).normal(size=(20, 4))


@pytest.mark.parametrize(
    ("what", "says"),
    [
        (lambda: cronbach_alpha(ROOM[:, :1]), "give 3 rows or more of 2 items or more"),
        (lambda: cronbach_alpha(np.where(np.arange(20)[:, None] > 1, np.nan, ROOM)), "items: 2 complete rows"),
        (lambda: cronbach_alpha(np.tile([1.0, 2.0], (5, 1))), "everybody has the same sum"),
        (lambda: cronbach_alpha(ROOM[0]), "items: shape"),
        (lambda: intraclass(np.ones((5, 3))), "no spread between targets"),
        (lambda: intraclass(ROOM[:2]), "ratings: 2 complete rows of 4 raters"),
        (lambda: mcdonald_omega(ROOM[:, :2], rng=np.random.default_rng(1)), "of 3 items or more"),
        (lambda: mcdonald_omega(ROOM * [1, 0, 1, 1], rng=np.random.default_rng(1)), "same answer to item 2"),
        (lambda: mcdonald_omega(ROOM[:, [0, 1, 2, 2]], rng=np.random.default_rng(1)), "follows from the others"),
    ],
)
def test_what_tells_no_reliability_is_refused(what, says):
    with pytest.raises(BadReadings, match=says):
        what()


def test_too_few_draws_are_refused():
    with pytest.raises(BadOptions, match="draws 50"):
        mcdonald_omega(ROOM, rng=np.random.default_rng(1), draws=50)


def test_the_f_ratio_is_the_one_way_analysis_of_variance():
    found = intraclass(JUDGES)
    assert found.icc1.f == pytest.approx(stats.f_oneway(*np.array(JUDGES, float)).statistic)
