import polars as pl
import pytest

from accord.batch.mapping import Wish, long_readings, settle
from accord.batch.quality import Quality
from accord.batch.wide import Reading, families, wide_cells
from accord.batch.words import parts, pillar_in, plain, rater_in

CLIENT_BOND = Reading("bond", "bond", "client")


def settled(columns, rows=(), wish=Wish()):  # noqa: B008 (a frozen value)
    sample = pl.DataFrame({name: [row[place] for row in rows] for place, name in enumerate(columns)}, strict=False)
    sample = sample.with_columns(pl.all().cast(pl.String))
    quality = Quality()
    return settle(columns, sample, wish, quality), quality


def test_settle_finds_the_sessions_of_a_wide_table():
    mapping, _ = settled(["id", "age", "s1", "s2", "s3", "fu1"], [["1", "30", "3", "4", "5", "6"]])
    assert mapping.form == "wide"
    assert mapping.pair == "id"
    assert [(cell.column, cell.session) for cell in mapping.cells] == [("s1", 1), ("s2", 2), ("s3", 3)]


def test_settle_takes_the_first_column_for_the_pair_when_no_name_tells():
    mapping, _ = settled(["who", "s1", "s2", "s3"], [["a", "1", "2", "3"]])
    assert mapping.pair == "who"


def test_settle_finds_pillars_and_raters_in_wide_names():
    columns = ["pair", *(f"{who}goal_{s}" for who in ("", "therapist_") for s in (1, 2, 3))]
    mapping, _ = settled(columns, [["a", *"123456"]])
    assert mapping.readings == (Reading("goal", "goal", "client"), Reading("goal", "goal", "therapist"))
    assert [cell.session for cell in mapping.cells] == [1, 2, 3, 1, 2, 3]


def test_settle_finds_the_columns_of_a_long_table():
    columns = ["Client ID", "Session No", "Date", "Bond", "Goals", "age"]
    mapping, _ = settled(columns, [["a", "1", "2026-01-05", "7", "8", "40"], ["a", "2", "2026-01-12", "7", "8", "40"]])
    assert mapping.form == "long"
    assert (mapping.pair, mapping.session, mapping.time) == ("Client ID", "Session No", "Date")
    assert mapping.scores == ("Bond", "Goals")
    assert mapping.readings == (CLIENT_BOND, Reading("goal", "goal", "client"))


def test_settle_takes_the_only_numeric_column_for_the_score():
    mapping, _ = settled(["pair", "visit", "note", "phq"], [["a", "1", "well", "7"], ["a", "2", "NA", "NA"]])
    assert mapping.scores == ("phq",)
    assert mapping.readings == (Reading("phq", "", "client"),)


def test_settle_asks_rather_than_choosing_among_numeric_columns():
    mapping, quality = settled(["pair", "session", "x", "y"], [["a", "1", "7", "8"], ["a", "2", "7", "8"]])
    assert mapping is None
    assert "--score" in quality.complaints()[0].mend


def test_what_the_person_says_overrides_every_guess():
    wish = Wish(pair="b", session="a", scores=("x", "y"))
    mapping, _ = settled(["a", "b", "x", "y", "session", "pair"], [["1"] * 6], wish)
    assert (mapping.pair, mapping.session, mapping.scores) == ("b", "a", ("x", "y"))


def test_columns_said_one_by_one_are_sessions_in_that_order():
    columns = ["id", "intake", "wk2bdi", "bdi.S3"]
    mapping, _ = settled(columns, [["1", "3", "4", "5"]], Wish(columns="intake,wk2bdi,bdi.S3"))
    assert [(cell.column, cell.session) for cell in mapping.cells] == [("intake", 1), ("wk2bdi", 2), ("bdi.S3", 3)]
    assert mapping.readings == (Reading("score"),)


def test_numbered_names_keep_their_numbers_as_sessions():
    cells, readings = wide_cells(("bdi_s0", "bdi_s2", "bdi_s5"))
    assert [cell.session for cell in cells] == [0, 2, 5]
    assert readings == (Reading("bdi_s"),)


def test_families_prefers_pillars_and_then_the_longest_run():
    assert families(["x1", "x2", "x3", "x4", "bond1", "bond2", "bond3"]) == ("bond1", "bond2", "bond3")
    assert families(["a1", "a2", "a3", "b1", "b2", "b3", "b4"]) == ("b1", "b2", "b3", "b4")
    assert families(["a1", "a2", "b"]) == ()


def test_long_readings_lays_out_score_by_pillar_by_rater():
    readings = long_readings(("score",), by_pillar=True, by_rater=True)
    assert [(reading.pillar, reading.rater) for reading in readings] == [
        ("goal", "client"), ("goal", "therapist"), ("task", "client"),
        ("task", "therapist"), ("bond", "client"), ("bond", "therapist"),
    ]  # fmt: skip


def test_two_columns_that_claim_the_same_pillar_each_keep_their_own_name():
    readings = long_readings(("bond_mean", "bond_sum"), by_pillar=False, by_rater=False)
    assert readings == (Reading("bond_mean"), Reading("bond_sum"))


def test_readings_of_two_score_columns_by_pillar_have_names_of_their_own():
    readings = long_readings(("sat", "wai"), by_pillar=True, by_rater=True)
    assert len({reading.name for reading in readings}) == len(readings) == 12
    assert readings[0] == Reading("sat_goal_client")


@pytest.mark.parametrize(
    ("name", "pillar", "rater"),
    [
        ("therapist_goal_3", "goal", "therapist"),
        ("ClientBond7", "bond", "client"),
        ("t.task", "task", "therapist"),
        ("goal_task", None, None),
        ("bondage", None, None),
        ("relationship", "bond", None),
    ],
)
def test_words_are_read_whole(name, pillar, rater):
    assert (pillar_in(name), rater_in(name)) == (pillar, rater)


def test_names_are_compared_without_what_people_vary():
    assert plain(" Session-No. ") == "sessionno"
    assert parts("Client_goal.7") == ["client", "goal", "7"]
