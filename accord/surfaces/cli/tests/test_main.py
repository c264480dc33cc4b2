import importlib.metadata
import signal
import subprocess
import sys
import time
from pathlib import Path

import polars as pl
import pytest

from accord.batch.folder import RESULTS
from accord.batch.tests.tables import wide_frame
from accord.surfaces.cli.main import COMMANDS

ACCORD = Path(sys.executable).with_name("accord")
# Stands in for a machine where only `pip install .` was run: nothing of the web application can be imported.
WITHOUT_DJANGO = """
import sys
class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {"django", "allauth", "uvicorn"}:
            raise ModuleNotFoundError(name)
sys.meta_path.insert(0, Absent())
import importlib.util
real = importlib.util.find_spec
importlib.util.find_spec = lambda name, *rest: None if name.split(".")[0] == "django" else real(name, *rest)
from accord.surfaces.cli.main import main
sys.argv = ["accord", *sys.argv[1:]]
main()
"""


def accord(*words, cwd=None):
    return subprocess.run([ACCORD, *map(str, words)], capture_output=True, text=True, timeout=300, cwd=cwd, check=False)


def without_django(*words):
    command = [sys.executable, "-c", WITHOUT_DJANGO, *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)


@pytest.fixture(scope="module")
def table(tmp_path_factory):
    path = tmp_path_factory.mktemp("cli") / "ratings.csv"
    wide_frame().write_csv(path)
    return path


def test_help_names_every_command_without_importing_the_science():
    loaded = "import sys; from accord.surfaces.cli.main import accord; accord(['--help'], standalone_mode=False);"
    loaded += "print([m for m in ('numba', 'polars', 'numpy', 'django') if m in sys.modules])"
    run = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True)
    assert run.stdout.splitlines()[-1] == "[]"
    assert all(name in run.stdout for name in COMMANDS)


def test_version_is_the_packages():
    assert accord("--version").stdout.strip() == f"accord {importlib.metadata.version('accord')}"


def test_an_unknown_command_is_refused():
    run = accord("analyze")
    assert run.returncode == 2
    assert "No such command" in run.stderr


def test_analyse_writes_its_results_and_tells_what_it_guessed(table, tmp_path):
    run = accord("analyse", table, "--out", tmp_path / "out")
    assert run.returncode == 0, run.stderr
    assert "bond_1 … bond_8 (8 columns)" in run.stdout
    assert "guessed" in run.stdout
    assert "12 pairs, 96 rated sessions" in run.stdout
    assert "published defaults, not fitted" in run.stdout
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == sorted(RESULTS)
    assert run.stderr == ""


def test_analyse_lists_all_that_is_wrong_and_ends_with_2(tmp_path):
    path = tmp_path / "bad.csv"
    path.write_text("id,s1,s2,s3\nA,3,four,5\nA,6,7,12\n")
    run = accord("analyse", path, "--out", tmp_path / "out", "--scale", "0-10")
    assert run.returncode == 2
    assert "row 2, column s2: “four” is not a number. Write a number, or leave it blank." in run.stderr
    assert "row 3, column id: pair A was already in row 2." in run.stderr
    assert "row 3, column s3: 12 lies off the scale of 0 to 10." in run.stderr
    assert "3 things to mend. Nothing was written." in run.stderr
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--rule", "nonsense"), "no rule is called nonsense"),
        (("--scale", "ten"), "is not a scale"),
        (("--scale", "10-0"), "must be below"),
        (("--columns", "bond_1..goal_3"), "is no range"),
        (("--columns", "bond_1..bond_9"), "there is no column bond_9. Did you mean bond_8?"),
        (("--budget", "99"), "budget"),
        (("--params", "gone.json"), "does not exist"),
    ],
)
def test_a_wrong_option_is_told_in_words_and_ends_with_2(table, tmp_path, words, said):
    run = accord("analyse", table, "--out", tmp_path / "out", *words)
    assert run.returncode == 2
    assert said in run.stderr
    assert "Traceback" not in run.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("scale", ["0-10", "0..10", "-3-13", "-3..+13", "0.0-10.5"])
def test_scales_are_read_as_people_write_them(table, tmp_path, scale):
    assert accord("analyse", table, "--out", tmp_path / "out", "--scale", scale).returncode == 0


def test_params_come_from_a_file(table, tmp_path):
    dumped = (
        "import json; from accord.science.alliance import DEFAULT, dump_params;"
        "print(json.dumps(dump_params(DEFAULT) | {'id': 'mine@1'}))"
    )
    text = subprocess.run([sys.executable, "-c", dumped], capture_output=True, text=True, check=True).stdout
    params = tmp_path / "params.json"
    params.write_text(text)
    run = accord("analyse", table, "--out", tmp_path / "out", "--params", params)
    assert run.returncode == 0
    assert "published defaults" not in run.stdout
    assert pl.read_parquet(tmp_path / "out" / "estimates.parquet")["version"].unique().to_list() == ["mine@1"]
    params.write_text('{"id": "half"}')
    run = accord("analyse", table, "--out", tmp_path / "out", "--params", params)
    assert run.returncode == 2
    assert "missing or unknown" in run.stderr


def test_a_run_that_is_ended_half_way_leaves_nothing(tmp_path):
    big = tmp_path / "big.parquet"
    assert accord("simulate", "--pairs", 60_000, "--sessions", 12, "--out", big).returncode == 0
    command = [ACCORD, "analyse", big, "--out", tmp_path / "made" / "out"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as child:
        deadline = time.monotonic() + 300  # the kernels may have to be compiled first
        while not list(tmp_path.glob("made/.out-*/*")) and child.poll() is None and time.monotonic() < deadline:
            time.sleep(0.02)
        assert child.poll() is None, "the run was over before it could be ended"
        child.terminate()
        try:
            child.wait(60)
        finally:
            child.kill()  # where it hangs: let this test fail alone
    assert child.returncode == 128 + signal.SIGTERM
    assert [path.name for path in tmp_path.iterdir()] == ["big.parquet"]


def test_simulate_then_analyse_needs_no_further_word(tmp_path):
    run = accord("simulate", "--pairs", 50, "--sessions", 8, "--out", "t.tsv", "--truth", "truth.csv", cwd=tmp_path)
    assert run.returncode == 0, run.stderr
    assert {path.name for path in tmp_path.iterdir()} == {"t.tsv", "truth.csv"}
    run = accord("analyse", "t.tsv", "--out", "out", cwd=tmp_path)
    assert run.returncode == 0, run.stderr
    assert "50 pairs" in run.stdout


def test_simulate_refuses_what_it_cannot_write(tmp_path):
    run = accord("simulate", "--pairs", 5, "--sessions", 5, "--out", tmp_path / "t.xlsx")
    assert run.returncode == 2
    assert ".parquet" in run.stderr


def test_a_plain_install_without_the_web_analyses(table, tmp_path):
    run = without_django("analyse", table, "--out", tmp_path / "out")
    assert run.returncode == 0, run.stderr
    assert (tmp_path / "out" / "report.html").exists()
    assert without_django("--help").returncode == 0


@pytest.mark.parametrize("command", [name for name, row in COMMANDS.items() if row.web])
def test_a_plain_install_says_in_one_line_what_the_web_commands_need(command):
    run = without_django(command)
    assert run.returncode == 1
    assert run.stderr.strip() == f"Error: `accord {command}` needs the web application: install accord[web]"
