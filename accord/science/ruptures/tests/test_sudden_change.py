import csv
from pathlib import Path

import numpy as np
import pytest

from accord.science.ruptures.model import as_list
from accord.science.ruptures.rules import BY_NAME, Options

PUBLIC = Path(__file__).parents[5] / "shared" / "data" / "suddengains" / "sgdata.csv"
GAP = np.nan


def judged(*rows, **choices):
    return BY_NAME["sudden-change"].judge(np.array(rows, float), Options(**choices))


@pytest.fixture(scope="module")
def course():
    if not PUBLIC.exists():
        pytest.skip(f"the public example is not here: {PUBLIC}")
    with PUBLIC.open() as file:
        people = list(csv.DictReader(file))
    columns = [f"bdi_s{session}" for session in range(1, 13)]
    scores = [[float(row[c]) if row[c] != "NA" else GAP for c in columns] for row in people]
    return [row["id"] for row in people], np.array(scores)


def test_it_reproduces_the_published_gains(course):
    flags = BY_NAME["sudden-change"].judge(course[1], Options(cutoff=7))
    gains = flags.size[flags.kind_names == "sudden-gain"]
    assert len(gains) == 24
    assert len(set(flags.pair[flags.kind_names == "sudden-gain"])) == 15
    assert gains.mean() == pytest.approx(11.0, abs=5e-4)
    assert gains.std(ddof=1) == pytest.approx(3.426, abs=5e-4)


def test_it_reproduces_the_published_losses(course):
    ids, scores = course
    flags = BY_NAME["sudden-change"].judge(scores, Options(cutoff=7))
    losses = flags.kind_names == "sudden-loss"
    named = {
        f"{ids[pair]}_{session + 1}": size
        for pair, session, size in zip(flags.pair[losses], flags.session[losses], flags.size[losses], strict=True)
    }
    assert named == {"4_9": -9, "34_7": -12, "35_7": -18}


def test_it_names_the_session_before_the_change_and_what_it_used():
    (flag,) = as_list(judged([30, 31, 30, 15, 16, 15]))
    assert (flag.kind, flag.version, flag.pillar, flag.size) == ("sudden-gain", "sudden-change@1", "", 15)
    assert flag.readings == (1, 2, 3, 4, 5, 6)
    # by hand: means 30.3333 and 15.3333, both variances 1/3, t(.975; 4) = 2.776445
    assert flag.statistic == pytest.approx(15)
    assert flag.limit == pytest.approx(2.776445 * (1 / 3) ** 0.5, abs=1e-6)
    assert np.isnan(flag.expected_false_alarms)


@pytest.mark.parametrize(
    ("row", "choices"),
    [
        ([30, 31, 30, 24, 24, 24], {}),  # 6 points: too few
        ([60, 61, 60, 51, 50, 51], {"cutoff": 7}),  # 9 points of 60: less than a quarter
        ([30, 12, 30, 15, 30, 12], {}),  # large, but up and down all the time
        ([GAP, GAP, 30, 15, 16, 15], {}),  # one score before
        ([30, 31, 30, 15, GAP, GAP], {}),  # one score after
        ([30, 31, 30, GAP, 15, 16], {}),  # the next session is missing
    ],
)
def test_it_stays_quiet_when_one_criterion_fails(row, choices):
    assert len(judged(row, **choices).kind) == 0


def test_it_needs_only_two_scores_a_side():
    flags = judged([GAP, 31, 30, 15, GAP, 16])
    assert list(flags.session) == [2]
    assert (flags.first[0], flags.last[0]) == (1, 4)  # answered check-ins are counted, missed ones are not


def test_it_judges_each_pair_alone():
    quiet, loud = [10.0] * 6, [30, 31, 30, 15, 16, 15]
    together = judged(quiet, loud, quiet, loud)
    assert list(together.pair) == [1, 3]
    assert np.array_equal(together.limit, np.repeat(judged(loud).limit, 2))
