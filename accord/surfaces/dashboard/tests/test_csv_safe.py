"""What a spreadsheet could calculate is made text; numbers stay numbers."""

import pytest

from accord.surfaces.dashboard.csv_safe import safe


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1+2", "@SUM(A1)", "\t=1", "\r=1", "\n=1"])
def test_a_formula_becomes_text(cell):
    assert safe(cell) == f"'{cell}"


@pytest.mark.parametrize(("cell", "kept"), [("p1a2", "p1a2"), (-60, -60), (0, 0), (None, ""), ("", "")])
def test_everything_else_stays_as_it_is(cell, kept):
    assert safe(cell) == kept
