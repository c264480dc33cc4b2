"""A practice's own past: reading it, replaying it, telling it."""

import csv

import numpy as np
import polars as pl
import pytest

from accord.batch import history_page
from accord.batch.backtesting import OURS
from accord.batch.errors import BadTable
from accord.batch.histories import read_history
from accord.batch.replaying import HAPPENED, replay
from accord.science.matching.tests.pasts import past

CLIENTS = """client,therapist,musts,nice,baseline,alliance_3,sessions,ending,team
a,Tess,licence:PT; language:es|language:pt,identity:woman=0.5; mode:video,12,7.5,9,planned,one
b,Theo,licence:PT,,,,2,unplanned,one
c,,licence:PT; language:ar,,8,,,,two
d,Tess,licence:PT,,9,8,4,still going,two
"""
THERAPISTS = """therapist,has,places
Tess,licence:PT; language:es; identity:woman,3
Theo,licence:PT; mode:video,
"""


def written(folder, clients=CLIENTS, therapists=THERAPISTS):
    (folder / "clients.csv").write_text(clients)
    (folder / "therapists.csv").write_text(therapists)
    return folder / "clients.csv", folder / "therapists.csv"


def complaints(folder, **tables):
    with pytest.raises(BadTable) as error:
        read_history(*written(folder, **tables), groups=())
    return [(one.row, one.column, one.what) for one in error.value.complaints if one.level == "error"]


def test_two_tables_are_read_as_they_stand(tmp_path):
    own = read_history(*written(tmp_path), groups=("team",))
    history = own.history
    assert history.went.tolist() == [0, 1, -1, 0]
    first = history.asked.people[0]
    assert first.musts[1] == ("language", frozenset({"language:es", "language:pt"}))
    assert first.nice == (("identity", frozenset({"identity:woman"}), 0.5), ("mode", frozenset({"mode:video"}), 1.0))
    assert [one.places for one in history.asked.therapists] == [3, 1]
    assert history.asked.share[0] == pytest.approx([1.5 / 2.5, 1.0 / 2.5])
    assert own.groups == {"team": ["one", "one", "two", "two"]}


def test_sessions_say_who_reached_what_and_who_is_not_known(tmp_path):
    outcomes = read_history(*written(tmp_path), groups=()).history.outcomes
    assert outcomes["alliance"] == pytest.approx([7.5, np.nan, np.nan, 8.0], nan_ok=True)
    assert outcomes["stay_3"] == pytest.approx([1.0, 0.0, np.nan, 1.0], nan_ok=True)
    assert outcomes["stay_8"] == pytest.approx([1.0, 0.0, np.nan, np.nan], nan_ok=True)


def test_names_of_columns_are_found_however_they_are_written(tmp_path):
    spaced = CLIENTS.replace("alliance_3", "Alliance 3").replace("client,", "Client,")
    assert "alliance" in read_history(*written(tmp_path, clients=spaced), groups=()).history.outcomes


def test_parquet_is_read_too(tmp_path):
    clients, therapists = written(tmp_path)
    for path in (clients, therapists):
        pl.read_csv(path).write_parquet(path.with_suffix(".parquet"))
    own = read_history(clients.with_suffix(".parquet"), therapists.with_suffix(".parquet"), groups=())
    assert own.history.went.tolist() == [0, 1, -1, 0]


def test_what_is_filled_in_or_odd_is_a_note(tmp_path):
    clients = CLIENTS.replace("d,Tess,licence:PT,", "d,Tess,licence:ES,").replace(",ending", ",end")
    own = read_history(*written(tmp_path, clients=clients), groups=())
    told = " ".join(one.what for one in own.notes)
    assert "no baseline in 1 rows" in told
    assert "client d went to a therapist without their licence" in told
    assert "no column ending" in told
    assert own.history.asked.severity[1] == pytest.approx((12 + 8 + 9) / 3)


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("client,therapist,musts", "client,therapist,must", (1, "musts of clients.csv", "there is no column musts")),
        ("b,Theo", "a,Theo", (3, "client of clients.csv", "client a was already in row 2")),
        ("b,Theo", ",Theo", (3, "client of clients.csv", "the row has no client")),
        ("b,Theo", "b,Thea", (3, "therapist of clients.csv", "therapist Thea is not in the other table")),
        ("b,Theo,licence:PT", "b,Theo,PT", (3, "musts of clients.csv", "“PT” cannot be read")),
        ("woman=0.5", "woman=5", (2, "nice of clients.csv", "“identity:woman=5” cannot be read")),
        ("unplanned", "left", (3, "ending of clients.csv", "“left” is no ending")),
        (",7.5,", ",good,", (2, "alliance_3 of clients.csv", "“good” is not a number")),
    ],
)
def test_what_is_to_mend_is_named_by_table_row_and_column(tmp_path, before, after, said):
    assert complaints(tmp_path, clients=CLIENTS.replace(before, after, 1)) == [said]


def test_more_clients_than_places_cannot_be(tmp_path):
    found = complaints(tmp_path, therapists=THERAPISTS.replace("woman,3", "woman,1"))
    assert found == [(2, "places of therapists.csv", "1 places, but 2 clients of the other table went there")]


def test_all_that_is_wrong_in_both_tables_is_told_at_once(tmp_path):
    found = complaints(tmp_path, clients="client,therapist\na,b\n", therapists="name,what\na,b\n")
    assert [column for _, column, _ in found] == [
        "musts of clients.csv",
        "therapist of therapists.csv",
        "has of therapists.csv",
    ]


def test_without_an_outcome_there_is_nothing_to_judge(tmp_path):
    bare = "client,therapist,musts\na,Tess,licence:PT\n"
    assert (
        complaints(tmp_path, clients=bare)[0][2]
        == "clients.csv: there is neither a column alliance_3 nor one called sessions"
    )


def test_a_column_of_groups_must_be_there(tmp_path):
    with pytest.raises(BadTable, match="1 thing"):
        read_history(*written(tmp_path), groups=("region",))


@pytest.fixture(scope="module")
def result(tmp_path_factory):
    """Of a past of known truth, through the tables and back."""
    drawn, history = past(1, clients=240, therapists=9)
    folder = tmp_path_factory.mktemp("past")

    def cell(wishes):
        return "; ".join("|".join(sorted(any_of)) + tail for any_of, tail in wishes)

    pl.DataFrame(
        {
            "client": [f"c{place}" for place in range(240)],
            "therapist": [None if place < 0 else f"T{place}" for place in history.went],
            "musts": [cell((any_of, "") for _, any_of in one.musts) for one in drawn.people],
            "nice": [cell((any_of, f"={strength}") for _, any_of, strength in one.nice) for one in drawn.people],
            "alliance_3": [None if np.isnan(value) else round(value, 2) for value in history.outcomes["alliance"]],
            "sessions": [9 if value else 1 for value in history.outcomes["stay_8"]],
            "ending": ["planned"] * 240,
            "language": [one.group[0] for one in drawn.people],
        }
    ).write_csv(folder / "clients.csv")
    pl.DataFrame(
        {
            "therapist": [f"T{place}" for place in range(9)],
            "has": ["; ".join(sorted(one.has)) for one in drawn.therapists],
            "places": [one.places for one in drawn.therapists],
        }
    ).write_csv(folder / "therapists.csv")
    own = read_history(folder / "clients.csv", folder / "therapists.csv", groups=("language",))
    assert own.history.asked.share == pytest.approx(drawn.share)
    return replay(own, 1, lambda *_: None)


def test_every_rule_is_there_and_what_happened_first(result):
    assert result.rules[0].rule == HAPPENED and result.rules[0].counted.same == 1.0
    assert OURS in [one.rule for one in result.rules]
    assert {group.name for group in result.groups} == {"language: ar", "language: es", "language: pt"}
    assert sum(group.clients for group in result.groups) == 240


def test_no_rule_does_better_by_the_model_than_the_best(result):
    for rule in result.rules:
        assert rule.regret["stay_8"] >= -1e-9


def test_the_page_says_what_it_can_and_cannot_say(result):
    text = history_page.page(result, "accord backtest")
    assert "read the last section first" in text and "That cannot be checked from the tables" in text
    assert "| language: ar |" in text and "too few to say" in text
    assert "T3" not in text and "c17" not in text and "nan" not in text
    for line in history_page.verdict(result):
        assert line in text


def test_a_difference_within_chance_is_called_so(result):
    ours = next(rule for rule in result.rules if rule.rule == OURS)
    wide = ours.estimates["alliance"]._replace(gain=0.1, low=-0.2, high=0.4)
    sure, few = wide._replace(low=0.05, high=0.15), wide._replace(gain=float("nan"), matched=7)
    for one, words in ((wide, "one of about 0.30 could be"), (sure, "[+0.050, +0.150]."), (few, "only 7 clients")):
        told = result._replace(rules=(ours._replace(estimates={"alliance": one}),))
        assert words in history_page.verdict(told)[0]


def test_the_table_holds_everything(result, tmp_path):
    history_page.write_table(result, tmp_path / "t.csv")
    with (tmp_path / "t.csv").open() as file:
        rows = list(csv.DictReader(file))
    found = {(row["rule"], row["group"], row["measure"]) for row in rows}
    assert {(OURS, "everyone", "alliance"), (HAPPENED, "everyone", "musts"), (OURS, "language: pt", "stay_8")} <= found
    assert len(found) == len(rows)


@pytest.mark.parametrize(
    ("clients", "told"),
    [
        ("client,therapist,musts,nice\n", "clients.csv: the table has no rows"),
        ("client,therapist,musts,nice,alliance_3\nc1,t1,,,\n", "nobody has this outcome"),
    ],
)
def test_a_table_without_rows_or_without_an_outcome_is_told_by_its_file(tmp_path, clients, told):
    asked, offered = tmp_path / "clients.csv", tmp_path / "therapists.csv"
    asked.write_text(clients)
    offered.write_text("therapist,has,places\nt1,language:es,2\n")
    with pytest.raises(BadTable) as error:
        read_history(asked, offered, groups=())
    assert told in [one.what for one in error.value.complaints]
