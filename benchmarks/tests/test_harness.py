"""The whole harness in miniature: it runs, ours and the peers agree, and var/bench.json has the promised shape."""

import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from benchmarks.__main__ import main
from benchmarks.bars import BARS
from benchmarks.page import BEGIN, END, with_table

ROOT = Path(__file__).resolve().parents[2]
FIELDS = {
    *("number", "task", "unit", "ours", "peer", "theirs"),
    *("ratio", "bar", "holds", "note", "judged", "processor_ratio"),
}
PEERS = {
    "statsmodels": "statsmodels_space",
    "numpy": "numpy_columns",
    "simdkalman": "simdkalman_vectors",
    "jax": "jax_scan",
    "filterpy": "filterpy_loop",
    "pykalman": "pykalman_loop",
}


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What a run of the first six bars wrote."""
    return run("1-6", tmp_path_factory.mktemp("bench"))


def run(bars: str, folder: Path) -> dict[str, Any]:
    out = folder / "bench.json"
    command = [sys.executable, "-m", "benchmarks", "--bars", bars, "--size", "small", "--out", str(out)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)  # apart: the peers bring threads along
    assert done.returncode == 0, done.stderr
    assert "Written to" in done.stdout
    found: dict[str, Any] = json.loads(out.read_text(encoding="utf-8"))
    return found


def test_it_writes_the_machine_the_versions_and_the_rows(written: dict[str, Any]) -> None:
    assert set(written) == {"size", "machine", "versions", "rows"}
    assert {"processor", "cores", "gflops", "copying"} < set(written["machine"])
    assert written["size"]["name"] == "small"
    assert {"numpy", "numba", "statsmodels"} <= set(written["versions"])


def test_every_row_has_task_ours_peer_ratio_bar_and_holds(written: dict[str, Any]) -> None:
    assert {row["number"] for row in written["rows"]} == {1, 2, 3, 4, 5, 6}
    for row in written["rows"]:
        assert set(row) == FIELDS
        assert row["task"]


def test_a_ratio_is_ours_over_theirs(written: dict[str, Any]) -> None:
    compared = [row for row in written["rows"] if row["theirs"]]
    assert len(compared) >= 4
    for row in compared:
        assert row["ratio"] == pytest.approx(row["ours"] / row["theirs"])


def test_a_run_in_miniature_holds_nothing_against_a_bar(written: dict[str, Any]) -> None:
    assert {row["holds"] for row in written["rows"]} == {None}
    bars = {row["bar"] for row in written["rows"] if row["bar"]}
    with_peers = {bar for bar, peer in {"≥ 40 ×": "simdkalman", "≥ 3 ×": "jax"}.items() if find_spec(peer)}
    assert {"≥ 200 ×", "≥ 1,000,000 pairs/s", "≤ 2.5 ×", "≤ 4 ×", "≤ 5 µs", "≤ 50 ms"} | with_peers <= bars


def test_every_peer_that_is_installed_agrees_with_ours(written: dict[str, Any]) -> None:
    there = [module for library, module in PEERS.items() if find_spec(library)]
    assert {"statsmodels_space", "numpy_columns"} <= set(there)
    agreeing = [row for row in written["rows"] if row["note"].startswith("agree to")]
    absent = [row for row in written["rows"] if row["note"].startswith("not installed")]
    assert len(agreeing) >= len(there)
    assert bool(absent) == (len(there) < len(PEERS))


@pytest.mark.parametrize(("bars", "said"), [("0", "no bar 0"), ("1-12", "no bar 11"), ("one", "write 1,2")])
def test_a_bar_that_does_not_exist_is_named(bars: str, said: str) -> None:
    done = CliRunner().invoke(main, ["--bars", bars])
    assert done.exit_code == 2
    assert said in done.output


def test_there_is_a_place_for_each_of_the_ten_bars() -> None:
    assert list(BARS) == list(range(1, 11))


def test_the_page_takes_the_table_between_its_marks(written: dict[str, Any]) -> None:
    text = with_table(f"before\n{BEGIN}\nwhat was there\n{END}\nafter", written)
    assert text.startswith("before\n")
    assert text.endswith("\nafter")
    assert "what was there" not in text
    assert text.count("\n| ") == len(written["rows"]) + 2
    assert with_table(text, written) == text


def test_the_page_in_the_docs_has_its_marks() -> None:
    page = (ROOT / "docs/science/speed.md").read_text(encoding="utf-8")
    assert (page.count(BEGIN), page.count(END)) == (1, 1)
