"""`make bench`, or `python -m benchmarks`: measure the machine, then ours and the peers by turns, and hold up the bars.

`make bench BARS=1,2` picks bars; `make bench SIZE=small` runs everything in miniature, to see that it works: its times
say nothing. The bars' code is found through `bars.py`; ours is called in `ours.py`, each peer in `peers/`.
"""

from pathlib import Path

import click
from rich.console import Console

from benchmarks.bars import BARS, rows_of
from benchmarks.machine import Machine, measure
from benchmarks.printing import number, save, show
from benchmarks.setup import FULL, SIZES, Setup

OUT = Path("var/bench.json")


class Numbers(click.ParamType):  # type: ignore[type-arg]  # generic only in newer versions
    """1,2 or 1-10."""

    name = "bars"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> list[int]:
        try:
            chosen = [n for part in value.split(",") for n in _range(part)]
        except ValueError:
            self.fail(f"{value!r}: write 1,2 or 1-10")
        unknown = [n for n in chosen if n not in BARS]
        if unknown:
            self.fail(f"there is no bar {unknown[0]}; there are {min(BARS)} to {max(BARS)}")
        return chosen


def _range(part: str) -> range:
    first, _, last = part.partition("-")
    return range(int(first), int(last or first) + 1)


@click.command()
@click.option("--bars", type=Numbers(), default="1-10", show_default=True, help="Which bars, as 1,2 or 1-10.")
@click.option("--size", type=click.Choice(list(SIZES)), default="full", show_default=True)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), default=OUT, show_default=True)
def main(bars: list[int], size: str, out: Path) -> None:
    """Ours and what a user would pick instead, side by side."""
    console = Console(width=None if Console().is_terminal else 220)
    setup = Setup(SIZES[size], measure(small=size == "small"))
    console.print(_sentence(setup.machine))
    if setup.machine.busy:
        console.print(f"Others are at work here (load {number(setup.machine.load)}): look at the ratios only.")
    rows = []
    for chosen in bars:
        console.print(f"[dim]bar {chosen}: {BARS[chosen].what} …[/]")
        rows += [row._replace(judged=setup.size is FULL) for row in rows_of(chosen, setup)]
        save(rows, setup, out)  # after each bar: what was measured is kept if the next one fails
    show(rows, console)
    console.print(f"Written to {out}.")


def _sentence(machine: Machine) -> str:
    if machine.gflops is None or machine.copying is None:
        return f"{machine.processor}, {machine.cores} cores; no C compiler here, so its ceilings were not measured."
    return (
        f"{machine.processor}, {machine.cores} cores: {number(machine.gflops)} GFlop/s of double multiply-adds, "
        f"{number(machine.copying)} GB/s copied (read and written)."
    )


if __name__ == "__main__":
    main()
