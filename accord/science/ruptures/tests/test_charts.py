import numpy as np
import pytest

from accord.science.ruptures import charts, run_lengths

GAP = np.nan
KNOWN = charts.Baseline(centre=0.0, sd=1.0)


def sessions(judged):
    return (np.flatnonzero(judged.kind[0] >= 0) + 1).tolist()


def test_xmr_takes_the_natural_limit_from_moving_ranges():
    # ranges 1 1 1 1 6, mean 2; mean of scores 7.5; limit 7.5 − 5.32 = 2.18
    judged = charts.xmr(np.array([[9.0, 8.0, 9.0, 8.0, 9.0, 3.0]]))
    assert judged.band_low[0, 0] == pytest.approx(46 / 6 - 2.66 * 2)
    assert sessions(judged) == []
    assert sessions(charts.xmr(np.array([[9.0, 8.0] * 6 + [4.0]]))) == [13]


def test_xmr_joins_over_a_missed_session():
    with_gap = charts.xmr(np.array([[9.0, 8.0, GAP, 9.0, 8.0, 2.0]]))
    without = charts.xmr(np.array([[9.0, 8.0, 9.0, 8.0, 2.0]]))
    assert with_gap.limit[0, 0] == without.limit[0, 0]


def test_two_scores_are_too_few_for_xmr():
    assert sessions(charts.xmr(np.array([[9.0, 0.0, GAP, GAP]]))) == []


def test_shewhart_fires_on_falls_only():
    judged = charts.shewhart(np.array([[0.0, -3.1, 3.5, -2.9]]), KNOWN)
    assert sessions(judged) == [2]
    assert [judged.size[0, 1], float(judged.band_low), float(judged.band_high)] == [3.1, -3.0, 3.0]


def test_charts_without_a_given_baseline_use_the_clients_own_earlier_scores():
    row = np.array([[8.0, 6.0, 7.0, GAP, 7.0, 3.0, 3.0]])
    z, centre, sd = charts.standardised(row, charts.Baseline())
    assert np.isnan(z[0, :5]).all()
    earlier = np.array([8.0, 6.0, 7.0, 7.0])
    assert (centre[0, 5], sd[0, 5]) == pytest.approx((earlier.mean(), earlier.std(ddof=1)))
    assert z[0, 5] == pytest.approx((3 - earlier.mean()) / earlier.std(ddof=1))
    later = np.append(earlier, 3.0)
    assert (centre[0, 6], sd[0, 6]) == pytest.approx((later.mean(), later.std(ddof=1)))


def test_a_client_who_always_answers_the_same_has_no_spread_to_be_held_against():
    assert sessions(charts.shewhart(np.array([[8.0] * 6 + [2.0]]), charts.Baseline())) == []


def test_ewma_follows_the_recursion_and_skips_gaps():
    judged = charts.ewma(np.array([[-1.0, GAP, -2.0, 0.0]]), KNOWN, weight=0.2)
    assert judged.statistic[0] == pytest.approx([0.2, 0.2, 0.56, 0.448])


def test_cusum_follows_the_recursion_and_starts_again_after_it_fired():
    judged = charts.cusum(np.array([[-2.0, -2.0, GAP, -2.0, -1.0]]), KNOWN, k=0.5, h=4.0)
    assert judged.statistic[0] == pytest.approx([1.5, 3.0, 3.0, 4.5, 0.5])
    assert sessions(judged) == [4]


@pytest.mark.parametrize(
    ("chart", "run_length"),
    [
        (lambda x: charts.shewhart(x, KNOWN, width=2.0), run_lengths.shewhart(2.0, two_sided=False)),
        (lambda x: charts.cusum(x, KNOWN, k=0.5, h=2.0), run_lengths.cusum(0.5, 2.0)),
        (lambda x: charts.ewma(x, KNOWN, weight=0.4, width=2.0), 2.0 * run_lengths.ewma(0.4, 2.0)),
    ],
)
def test_charts_with_a_known_baseline_fire_as_often_as_their_run_lengths_say(chart, run_length):
    scores = np.random.default_rng(5).standard_normal((60, 20_000))
    alarms = (chart(scores).kind >= 0).sum()
    assert alarms == pytest.approx(scores.size / run_length, abs=5 * np.sqrt(alarms))
