import numpy as np
import pytest

from accord.science.errors import BadReadings
from accord.science.matching.backtest import BY_NAME
from accord.science.matching.history import LEAST_MATCHED, estimate, models_of
from accord.science.matching.tests.pasts import past
from accord.science.mixed import Rows, fit_mixed

CLIENTS = 300


def truth(drawn, history, sent, outcome):
    """What the rule would truly have gained over what happened."""
    value = drawn.alliance if outcome == "alliance" else drawn.stay[1]
    rows = np.arange(len(sent))
    there = np.where(sent >= 0, value[rows, sent], history.of_nobody[outcome])
    was = np.where(history.went >= 0, value[rows, history.went], np.nan)
    return float(np.nanmean(there - was))


def test_it_finds_what_would_have_come_of_other_choices():
    errors: dict[str, list[float]] = {"alliance": [], "stay_8": []}
    held = []
    for seed in range(12):
        drawn, history = past(seed)
        models = models_of(history)
        for rule in ("order", "first-that-fits"):
            sent = BY_NAME[rule].rule(drawn, np.random.default_rng(seed))
            for outcome, found in errors.items():
                one = estimate(history, models, sent, outcome=outcome)
                true = truth(drawn, history, sent, outcome)
                found.append(one.gain - true)
                held.append(one.low <= true <= one.high)
    assert np.mean(held) > 0.85
    assert abs(np.mean(errors["alliance"])) < 3 * np.std(errors["alliance"]) / np.sqrt(12)
    assert abs(np.mean(errors["stay_8"])) < 3 * np.std(errors["stay_8"]) / np.sqrt(12)


def test_what_was_done_anyway_is_what_was_seen():
    _, history = past(1)
    models = models_of(history)
    known = np.isfinite(history.outcomes["alliance"]) & (history.went >= 0)
    one = estimate(history, models._replace(chance=np.ones_like(models.chance)), history.went, outcome="alliance")
    assert one.gain == pytest.approx(0.0, abs=1e-9)
    assert one.value == pytest.approx(history.outcomes["alliance"][known].mean())
    assert one.matched == known.sum()
    assert one.effective == pytest.approx(known.sum())


def test_it_is_the_formula_by_hand():
    drawn, history = past(2)
    models = models_of(history)
    sent = BY_NAME["order"].rule(drawn, np.random.default_rng(2))
    y, psi = history.outcomes["stay_8"], []
    for client in range(CLIENTS):
        a, to = history.went[client], sent[client]
        if a < 0:
            continue
        value = models.expected["stay_8"][client, to] if to >= 0 else 0.0
        if a == to:
            value += (y[client] - models.expected["stay_8"][client, a]) / max(models.chance[client, a], 0.01)
        psi.append(value)
    assert estimate(history, models, sent, outcome="stay_8").value == pytest.approx(np.mean(psi))


def test_chances_add_up_over_those_who_may_and_had_a_place():
    _, history = past(3, places=1.02)
    chance = models_of(history).chance
    open_to = chance.sum(axis=1)
    assert open_to[history.went >= 0] == pytest.approx(np.ones((history.went >= 0).sum()))
    full = np.array([one.places for one in history.asked.therapists]) == np.bincount(
        history.went[history.went >= 0], minlength=12
    )
    after = max(np.flatnonzero(history.went == one)[-1] for one in np.flatnonzero(full)) + 1
    assert (chance[after:, full] == 0.0).all()


@pytest.mark.parametrize("pull", [0.0, 3.0])
def test_chances_are_those_that_people_were_drawn_by(pull):
    drawn, history = past(4, pull=pull, clients=1500)
    chance = models_of(history).chance
    left = np.array([one.places for one in drawn.therapists])
    errors = []
    for client, went in enumerate(history.went):
        weight = np.where(drawn.may[client] & (left > 0), np.exp(pull * drawn.share[client]) * left, 0.0)
        errors.append(np.abs(chance[client] - weight / weight.sum()).max())
        left[went] -= went >= 0
    assert np.median(errors) < 0.02


def test_the_model_of_outcomes_is_a_mixed_model():
    _, history = past(5)
    models = models_of(history)
    y = history.outcomes["alliance"]
    rows = np.flatnonzero(np.isfinite(y))
    went = history.went[rows]
    fixed = np.column_stack((np.ones(rows.size), history.asked.share[rows, went], history.asked.severity[rows]))
    fit = fit_mixed(Rows(y[rows], fixed, np.ones((rows.size, 1)), went), names=("mean", "share", "start"))
    expected = fixed @ fit.effects + fit.own[np.searchsorted(fit.person, went), 0]
    assert models.expected["alliance"][rows, went] == pytest.approx(expected)


def test_with_few_matched_clients_nothing_is_said():
    _, history = past(6)
    models = models_of(history)
    other = np.where(np.arange(CLIENTS) < 20, history.went, (history.went + 1) % 12)
    one = estimate(history, models, other, outcome="stay_8")
    assert one.matched < LEAST_MATCHED and np.isnan([one.value, one.gain, one.low, one.high]).all()


def test_a_subgroup_is_judged_by_its_own_clients():
    drawn, history = past(7, clients=600)
    models = models_of(history)
    sent = BY_NAME["order"].rule(drawn, np.random.default_rng(7))
    some = np.arange(600) % 2 == 0
    half, other = (estimate(history, models, sent, outcome="stay_8", some=part) for part in (some, ~some))
    whole = estimate(history, models, sent, outcome="stay_8")
    assert half.clients + other.clients == whole.clients
    assert (half.clients * half.gain + other.clients * other.gain) / whole.clients == pytest.approx(whole.gain)


def test_an_outcome_that_nobody_has_is_refused_and_one_that_all_share_is_taken():
    _, history = past(8)
    with pytest.raises(BadReadings, match="alliance: nobody has this outcome"):
        models_of(history._replace(outcomes={"alliance": np.full(CLIENTS, np.nan)}))
    same = models_of(history._replace(outcomes={"stay_8": np.ones(CLIENTS)}))
    assert (same.expected["stay_8"] == 1.0).all()
