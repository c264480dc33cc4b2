import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accord.science.errors import BadAnswers
from accord.science.instruments import (
    BY_ID,
    CODES,
    MISSING,
    Instrument,
    Item,
    Scale,
    score,
    score_sheets,
    scoring_tables,
)
from accord.science.instruments.model import names, numbered

# Twelve items from 1 to 7 of which two count the other way round: what the registered alliance keys do not have.
TURNED = Instrument(
    "turned@1", "", "client", "", "", numbered(12, lowest=1, highest=7),
    (Scale("goal", names(4, 6, 10, 11), names(4, 10)), Scale("other", names(1, 2, 4), names(4), how="mean")),
)  # fmt: skip
ALL = (*BY_ID.values(), TURNED)


def drawn(instrument, sheets, rng, missing=0.1):
    """Sheets as people fill them in: a dictionary each, with both missing codes and absent items."""
    return [
        {
            item.name: answer
            for item in instrument.items
            if (answer := _answer(item, rng, missing)) is not None
        }
        for _ in range(sheets)
    ]  # fmt: skip


def _answer(item, rng, missing):
    if rng.random() < missing:
        return [*MISSING, None][rng.integers(3)]
    if item.choices:
        return item.choices[rng.integers(len(item.choices))].code
    if item.whole:
        return int(rng.integers(item.lowest, item.highest + 1))
    return float(np.round(rng.uniform(item.lowest, item.highest), 1))


def columns(instrument, sheets, kind):
    """The same sheets as columns; absent: NaN, or skipped where the kind of number has no NaN."""
    made = {}
    for item in instrument.items:
        answers = [sheet.get(item.name) for sheet in sheets]
        absent = CODES["skipped"] if np.dtype(kind).kind == "i" else np.nan
        if item.choices:
            made[item.name] = np.array([answer or "" for answer in answers])
        else:
            made[item.name] = np.array([absent if a is None else CODES.get(a, a) for a in answers]).astype(kind)
    return made


@pytest.mark.parametrize("kind", [np.int8, np.int64, np.uint8, np.float32, np.float64])
@pytest.mark.parametrize("instrument", ALL, ids=lambda instrument: instrument.id)
def test_score_sheets_says_of_every_sheet_what_score_says(instrument, kind, monkeypatch):
    monkeypatch.setattr(scoring_tables, "PART", 64)
    unsigned_or_parts = np.dtype(kind).kind == "u" or any(not item.whole for item in instrument.items)
    if np.dtype(kind).kind in "iu" and (unsigned_or_parts or any(item.lowest < 0 for item in instrument.items)):
        kind = np.float64 if unsigned_or_parts else kind
    sheets = drawn(instrument, 300, np.random.default_rng(3))
    found = score_sheets(instrument, columns(instrument, sheets, kind))
    expected = [score(instrument, sheet) for sheet in sheets]
    assert list(found) == [scale.name for scale in instrument.scales]
    for name, values in found.items():
        told = np.array([np.nan if one[name] is None else one[name] for one in expected])
        np.testing.assert_allclose(values, told, rtol=2e-7 if values.dtype == np.float32 else 1e-14, equal_nan=True)
        assert np.isnan(told).any()
        assert not np.isnan(told).all()


@given(st.integers(0, 2**32), st.floats(0, 1))
@settings(max_examples=30)
def test_sums_of_whole_answers_are_exact(seed, missing):
    sheets = drawn(TURNED, 20, np.random.default_rng(seed), missing)
    found = score_sheets(TURNED, columns(TURNED, sheets, np.int8))["goal"]
    assert found.dtype == np.float32
    expected = [score(TURNED, sheet)["goal"] for sheet in sheets]
    assert [None if np.isnan(value) else float(value) for value in found] == expected


def test_parts_and_blocks_do_not_show(monkeypatch):
    rng = np.random.default_rng(9)
    table = {str(i): rng.integers(1, 8, 9_000).astype(np.int8) for i in range(1, 13)}
    whole = score_sheets(TURNED, table)
    monkeypatch.setattr(scoring_tables, "PART", 4_100)  # more than a block of the kernel, and no multiple of it
    cut = score_sheets(TURNED, table)
    for name in whole:
        np.testing.assert_array_equal(whole[name], cut[name])


def test_columns_of_several_kinds_go_together():
    table = {
        "1": np.array([1, 5], np.int8),
        "2": np.array([2.0, np.nan]),
        "3": np.array([3, 4]),
        "4": np.array([9, 10], np.float32),
    }
    assert score_sheets(BY_ID["srs-3.0@1"], table)["total"].tolist() == pytest.approx([15, np.nan], nan_ok=True)


def test_an_item_without_a_column_takes_its_scales_along_and_no_other():
    table = {str(i): np.full(3, 4, np.int8) for i in range(1, 13) if i != 4}
    found = score_sheets(BY_ID["wai-sr-client@1"], table)
    assert np.isnan(found["goal"]).all() and np.isnan(found["total"]).all() and np.isnan(found["mean"]).all()
    assert found["bond"].tolist() == [16, 16, 16]


def test_a_table_without_sheets_has_no_scores():
    assert score_sheets(TURNED, {})["goal"].shape == (0,)
    assert score_sheets(TURNED, {"1": np.empty(0, np.int8)})["other"].shape == (0,)


def test_a_long_questionnaire_is_added_up_without_overflow():
    long = Instrument(
        "long@1", "", "client", "", "", numbered(300, lowest=0, highest=100), (Scale("all", names(*range(1, 301))),)
    )
    table = {str(i): np.full(2, 100, np.int8) for i in range(1, 301)}
    table["7"] = np.array([100, CODES["skipped"]], np.int8)
    assert score_sheets(long, table)["all"].tolist() == pytest.approx([30_000, np.nan], nan_ok=True)


def with_answer(value, row=70_000, item="9", kind=np.float64):
    table = {str(i): np.full(70_010, 2, kind) for i in range(1, 10)}
    table[item][row] = value
    return table


@pytest.mark.parametrize("kind", [np.int8, np.float32, np.float64, np.int64])
@pytest.mark.parametrize("value", [4, -1, 100, -100])
def test_an_answer_beyond_the_scale_is_refused_with_row_item_value_and_what_is_allowed(kind, value):
    with pytest.raises(BadAnswers) as refused:
        score_sheets(BY_ID["phq-9@1"], with_answer(value, kind=kind))
    for words in ("phq-9@1", "row 70000", "item '9'", f"'{value}'", "whole number from 0 to 3"):
        assert words in str(refused.value)


@pytest.mark.parametrize("value", [2.5, np.inf, -np.inf, 3.0001])
def test_parts_of_whole_numbers_and_infinite_ones_are_refused(value):
    with pytest.raises(BadAnswers, match="row 3, item '2'"):
        score_sheets(BY_ID["phq-9@1"], with_answer(value, row=3, item="2"))


def test_the_first_wrong_sheet_is_named_and_its_first_wrong_item():
    table = with_answer(7, row=40, item="1")
    table["3"][12] = table["8"][12] = 8
    with pytest.raises(BadAnswers, match="row 12, item '3'"):
        score_sheets(BY_ID["phq-9@1"], table)


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ({"trust": [1]}, "no item 'trust'"),
        ({"bond": [1, 2], "goal": [1]}, r"one answer a sheet"),
        ({"bond": [[1, 2]]}, "one answer a sheet"),
        ({"bond": [True]}, "bool"),
        ({"bond": ["7"]}, "whole number from 0 to 10"),
        ({"tension": [1]}, "no, a-bit, yes"),
        ({"tension": ["no", "maybe"]}, "row 1, item 'tension': 'maybe'"),
    ],
)
def test_a_table_that_does_not_fit_its_instrument_is_refused(table, said):
    with pytest.raises(BadAnswers, match=said):
        score_sheets(BY_ID["checkin@1"], {name: np.array(column) for name, column in table.items()})


def test_the_two_missing_codes_are_no_answer_of_any_item():
    assert len(set(CODES.values())) == 2 == len(MISSING)
    items: list[Item] = [item for instrument in ALL for item in instrument.items]
    assert all(code < item.lowest for code in CODES.values() for item in items)
