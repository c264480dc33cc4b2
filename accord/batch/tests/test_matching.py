from collections import Counter

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from accord.batch.errors import BadTable
from accord.batch.match_words import outcome, proof
from accord.batch.matching import MatchRequest, match
from accord.batch.tests.tables import quiet
from accord.science.matching import Asked, Interval, Offer, Waiting, Wish, assign, order
from accord.science.matching.ordering import tie
from benchmarks.networks import DIMENSIONS, KINDS, write_network

CLIENTS = """client,group,urgency,days_waiting,must_language,nice_time,nice_time_strength,style_structure
kai,north,0,10,es,evenings,0.8,1
jo,south,2,1,es; pt,,,
max,north,0,90,ar,,,
lou,north,0,30,,mornings & evenings,1,
"""
THERAPISTS = """therapist,places,language,time,style_structure
tess,1,en; es,evenings,0.5
theo,2,en; pt,mornings; evenings,
"""


def write(folder, clients=CLIENTS, therapists=THERAPISTS):
    (folder / "clients.csv").write_text(clients)
    (folder / "therapists.csv").write_text(therapists)
    return MatchRequest(folder / "clients.csv", folder / "therapists.csv", folder / "out")


def run(request):
    summary, quality = match(request, quiet)
    return pl.read_parquet(request.target / "assignments.parquet"), summary, quality


def complaints(request):
    with pytest.raises(BadTable) as caught:
        match(request, quiet)
    assert not request.target.exists()
    return [(one.row, one.column, one.what) for one in caught.value.complaints if one.level == "error"]


def test_everyone_who_can_be_placed_is_with_every_must_have(tmp_path):
    table, summary, _ = run(write(tmp_path))
    assert dict(table.select("client", "therapist").iter_rows()) == {
        "jo": "theo", "max": None, "lou": "theo", "kai": "tess",
    }  # fmt: skip
    assert table["client"].to_list() == ["jo", "max", "lou", "kai"]  # the urgent first, then the longest wait
    assert dict(table.select("client", "why").iter_rows())["max"] == "nobody"
    assert outcome(summary)[0] == "3 clients can be placed, each with every must-have met."
    assert "No other assignment" in proof(summary)


def test_reasons_are_the_columns_that_fit_and_those_that_do_not(tmp_path):
    table, _, _ = run(write(tmp_path, CLIENTS.replace("evenings,0.8", "mornings & evenings,0.8")))
    rows = {row["client"]: row for row in table.iter_rows(named=True)}
    assert (rows["kai"]["fits"], rows["kai"]["lacks"]) == ("must_language", "nice_time")
    assert (rows["lou"]["fits"], rows["lou"]["lacks"]) == ("nice_time", "")
    assert (rows["kai"]["wishes_met"], rows["lou"]["wishes_met"], rows["jo"]["wishes_met"]) == (0.5, 1.0, None)


def test_it_writes_lists_fairness_loads_and_a_report(tmp_path):
    request = write(tmp_path)
    run(request)
    names = {"assignments", "candidates", "fairness", "loads"}
    wanted = {f"{name}.{ending}" for name in names for ending in ("csv", "parquet")} | {"quality.csv", "report.html"}
    assert {path.name for path in request.target.iterdir()} == wanted
    lists = pl.read_parquet(request.target / "candidates.parquet")
    assert lists.filter(client="jo").sort("place")["therapist"].to_list().__len__() == 2
    loads = pl.read_csv(request.target / "loads.csv")
    assert loads["therapist"].to_list() == ["tess", "theo"]
    assert loads["suggested"].to_list() == [1, 2]
    groups = pl.read_csv(request.target / "fairness.csv")
    assert dict(groups.select("group", "placed").iter_rows()) == {
        "all": 3, "urgency 0": 2, "urgency 2": 1, "north": 2, "south": 1,
    }  # fmt: skip
    page = (request.target / "report.html").read_text()
    assert "3 clients can be placed" in page
    assert "seed for ties" in page


def test_results_of_an_earlier_run_that_have_no_successor_go(tmp_path):
    request = write(tmp_path)
    run(request)
    (request.target / "notes.txt").write_text("mine")
    (request.target / "estimates.csv").write_text("of another command")
    run(request)
    assert (request.target / "notes.txt").exists()


def as_science(network):
    """The same network as wishes and offers."""

    def split(text):
        return text.split("; ") if text else []

    def wish(kind, text):
        return Wish(kind, frozenset(word if ":" in word else f"{kind}:{word}" for word in split(text)))

    waiting = []
    for row in pl.read_parquet(network.clients).iter_rows(named=True):
        musts = tuple(wish(kind, row[f"must_{kind}"]) for kind in KINDS if row[f"must_{kind}"])
        nice = tuple(
            (wish(kind, row[f"nice_{kind}"]), row[f"nice_{kind}_strength"]) for kind in KINDS if row.get(f"nice_{kind}")
        )
        style = tuple(
            (name, row[f"style_{name}"], row[f"style_{name}_strength"])
            for name in DIMENSIONS
            if row[f"style_{name}"] is not None
        )
        waiting.append(Waiting(row["client"], Asked(musts, nice, style), row["urgency"], row["days_waiting"]))
    offers = []
    for row in pl.read_parquet(network.therapists).iter_rows(named=True):
        has = frozenset(token for kind in KINDS for token in wish(kind, row[kind]).any_of)
        track = {
            f"need:{need}": Interval(low, low, row[f"track_{need}_high"], row[f"track_{need}_n"])
            for need in KINDS["need"][0]
            if (low := row.get(f"track_{need}_low")) is not None
        }
        told = {name: row[f"style_{name}"] for name in DIMENSIONS}
        rest = (row["places"], row["days_since_confirmed"], row["caseload_share"], track, row["track_used"] == "yes")
        offers.append(Offer(row["therapist"], has, told, *rest))
    return waiting, offers


@pytest.mark.parametrize("places", [0.5, 1.2])
def test_it_says_what_the_science_says(tmp_path, places):
    network = write_network(tmp_path, 150, 40, places=places)
    table, summary, _ = run(MatchRequest(network.clients, network.therapists, tmp_path / "out", seed=3))
    waiting, offers = as_science(network)
    result = assign(waiting, offers, seed=3)
    assert [(one.client, one.offer, one.why) for one in result.proposals] == list(
        table.select("client", "therapist", "why").iter_rows()
    )
    assert summary.flow.total == result.total
    lists = pl.read_parquet(tmp_path / "out" / "candidates.parquet")
    for one in waiting[:40]:
        wanted = [match.id for match in order(one.asked, offers, seed=tie(3, one.id))][:20]
        assert lists.filter(client=one.id)["therapist"].to_list() == wanted
    costs = {one.client: {other.offer: other.costs for other in one.others} for one in result.proposals}
    for client, other, least in table.select("client", "next_best", "costs_at_least").drop_nulls().iter_rows():
        exact = costs[client][other]
        assert exact is None or 0 <= least <= exact


def test_the_order_of_rows_changes_nothing(tmp_path):
    network = write_network(tmp_path, 300, 30, places=0.8)
    first, _, _ = run(MatchRequest(network.clients, network.therapists, tmp_path / "out"))
    for path in network:
        pl.read_parquet(path).sample(fraction=1.0, shuffle=True, seed=4).write_parquet(path)
    again, _, _ = run(MatchRequest(network.clients, network.therapists, tmp_path / "out"))
    assert_frame_equal(first, again)


def test_someone_with_no_place_in_the_list_is_placed_where_there_is_one(tmp_path):
    clients = "client,nice_language,days_waiting\n" + "".join(f"c{n},es,{n}\n" for n in range(30))
    therapists = "therapist,places,language\n" + "".join(f"t{n},1,{'es' if n < 6 else 'en'}\n" for n in range(30))
    table, summary, _ = run(write(tmp_path, clients, therapists)._replace(few=5))
    assert Counter(table["why"]) == {"placed": 30}
    assert not summary.flow.short


def test_places_confirmed_long_ago_are_used_only_where_that_is_wanted(tmp_path):
    request = write(tmp_path, "client,days_waiting\nkai,3\n", "therapist,places,days_since_confirmed\nthandi,1,40\n")
    assert run(request)[0]["why"].to_list() == ["nobody"]
    assert run(request._replace(stale=True))[0]["therapist"].to_list() == ["thandi"]


def test_everything_that_is_wrong_in_both_tables_is_named_at_once(tmp_path):
    clients = CLIENTS.replace("kai,north,0,10", "jo,north,0,ten").replace("0.8", "8").replace("es; pt", "es;; pt")
    found = complaints(write(tmp_path, clients, THERAPISTS.replace("tess,1", "tess,1.5")))
    assert (3, "client", "clients.csv: jo was there before") in found
    assert (2, "days_waiting", "clients.csv: “ten” is not a whole number from 0") in found
    assert (2, "nice_time_strength", "clients.csv: “8” is not a number from 0 to 1") in found
    assert (3, "must_language", "clients.csv: “es;; pt” has a gap where a word should be") in found
    assert (2, "places", "therapists.csv: “1.5” is not a whole number from 0") in found


@pytest.mark.parametrize(
    ("clients", "therapists", "said"),
    [
        ("name,must_language\nkai,es\n", THERAPISTS, "clients.csv has no column client"),
        (CLIENTS, "therapist,place,language\ntess,1,en\n", "therapists.csv has no column places"),
        (CLIENTS.replace("lou,", ","), THERAPISTS, "a row without a name"),
        (CLIENTS.replace("evenings,0.8", "evenings,"), THERAPISTS, "the cell is blank"),
        (CLIENTS, "therapist,places,track_x_low\ntess,1,0.1\n", "the record of x has no track_x_high"),
        (CLIENTS, "therapist,places,track_used\ntess,1,maybe\n", "“maybe” is neither yes nor no"),
    ],
)
def test_what_is_wrong_is_told_in_words(tmp_path, clients, therapists, said):
    assert any(said in what for _, _, what in complaints(write(tmp_path, clients, therapists)))


def test_a_word_that_nobody_has_and_a_column_that_is_not_used_are_noted(tmp_path):
    _, _, quality = run(write(tmp_path, CLIENTS.replace("client,group", "client,colour")))
    told = {(one.column, one.what) for one in quality.complaints()}
    assert ("must_language", "nobody in therapists.csv has language:ar") in told
    assert any(column == "colour" and "is not used" in what for column, what in told)


def test_a_record_counts_only_with_leave_and_enough_cases(tmp_path):
    clients = "client,must_need\nkai,anxiety\n"
    head = "therapist,places,need,track_anxiety_low,track_anxiety_high,track_anxiety_n,track_used\n"
    rows = "better,1,anxiety,0.3,0.6,{n},{used}\n" + "".join(f"usual{n},1,anxiety,,,,no\n" for n in range(9))
    first = {}
    for n, used in ((40, "yes"), (14, "yes"), (40, "no")):
        seeds = range(6)
        request = write(tmp_path, clients, head + rows.format(n=n, used=used))
        first[n, used] = {run(request._replace(seed=seed))[0]["therapist"][0] for seed in seeds}
    assert first[40, "yes"] == {"better"}
    assert len(first[14, "yes"]) > 1
    assert len(first[40, "no"]) > 1


def test_nothing_is_left_where_it_fails_half_way(tmp_path, monkeypatch):
    def breaks(step, done, total):
        if step == "Writing":
            raise KeyboardInterrupt

    request = write(tmp_path)
    with pytest.raises(KeyboardInterrupt):
        match(request, breaks)
    assert {path.name for path in tmp_path.iterdir()} == {"clients.csv", "therapists.csv"}


def test_half_a_hundredth_is_rounded_as_in_the_science(tmp_path):
    strengths = np.round(np.linspace(0.005, 0.995, 12), 3)
    clients = "client,nice_time,nice_time_strength\n" + "".join(f"c{n},evenings,{s}\n" for n, s in enumerate(strengths))
    table, _, _ = run(write(tmp_path, clients, "therapist,places,time\ntess,20,evenings\n"))
    assert table["wishes_met"].to_list() == [1.0] * 12


def test_a_table_of_a_header_only_is_told_by_its_file(tmp_path):
    clients, therapists = tmp_path / "clients.csv", tmp_path / "therapists.csv"
    clients.write_text("client,must_language\n")
    therapists.write_text("therapist,places,language\n")
    with pytest.raises(BadTable) as caught:
        match(MatchRequest(clients, therapists, tmp_path / "out"), quiet)
    told = [one.what for one in caught.value.complaints]
    assert told == [f"{path.name}: the table has no rows" for path in (clients, therapists)]
