import math

import pytest

from accord.science.errors import BadAnswers
from accord.science.instruments import BY_ID, NOT_SURE, SKIPPED, Answer, risk_answers, score

CHECKIN = BY_ID["checkin@1"]


def sheet(instrument_id: str, value: Answer, **others: Answer) -> dict[str, Answer]:
    """The same answer everywhere, but for the items named i1, i2, …"""
    answers: dict[str, Answer] = {item.name: value for item in BY_ID[instrument_id].items}
    answers.update({name.removeprefix("i"): answer for name, answer in others.items()})
    return answers


def scored(instrument_id, answers):
    return score(BY_ID[instrument_id], answers)


def test_kai_after_session_five_gets_one_score_a_pillar():
    answers: dict[str, Answer] = {"bond": 3, "goal": 7, "task": 7, "tension": "a-bit"}
    assert score(CHECKIN, answers) == {"bond": 3.0, "goal": 7.0, "task": 7.0}


@pytest.mark.parametrize("missing", [SKIPPED, NOT_SURE])
def test_a_pillar_without_an_answer_has_no_score(missing):
    answers = {"bond": missing, "goal": 0, "task": 10, "tension": missing}
    assert score(CHECKIN, answers) == {"bond": None, "goal": 0.0, "task": 10.0}


def test_skipped_and_not_sure_are_two_codes():
    assert SKIPPED != NOT_SURE


def test_an_absent_item_has_no_score():
    assert score(CHECKIN, {"bond": 8}) == {"bond": 8.0, "goal": None, "task": None}
    assert score(CHECKIN, {}) == {"bond": None, "goal": None, "task": None}


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({"bond": 11}, ["bond", "11", "0 to 10", "skipped", "not-sure"]),
        ({"bond": -1}, ["bond", "-1", "0 to 10"]),
        ({"bond": 7.5}, ["bond", "7.5", "whole number"]),
        ({"bond": True}, ["bond", "True"]),
        ({"bond": math.nan}, ["bond", "nan"]),
        ({"bond": "7"}, ["bond", "'7'"]),
        ({"bond": None}, ["bond", "None"]),
        ({"tension": "maybe"}, ["tension", "maybe", "no, a-bit, yes, not-sure, skipped"]),
        ({"tension": 1}, ["tension", "1", "a-bit"]),
        ({"trust": 4}, ["trust", "4", "bond, goal, task, tension"]),
    ],
)
def test_an_unknown_answer_names_item_value_and_what_is_allowed(answers, said):
    with pytest.raises(BadAnswers) as refused:
        score(CHECKIN, answers)
    for words in ["checkin@1", *said]:
        assert words in str(refused.value)


def test_the_therapist_has_own_view_and_guess():
    answers = {"bond": 8, "goal": 7, "task": 7, "predicted-bond": 9, "predicted-goal": SKIPPED}
    assert scored("checkin-therapist@1", answers) == {
        "bond": 8.0,
        "goal": 7.0,
        "task": 7.0,
        "predicted-bond": 9.0,
        "predicted-goal": None,
        "predicted-task": None,
    }


@pytest.mark.parametrize("answer", ["good", "unsure", "not-for-me", SKIPPED])
def test_a_first_impression_is_no_score(answer):
    assert scored("first-impression@1", {"impression": answer}) == {}


def test_wai_sr_puts_each_item_in_its_own_scale():
    # item i answered 1 + (i mod 5): summed by hand for each key
    answers = {str(i): 1 + i % 5 for i in range(1, 13)}
    assert scored("wai-sr-client@1", answers) == {
        "goal": 5 + 2 + 4 + 2,
        "task": 2 + 3 + 1 + 3,
        "bond": 4 + 1 + 3 + 5,
        "total": 35,
        "mean": pytest.approx(35 / 12),
    }


def test_wai_sr_runs_from_12_to_60():
    assert scored("wai-sr-client@1", sheet("wai-sr-client@1", 1))["total"] == 12
    assert scored("wai-sr-client@1", sheet("wai-sr-client@1", 5))["total"] == 60


def test_one_missing_item_takes_its_scale_and_the_total_but_no_other():
    scores = scored("wai-sr-client@1", sheet("wai-sr-client@1", 4, i4=SKIPPED))
    assert scores == {"goal": None, "task": 16, "bond": 16, "total": None, "mean": None}


@pytest.mark.parametrize(
    ("instrument_id", "lowest", "highest"),
    [
        ("sai@1", 0, 30),
        ("srs-3.0@1", 0, 40),
        ("phq-9@1", 0, 27),
        ("gad-7@1", 0, 21),
    ],
)
def test_totals_run_over_the_published_range(instrument_id, lowest, highest):
    first = BY_ID[instrument_id].items[0]
    assert scored(instrument_id, sheet(instrument_id, first.lowest)) == {"total": lowest}
    assert scored(instrument_id, sheet(instrument_id, first.highest)) == {"total": highest}


def test_srs_takes_marks_between_the_numbers():
    assert scored("srs-3.0@1", {"1": 9.1, "2": 8.7, "3": 9, "4": 9.3})["total"] == pytest.approx(36.1)


def test_core_10_turns_items_two_and_three():
    assert scored("core-10@1", sheet("core-10@1", 0)) == {"total": 8}
    assert scored("core-10@1", sheet("core-10@1", 0, i2=4, i3=4)) == {"total": 0}
    assert scored("core-10@1", sheet("core-10@1", 4, i2=0, i3=0)) == {"total": 40}


def test_c_nip_has_four_scales_around_zero():
    answers = {str(i): (3 if i <= 13 else -3) for i in range(1, 19)}
    assert scored("c-nip@1", answers) == {
        "directiveness": 15,
        "intensity": 15,
        "past": 9,
        "warm-support": -15,
    }


@pytest.mark.parametrize(("instrument_id", "item"), [("phq-9@1", "9"), ("core-10@1", "6")])
def test_any_answer_on_a_risk_item_is_told_even_when_the_rest_is_missing(instrument_id, item):
    instrument = BY_ID[instrument_id]
    assert risk_answers(instrument, {item: 1}) == (item,)
    assert risk_answers(instrument, sheet(instrument_id, 3)) == (item,)
    assert risk_answers(instrument, {item: 0}) == ()
    assert risk_answers(instrument, {item: SKIPPED}) == ()


@pytest.mark.parametrize("answers", [{"9": 4}, {"9": 1, "1": 99}, {"9": 2, "no such item": 1}])
def test_a_mistake_on_the_sheet_never_hides_a_risk_answer(answers):
    assert risk_answers(BY_ID["phq-9@1"], answers) == ("9",)


def test_an_instrument_without_risk_items_has_none_to_tell():
    assert risk_answers(BY_ID["gad-7@1"], sheet("gad-7@1", 3)) == ()
