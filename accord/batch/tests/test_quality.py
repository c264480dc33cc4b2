from accord.batch.quality import LISTED, Complaint, Quality, grouped


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
    assert [(c.row, c.what, c.value) for c in quality.complaints()] == [(3, "“x” is odd", "x"), (5, "“y” is odd", "y")]


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


def test_grouped_tells_alike_complaints_in_one_line_and_forgets_no_row():
    alike = [Complaint("error", "date", "“May” is no date", row=row, column="when") for row in (2, 3, 4, 9)]
    other = Complaint("error", "date", "“June” is no date", row=5, column="when")
    groups = grouped([*alike, other])
    assert [(group.where(), group.number) for group in groups] == [
        ("rows 2–4, 9, column when", 4),
        ("row 5, column when", 1),
    ]


def test_grouped_breaks_off_only_after_many_runs_of_rows():
    scattered = [Complaint("note", "code", "“NA”", row=row) for row in range(2, 82, 2)]
    (group,) = grouped(scattered)
    assert group.where(most=3) == "rows 2, 4, 6 …"
    assert group.where(most=40).endswith(", 80")


def test_grouped_keeps_counts_of_what_is_not_listed():
    (group,) = grouped([Complaint("note", "a", "w"), Complaint("note", "a", "w", number=51)])
    assert (group.where(), group.number) == ("", 52)
