import polars as pl
import pytest

from accord.batch import source, text_tables
from accord.batch.quality import Quality
from accord.batch.reading import open_table
from accord.batch.source import ROW, tidy_names


def opened(path):
    quality = Quality()
    table = open_table(path, quality)
    assert table is not None, quality.complaints()
    return table, pl.concat(table.blocks(table.columns, quality)), quality


def test_rows_keep_the_numbers_a_spreadsheet_shows(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text('a,b\n1,"two\nlines"\n\n3,4\n')
    table, frame, _ = opened(path)
    assert table.columns == ("a", "b")
    assert frame.rows() == [(2, "1", "two\nlines"), (4, "3", "4")]


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_every_line_ending_is_read(tmp_path, ending):
    path = tmp_path / "t.csv"
    path.write_bytes(ending.join(["a,b", "1,2", "3,4", ""]).encode())
    assert opened(path)[1].rows() == [(2, "1", "2"), (3, "3", "4")]


def test_cells_are_trimmed_and_empty_cells_are_null(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text(" a ,b\n x ,  \n\u00a0y\u00a0,z\n", encoding="utf-8")
    table, frame, _ = opened(path)
    assert table.columns == ("a", "b")
    assert frame.drop(ROW).rows() == [("x", None), ("y", "z")]


def test_separators_after_the_last_column_are_no_further_columns(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("a,b\n1,2,,\n3,4\n")
    assert opened(path)[1].height == 2


def test_blocks_together_are_the_whole_table_whatever_their_size(tmp_path, monkeypatch):
    path = tmp_path / "t.csv"
    path.write_text("a,b\n" + "".join(f"{row},x\n" for row in range(2, 25)))
    whole = opened(path)[1]
    monkeypatch.setattr(text_tables, "BLOCK_ROWS", 5)
    assert opened(path)[1].equals(whole)
    assert whole[ROW].to_list() == list(range(2, 25))
    assert whole["a"].cast(pl.Int64).to_list() == whole[ROW].to_list()


def test_only_the_columns_asked_for_are_handed_on(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("a,b,c\n1,2,3\n")
    table, _, quality = opened(path)
    (frame,) = table.blocks(["c", "a"], quality)
    assert frame.columns == [ROW, "c", "a"]


def test_parquet_keeps_numbers_and_dates_and_numbers_rows_from_2(tmp_path):
    path = tmp_path / "t.parquet"
    pl.DataFrame({"a": [1.5, 2.5], "b": [" x ", ""], "c": [True, None]}).write_parquet(path)
    _, frame, quality = opened(path)
    assert frame.rows() == [(2, 1.5, "x", "true"), (3, 2.5, None, None)]
    assert quality.counts == {"rows read": 2}


def test_tidy_names_numbers_blank_names_and_tells_repeats_apart():
    quality = Quality()
    assert tidy_names(["a", None, " a ", "a", ""], 1, quality) == ("a", "column 2", "a (2)", "a (3)", "column 5")
    assert [c.kind for c in quality.complaints()] == ["repeated-column"] * 2


def test_without_blank_rows_counts_what_it_leaves_out():
    quality = Quality()
    frame = source.text_frame([["1", " "], [None, "  "]], [2, 3], ["a", "b"])
    assert source.only_ratings(frame, ["a", "b"], quality)[ROW].to_list() == [2]
    assert quality.counts == {"rows that are blank": 1}
