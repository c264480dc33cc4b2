"""`accord evaluate` in the terminal: files, words, refusals."""

from functools import partial

import pytest
from click.testing import CliRunner

from accord.batch import comparison, evaluating
from accord.science.ruptures import flags2_calibration
from accord.surfaces.cli.evaluate import evaluate


@pytest.fixture(autouse=True)
def small(monkeypatch):
    """One practice, and a coarse simulation of what it is held against: the real sizes take seconds a world."""
    monkeypatch.setattr(evaluating, "PRACTICES", 1)
    monkeypatch.setattr(flags2_calibration, "PAIRS", 2_000)
    monkeypatch.setattr(evaluating, "calibrated", partial(flags2_calibration.calibrated, size=4_000))


def test_the_command_writes_table_page_and_plots(tmp_path):
    out, pictures = tmp_path / "out", tmp_path / "pictures"
    asked = ["--out", str(out), "--pictures", str(pictures), "--pairs", "300", "--worlds", "as-modelled"]
    done = CliRunner().invoke(evaluate, asked)
    assert done.exit_code == 0, done.output
    assert "flags@2" in done.output
    page = (out / comparison.PAGE).read_text()
    if comparison.can_draw():
        assert {path.name for path in pictures.iterdir()} == set(comparison.PICTURES)
        assert "](../pictures/flags-at-onset.svg)" in page
    assert (out / comparison.TABLE).exists()


def test_without_matplotlib_it_says_so_and_writes_the_rest(tmp_path, monkeypatch):
    monkeypatch.setattr("accord.surfaces.cli.evaluate.can_draw", lambda: False)
    asked = ["--out", str(tmp_path), "--pairs", "300", "--worlds", "as-modelled"]
    done = CliRunner().invoke(evaluate, asked)
    assert "matplotlib is not installed" in done.output
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([comparison.TABLE, comparison.PAGE])
    assert "![" not in (tmp_path / comparison.PAGE).read_text()


@pytest.mark.parametrize(
    ("option", "value", "word"),
    [("--worlds", "elsewhere", "no world is called elsewhere"), ("--budget", "9", "0.02 to 3")],
)
def test_what_cannot_be_done_is_said_in_one_line(tmp_path, option, value, word):
    done = CliRunner().invoke(evaluate, ["--out", str(tmp_path / "x"), option, value])
    assert done.exit_code == 2
    assert word in done.output and "Traceback" not in done.output
    assert not (tmp_path / "x").exists()
