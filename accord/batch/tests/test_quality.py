from accord.batch.quality import LISTED, Complaint, Quality


def test_quality_tells_errors_before_notes_and_both_by_row():
    quality = Quality()
    quality.add(Complaint("note", "a", "n", row=2))
    quality.add(Complaint("error", "b", "e", row=9, column="x"))
    quality.add(Complaint("error", "b", "whole file"))
    quality.add(Complaint("error", "b", "row", row=9))
    assert [complaint.what for complaint in quality.complaints()] == ["whole file", "row", "e", "n"]
    assert quality.failed


def test_quality_with_notes_only_has_not_failed():
    quality = Quality()
    quality.add(Complaint("note", "a", "n"))
    assert not quality.failed
    assert (quality.errors, quality.notes) == (0, 1)


def test_cells_names_each_cell_with_its_value():
    quality = Quality()
    quality.cells(Complaint("error", "text", "“{value}” is odd", column="c"), [3, 5], ["x", "y"])
    assert [(c.row, c.what, c.where) for c in quality.complaints()] == [
        (3, "“x” is odd", "row 3, column c"),
        (5, "“y” is odd", "row 5, column c"),
    ]


def test_cells_counts_what_it_no_longer_lists_and_loses_none():
    quality = Quality()
    rows = list(range(2, LISTED + 52))
    quality.cells(Complaint("note", "code", "“{value}”", column="c"), rows[:700], ["NA"] * 700)
    quality.cells(Complaint("note", "code", "“{value}”", column="c"), rows[700:], ["NA"] * (len(rows) - 700))
    quality.cells(Complaint("note", "code", "“{value}”", column="c"), [9_999], ["NA"])
    assert len(quality.complaints()) == LISTED + 1
    assert quality.notes == len(rows) + 1
    last = max(quality.complaints(), key=lambda complaint: complaint.number)
    assert last.number == 51
    assert last.row == rows[LISTED]


def test_table_has_the_counts_first_and_empty_cells_where_nothing_is_said():
    quality = Quality()
    quality.count("rows read", 3)
    quality.count("rows read", 4)
    quality.add(Complaint("note", "bom", "mark"))
    table = quality.table()
    assert table["level"].to_list() == ["count", "note"]
    assert table["number"].to_list() == [7, 1]
    assert table["column"].to_list() == [None, None]
