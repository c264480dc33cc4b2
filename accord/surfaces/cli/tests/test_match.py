import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner

from accord.surfaces.cli.main import COMMANDS
from accord.surfaces.cli.match import match

ROOT = Path(__file__).parents[4]
CLIENTS = "client,must_language,days_waiting\nkai,es,3\nmax,ar,9\n"
THERAPISTS = "therapist,places,language\ntess,1,en; es\n"


@pytest.fixture
def tables(tmp_path):
    paths = tmp_path / "clients.csv", tmp_path / "therapists.csv"
    for path, text in zip(paths, (CLIENTS, THERAPISTS), strict=True):
        path.write_text(text)
    return [str(path) for path in paths]


def test_it_says_how_many_were_placed_and_where_the_report_is(tables, tmp_path):
    done = CliRunner().invoke(match, [*tables, "--out", str(tmp_path / "out")])
    assert done.exit_code == 0, done.output
    assert "2 clients, 1 therapist with 1 place." in done.output
    assert "1 client can be placed, each with every must-have met." in done.output
    assert "1 client: nobody meets every must-have." in done.output
    assert "1 note" in done.output
    assert str(tmp_path / "out" / "report.html") in done.output


def test_it_lists_what_is_to_mend_and_ends_with_2(tables, tmp_path):
    Path(tables[1]).write_text("therapist,places\ntess,many\n")
    done = CliRunner().invoke(match, [*tables, "--out", str(tmp_path / "out")])
    assert done.exit_code == 2
    assert not (tmp_path / "out").exists()


def test_it_refuses_to_write_over_a_file(tables, tmp_path):
    (tmp_path / "out").write_text("mine")
    done = CliRunner().invoke(match, [*tables, "--out", str(tmp_path / "out")])
    assert done.exit_code == 2
    assert "is a file" in done.output


def test_every_command_says_in_the_project_where_it_lives():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert set(project["entry-points"]["accord.commands"]) == set(COMMANDS)
