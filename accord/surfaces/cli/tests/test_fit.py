"""`accord fit`: what it writes, what it says, and what it refuses."""

import json
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner, Result

from accord.science.alliance import read_parameters
from accord.surfaces.cli.analyse import analyse
from accord.surfaces.cli.fit import fit
from accord.surfaces.cli.simulate import simulate


def run(command, *words: object) -> Result:
    return CliRunner().invoke(command, [str(word) for word in words])


@pytest.fixture(scope="module")
def table(tmp_path_factory) -> Path:
    path: Path = tmp_path_factory.mktemp("table") / "ratings.parquet"
    assert run(simulate, "--pairs", 260, "--sessions", 7, "--out", path).exit_code == 0
    return path


@pytest.fixture(scope="module")
def fitted(table) -> tuple[Result, Path]:
    target = table.parent / "params.json"
    return run(fit, table, "--out", target, "--id", "harbour@1"), target


def test_it_writes_a_file_and_says_what_it_found(fitted):
    done, target = fitted
    assert done.exit_code == 0, done.output
    assert "260 pairs, 1,8" in done.output and "converged after" in done.output
    for words in ("level at the first session", "goal-task", "inside the 95 % interval", "levels only", "days until"):
        assert words in done.output
    assert "parameters harbour@1" in done.output
    assert read_parameters(target.read_text(encoding="utf-8")).params.id == "harbour@1"


def test_analyse_uses_the_file(fitted, table, tmp_path):
    done = run(analyse, table, "--out", tmp_path / "out", "--params", fitted[1])
    assert done.exit_code == 0, done.output
    assert pl.read_parquet(tmp_path / "out" / "estimates.parquet")["version"].unique().to_list() == ["harbour@1"]


def test_analyse_refuses_a_file_of_another_version(fitted, table, tmp_path):
    other = tmp_path / "later.json"
    other.write_text(json.dumps(json.loads(fitted[1].read_text()) | {"accord_parameters": 7}))
    done = run(analyse, table, "--out", tmp_path / "out", "--params", other)
    assert done.exit_code == 2
    assert "version 7 of the file is not known here" in done.output


def test_a_table_without_therapists_is_fitted_without_them(table, tmp_path):
    frame = pl.read_parquet(table)
    frame.drop([name for name in frame.columns if name.startswith("therapist")]).write_csv(tmp_path / "own.csv")
    done = run(fit, tmp_path / "own.csv", "--out", tmp_path / "p.json", "--no-compare")
    assert done.exit_code == 0, done.output
    assert "no therapist rated; their parameters stay at those of alliance@1-default" in done.output
    assert "(not estimated)" in done.output
    assert "against simpler models" not in done.output


def test_a_fit_without_an_answer_ends_with_2_and_advice(table, tmp_path):
    frame = pl.read_parquet(table)
    few = [name for name in frame.columns if name == "pair" or name.endswith(("_1", "_2"))]
    frame.select(few).write_parquet(tmp_path / "few.parquet")
    listed = ",".join(few[1:])
    done = run(fit, tmp_path / "few.parquet", "--out", tmp_path / "p.json", "--columns", listed)
    assert done.exit_code == 2
    assert "more sessions for each" in done.output and "Nothing was written" in done.output
    assert [path.name for path in tmp_path.iterdir()] == ["few.parquet"]


def test_what_is_wrong_with_the_table_is_listed(tmp_path):
    (tmp_path / "bad.csv").write_text("id,goal_1,goal_2,goal_3\nA,3,four,5\nA,6,7,8\n")
    done = run(fit, tmp_path / "bad.csv", "--out", tmp_path / "p.json")
    assert done.exit_code == 2
    assert "needs goal, task and bond" in done.output
    done = run(fit, tmp_path / "gone.csv", "--out", tmp_path / "p.json")
    assert done.exit_code == 2
    assert "Traceback" not in done.output


@pytest.mark.parametrize(
    ("words", "said"), [(("--practice", "x"), "--practice needs --therapist"), (("--id", "x" * 99), "id")]
)
def test_wrong_options_are_told_in_words(table, tmp_path, words, said):
    done = run(fit, table, "--out", tmp_path / "p.json", "--no-compare", *words)
    assert done.exit_code == 2
    assert said in done.output
    assert not (tmp_path / "p.json").exists()
