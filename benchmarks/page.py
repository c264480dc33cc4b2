"""The table of docs/science/speed.md, from var/bench.json: `python -m benchmarks.page` after `make bench`."""

import json
from pathlib import Path
from typing import Any

import click

from benchmarks.machine import Machine
from benchmarks.printing import number

BENCH, PAGE = Path("var/bench.json"), Path("docs/science/speed.md")
BEGIN, END = "<!-- make bench: begin -->", "<!-- make bench: end -->"
HEADINGS = ("", "task", "ours", "peer", "theirs", "ratio", "cpu", "bar", "holds", "note")
BUSY = """**Others were at work on this machine.** Absolute figures (pairs/s, GFlop/s, s, µs, ms) come out too slow,
and a bar on one of them is not decided by this table; ratios are worth more, above all in processor time."""
HOLDS = {True: "yes", False: "**no**", None: ""}


@click.command()
@click.argument("bench", type=click.Path(exists=True, dir_okay=False, path_type=Path), default=BENCH)
@click.argument("page", type=click.Path(exists=True, dir_okay=False, path_type=Path), default=PAGE)
def main(bench: Path, page: Path) -> None:
    """Put the numbers of BENCH into PAGE, between its two marks."""
    found = json.loads(bench.read_text(encoding="utf-8"))
    page.write_text(with_table(page.read_text(encoding="utf-8"), found), encoding="utf-8")
    click.echo(f"{page}: {len(found['rows'])} rows")


def with_table(text: str, found: dict[str, Any]) -> str:
    before, rest = text.split(BEGIN)
    return f"{before}{BEGIN}\n\n{machine(found)}\n\n{table(found['rows'])}\n\n{END}{rest.split(END)[1]}"


def machine(found: dict[str, Any]) -> str:
    """What it ran on."""
    that = found["machine"]
    ceilings = "its ceilings were not measured: no C compiler"
    if that["gflops"]:
        ceilings = f"{number(that['gflops'])} GFlop/s double multiply-add peak, {number(that['copying'])} GB/s copied"
    versions = ", ".join(f"{name} {version}" for name, version in found["versions"].items())
    load = f"load {number(that['load'])} before, {number(that['load_at_the_end'])} at the end"
    told = f"{that['processor']}, {that['cores']} cores: {ceilings}; {load}. {versions}."
    busy = Machine(**{name: that[name] for name in Machine._fields}).busy
    return f"{told}\n\n{BUSY}" if busy else told


def table(rows: list[dict[str, Any]]) -> str:
    lines = [HEADINGS, ("---",) * len(HEADINGS), *map(_cells, rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _cells(row: dict[str, Any]) -> tuple[str, ...]:
    unit = row["unit"]
    ours = f"{number(row['ours'])} {unit}" if row["ours"] is not None else ""
    theirs = f"{number(row['theirs'])} {unit}" if row["theirs"] is not None else ""
    stands = (number(row["ratio"]), number(row["processor_ratio"]), row["bar"] or "", HOLDS[row["holds"]])
    note = row["note"].replace("|", "\\|")  # a bar would end the cell
    return (str(row["number"]), row["task"], ours, row["peer"], theirs, *stands, note)


if __name__ == "__main__":
    main()
