"""`accord backtest` in the terminal: files, words, refusals."""

import numpy as np
import pytest
from click.testing import CliRunner

from accord.batch import backtest_page, history_page
from accord.batch.comparison import can_draw
from accord.surfaces.cli.backtest import backtest_command

QUICK = ["--networks", "2", "--worlds", "small,style-only"]


def test_the_command_writes_table_page_and_plots(tmp_path):
    out, pictures = tmp_path / "out", tmp_path / "pictures"
    done = CliRunner().invoke(backtest_command, ["--out", str(out), "--pictures", str(pictures), *QUICK])
    assert done.exit_code == 0, done.output
    assert "first-available" in done.output and "start with" in done.output
    page = (out / backtest_page.PAGE).read_text()
    assert sorted(path.name for path in out.iterdir()) == sorted([backtest_page.TABLE, backtest_page.PAGE])
    if can_draw():
        assert {path.name for path in pictures.iterdir()} == set(backtest_page.PICTURES)
        assert "](../pictures/backtest-gain.svg)" in page


def test_what_else_is_in_the_folder_stays(tmp_path):
    (tmp_path / "estimates.parquet").write_text("of another command")
    done = CliRunner().invoke(backtest_command, ["--out", str(tmp_path), *QUICK])
    assert done.exit_code == 0
    assert (tmp_path / "estimates.parquet").read_text() == "of another command"
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


def test_without_matplotlib_it_says_so_and_writes_the_rest(tmp_path, monkeypatch):
    monkeypatch.setattr("accord.surfaces.cli.backtest.can_draw", lambda: False)
    done = CliRunner().invoke(backtest_command, ["--out", str(tmp_path), *QUICK])
    assert "matplotlib is not installed" in done.output
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([backtest_page.TABLE, backtest_page.PAGE])
    assert "![" not in (tmp_path / backtest_page.PAGE).read_text()


@pytest.mark.parametrize(
    ("option", "value", "word"),
    [("--worlds", "elsewhere", "no world is called elsewhere"), ("--networks", "1", "1")],
)
def test_what_cannot_be_done_is_said_in_one_line(tmp_path, option, value, word):
    done = CliRunner().invoke(backtest_command, ["--out", str(tmp_path / "x"), option, value])
    assert done.exit_code == 2
    assert word in done.output and "Traceback" not in done.output
    assert not (tmp_path / "x").exists()


def test_a_folder_that_is_a_file_is_refused(tmp_path):
    (tmp_path / "x").write_text("")
    done = CliRunner().invoke(backtest_command, ["--out", str(tmp_path / "x" / "y"), *QUICK])
    assert done.exit_code == 2 and "Traceback" not in done.output


def test_an_own_past_is_judged_by_the_same_command(tmp_path):
    rng = np.random.default_rng(1)
    went = rng.integers(0, 3, 150)
    rows = "".join(
        f"c{place},T{who},licence:PT,{rng.normal(7, 1):.1f},{rng.integers(1, 12)},planned\n"
        for place, who in enumerate(went)
    )
    (tmp_path / "clients.csv").write_text("client,therapist,musts,alliance_3,sessions,ending\n" + rows)
    (tmp_path / "therapists.csv").write_text("therapist,has\nT0,licence:PT\nT1,licence:PT\nT2,licence:PT\n")
    tables = ["--clients", str(tmp_path / "clients.csv"), "--therapists", str(tmp_path / "therapists.csv")]
    done = CliRunner().invoke(backtest_command, [*tables, "--out", str(tmp_path / "out")])
    assert done.exit_code == 0, done.output
    assert "150 clients, 3 therapists" in done.output and "ordering minus what happened" in done.output
    assert {path.name for path in (tmp_path / "out").iterdir()} == {history_page.TABLE, history_page.PAGE}


def test_a_past_with_mistakes_is_refused_with_all_of_them(tmp_path):
    (tmp_path / "clients.csv").write_text("client,therapist,musts,sessions\na,X,PT,3\n")
    (tmp_path / "therapists.csv").write_text("therapist,has\nT0,licence:PT\n")
    tables = ["--clients", str(tmp_path / "clients.csv"), "--therapists", str(tmp_path / "therapists.csv")]
    done = CliRunner().invoke(backtest_command, [*tables, "--out", str(tmp_path / "out")])
    assert done.exit_code == 2 and not (tmp_path / "out").exists()
    assert "row 2, column musts of clients.csv: “PT” cannot be read" in done.output
    assert "therapist X is not in the other table" in done.output


def test_a_past_needs_both_tables(tmp_path):
    done = CliRunner().invoke(backtest_command, ["--clients", "c.csv", "--out", str(tmp_path / "out")])
    assert done.exit_code == 2 and "both tables" in done.output


def test_a_past_too_small_to_model_says_so(tmp_path):
    (tmp_path / "clients.csv").write_text("client,therapist,musts,sessions\na,T0,licence:PT,3\nb,T0,licence:PT,9\n")
    (tmp_path / "therapists.csv").write_text("therapist,has\nT0,licence:PT\n")
    tables = ["--clients", str(tmp_path / "clients.csv"), "--therapists", str(tmp_path / "therapists.csv")]
    done = CliRunner().invoke(backtest_command, [*tables, "--out", str(tmp_path / "out")])
    assert done.exit_code == 2 and "2 clients of 1 therapists have this outcome" in done.output
