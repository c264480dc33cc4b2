"""Every complaint has a file that deserves it."""

import polars as pl
import pytest

from accord.batch.errors import BadRequest
from accord.batch.numbers import Scale
from accord.batch.tests.tables import complaints, run, wide_frame, write_workbook

WIDE = "id,s1,s2,s3\nA,3,4,5\nB,6,7,8\n"
LONG = "pair,session,score\nA,1,3\nA,2,4\nB,1,5\n"
DATED = "pair,date,score\nA,2026-01-05,3\nA,2026-01-12,4\n"

ERRORS = [
    ("text-in-score", WIDE.replace("7", "seven"), {}, 3, "s2"),
    ("infinite", WIDE.replace("7", "inf"), {}, 3, "s2"),
    ("infinite", WIDE.replace("7", "-Infinity"), {}, 3, "s2"),
    ("off-scale", WIDE.replace("7", "11"), {"scale": Scale(named=True)}, 3, "s2"),
    ("off-scale", WIDE.replace("7", "-99"), {"scale": Scale(named=True)}, 3, "s2"),
    ("off-scale", WIDE.replace("7", "47"), {}, 3, "s2"),
    ("duplicate-pair", WIDE.replace("B", "A"), {}, 3, "id"),
    ("duplicate-session", LONG.replace("A,2,4", "A,1,4"), {}, 3, "session"),
    ("duplicate-session", DATED.replace("12", "05"), {}, 3, "date"),
    ("blank-pair", WIDE.replace("B", ""), {}, 3, "id"),
    ("blank-pair", WIDE.replace("B", "   "), {}, 3, "id"),
    ("session", LONG.replace("A,2", "A,"), {}, 3, "session"),
    ("session", LONG.replace("A,2", "A,two"), {}, 3, "session"),
    ("session", LONG.replace("A,2", "A,1.5"), {}, 3, "session"),
    ("session", LONG.replace("A,2", "A,-2"), {}, 3, "session"),
    ("date", DATED.replace("2026-01-12", "12/01/2026"), {}, 3, "date"),
    ("date", DATED.replace("2026-01-12", ""), {}, 3, "date"),
    ("date", DATED.replace("2026-01-12", "2026-02-30"), {}, 3, "date"),
    ("dates-disagree", "pair,session,date,score\nA,1,2026-01-12,3\nA,2,2026-01-05,4\n", {}, 3, "date"),
    ("no-column", WIDE, {"columns": "s1..s4"}, 1, "s4"),
    ("no-column", WIDE, {"pair": "Id"}, 1, "Id"),
    ("no-column", LONG, {"score": "scores"}, 1, "scores"),
    ("mapping", "a,b,c\n1,2,3\n", {}, 1, ""),
    ("mapping", "pair,session,x,y\nA,1,3,4\n", {}, 1, ""),
    ("second-header", "id,s1,s2,s3\nClient,Week 1,Week 2,Week 3\nA,3,4,5\nB,1,2,3\n", {}, 2, ""),
    ("second-header", "pair,session,score\nwho,number,0-10\nA,1,3\nA,2,3\n", {}, 2, ""),
    ("row-width", WIDE + "C,1,2\n", {}, 4, ""),
    ("row-width", WIDE + "C,1,2,3,4\n", {}, 4, ""),
    ("quotes", WIDE + 'C,"1,2,3\n', {}, 4, ""),
    ("separator", "id:s1:s2\nA:1:2\n", {}, 1, ""),
    ("word", "pair,session,pillar,score\nA,1,bond,3\nA,1,trust,3\n", {}, 3, "pillar"),
    ("word", "pair,session,rater,score\nA,1,client,3\nA,1,nurse,3\n", {}, 3, "rater"),
    ("empty", "", {}, None, ""),
    ("empty", "\n\n", {}, None, ""),
    ("empty", "id,s1,s2,s3\n", {}, None, ""),
    ("empty", "id,s1,s2,s3\nA,,,\nB,NA,NA,NA\n", {}, None, ""),
]


@pytest.mark.parametrize(("kind", "text", "chosen", "row", "column"), ERRORS)
def test_analyse_names_what_is_wrong_by_row_and_column_and_writes_nothing(tmp_path, kind, text, chosen, row, column):
    path = tmp_path / "ratings.csv"
    path.write_text(text)
    wishes = {("scores" if name == "score" else name): value for name, value in chosen.items()}
    if "scores" in wishes:
        wishes["scores"] = (wishes["scores"],)
    found = [c for c in complaints(path, tmp_path / "out", **wishes) if c.level == "error"]
    assert [(c.kind, c.row, c.column) for c in found] == [(kind, row, column)]
    assert found[0].mend
    assert list(tmp_path.iterdir()) == [path]


NOTES = [
    ("missing-code", WIDE.replace("7", "NA"), 3, "s2"),
    ("missing-code", WIDE.replace("7", "#NULL!"), 3, "s2"),
    ("missing-code", WIDE.replace("7", " n/a "), 3, "s2"),
    ("missing-code", WIDE.replace("7", "NaN"), 3, "s2"),
    ("blank-row", WIDE.replace("B", "\nB"), 3, ""),
    ("blank-row", WIDE.replace("B", ",,,\nB"), 3, ""),
    ("blank-row", "\n" + WIDE, 1, ""),
    ("repeated-header", WIDE + "id,s1,s2,s3\nC,1,2,3\n", 4, ""),
    ("no-score", WIDE + "C,,,\n", 4, ""),
    ("unsorted", LONG.replace("A,1,3\nA,2,4", "A,2,4\nA,1,3"), 3, "session"),
    ("unsorted", DATED.replace("-12", "-01"), 3, "date"),
    ("separator", WIDE.replace(",", ";"), 1, ""),
    ("separator", WIDE.replace(",", "\t"), 1, ""),
    ("decimal-comma", WIDE.replace(",", ";").replace("7", "6,5"), 3, "s2"),
    ("repeated-column", "id,s1,s2,s3,x,x\nA,3,4,5,1,1\n", 1, "x"),
    ("bom", "\ufeff" + WIDE, 1, ""),
]


@pytest.mark.parametrize(("kind", "text", "row", "column"), NOTES)
def test_analyse_notes_what_leaves_the_numbers_alone_and_goes_on(tmp_path, kind, text, row, column):
    path = tmp_path / "ratings.csv"
    path.write_text(text, encoding="utf-8")
    outcome = run(path, tmp_path / "out")
    assert (kind, row, column) in [(c.kind, c.row, c.column) for c in outcome.quality.complaints()]
    told = pl.read_csv(tmp_path / "out" / "quality.csv")
    assert kind in told["kind"].to_list()


def test_analyse_names_all_that_is_wrong_at_once(tmp_path):
    path = tmp_path / "ratings.csv"
    path.write_text("pair,session,score\nA,1,3\nA,1,4\n,2,5\nB,x,6\nB,2,high\nB,3,99\n")
    found = complaints(path, tmp_path / "out", scale=Scale(named=True))
    assert [(c.kind, c.row) for c in found if c.level == "error"] == [
        ("duplicate-session", 3),
        ("blank-pair", 4),
        ("session", 5),
        ("text-in-score", 6),
        ("off-scale", 7),
    ]


def test_an_assumed_scale_is_complained_about_once_with_the_range_that_was_found(tmp_path):
    path = tmp_path / "ratings.csv"
    path.write_text("id,s1,s2,s3\nA,30,40,5\nB,63,11,8\n")
    found = complaints(path, tmp_path / "out")
    assert len(found) == 1
    assert "4 scores lie off" in found[0].what
    assert "go from 11 to 63" in found[0].what
    assert found[0].number == 4
    assert "--scale" in found[0].mend


def test_a_missing_column_is_told_with_the_one_probably_meant(tmp_path):
    path = tmp_path / "ratings.csv"
    path.write_text(WIDE)
    (found,) = complaints(path, tmp_path / "out", columns="S1")
    assert found.mend == "Did you mean s1?"


def test_a_duplicate_names_the_row_that_came_first(tmp_path):
    path = tmp_path / "ratings.csv"
    path.write_text(LONG + "A,2,9\n")
    (found,) = (c for c in complaints(path, tmp_path / "out") if c.level == "error")
    assert found.row == 5
    assert "row 3" in found.what
    assert "session 2 of pair A" in found.what


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "latin-1", "cp1252"])
def test_analyse_reads_what_spreadsheets_save(tmp_path, encoding):
    path = tmp_path / "ratings.csv"
    path.write_text("id,s1,s2,s3\nZoë,3,4,5\nB,6,7,8\n", encoding=encoding)
    run(path, tmp_path / "out")
    estimates = pl.read_parquet(tmp_path / "out" / "estimates.parquet")
    assert estimates["pair"].unique(maintain_order=True).to_list() == ["Zoë", "B"]


def test_letters_that_are_not_utf8_are_noted_with_their_row(tmp_path):
    path = tmp_path / "ratings.csv"
    path.write_bytes(b"id,s1,s2,s3\nA,3,4,5\nZo\xeb,6,7,8\n")
    assert [(c.kind, c.row) for c in complaints(path, tmp_path / "out")] == [("encoding", 3)]


def test_bytes_that_no_windows_page_knows_are_read_all_the_same(tmp_path):
    path = tmp_path / "ratings.csv"
    path.write_bytes(b"id,s1,s2,s3\nA\x81,3,4,5\n")
    assert [c.kind for c in complaints(path, tmp_path / "out")] == ["encoding"]


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("gone.csv", None, "no-file"),
        ("a.csv", b"\x00\x01\x02binary\x00", "not-text"),
        ("a.parquet", b"PAR1 but not really", "unreadable"),
        ("a.xlsx", b"PK\x03\x04 but not really", "unreadable"),
        ("a.docx", b"hello", "kind-of-file"),
        ("a", b"hello", "kind-of-file"),
    ],
)
def test_a_file_that_is_no_table_is_told_so(tmp_path, name, content, kind):
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    (found,) = complaints(path, tmp_path / "out")
    assert (found.level, found.kind) == ("error", kind)


def test_a_folder_is_no_table(tmp_path):
    (found,) = complaints(tmp_path, tmp_path / "x" / "out")
    assert found.kind == "no-file"


def test_a_workbook_named_csv_is_read_for_what_it_is(tmp_path):
    path = write_workbook(tmp_path / "ratings.csv", [["id", "s1", "s2", "s3"], ["A", 3, 4, 5]])
    assert run(path, tmp_path / "out").findings.pairs == 1


def test_workbook_rows_are_numbered_as_the_sheet_shows_them(tmp_path):
    rows: list[list[object]] = [[], ["id", "s1", "s2", "s3"], ["A", 3, 4, 5], [], ["B", 3, "four", "#NULL!"]]
    path = write_workbook(tmp_path / "r.xlsx", rows, sheets=("Ratings", "Notes"))
    found = {(c.kind, c.row, c.column) for c in complaints(path, tmp_path / "out")}
    assert found == {
        ("sheets", None, ""),
        ("blank-row", 1, ""),
        ("blank-row", 4, ""),
        ("text-in-score", 5, "s2"),
        ("missing-code", 5, "s3"),
    }


def test_parquet_columns_of_other_kinds_are_errors_by_cell(tmp_path):
    path = tmp_path / "r.parquet"
    wide_frame(3, 3).with_columns(bond_2=pl.Series([7.0, float("nan"), float("inf")])).write_parquet(path)
    found = [(c.kind, c.row, c.column) for c in complaints(path, tmp_path / "out")]
    assert found == [("infinite", 4, "bond_2"), ("missing-code", 3, "bond_2")]
    dated = tmp_path / "d.parquet"
    wide_frame(1, 3).with_columns(bond_2=pl.date(2026, 1, 1)).write_parquet(dated)
    assert [(c.kind, c.row) for c in complaints(dated, tmp_path / "out")] == [("text-in-score", 2)]


def test_an_empty_parquet_is_told_so(tmp_path):
    path = tmp_path / "r.parquet"
    wide_frame(2, 3).clear().write_parquet(path)
    assert [c.kind for c in complaints(path, tmp_path / "out")] == ["empty"]


@pytest.mark.parametrize(
    "chosen",
    [{"rules": ("nonsense",)}, {"columns": "s1..s3", "session": "session"}, {"budget": 99.0}, {"columns": "s1,s1"}],
)
def test_a_request_that_cannot_be_met_is_refused(tmp_path, chosen):
    path = tmp_path / "ratings.csv"
    path.write_text(WIDE)
    with pytest.raises(BadRequest):
        run(path, tmp_path / "out", **chosen)


def test_sessions_numbered_like_days_are_asked_about(tmp_path):
    path = tmp_path / "ratings.csv"
    path.write_text("pair,session,score\nA,1,3\nA,2400,4\n")
    with pytest.raises(BadRequest, match="--time"):
        run(path, tmp_path / "out")
    assert list(tmp_path.iterdir()) == [path]
