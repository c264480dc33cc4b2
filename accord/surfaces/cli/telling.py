"""What the terminal says: the guess, the complaints, the progress, the summary."""

from collections.abc import Iterable, Sequence
from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.text import Text

from accord.batch.analysing import Outcome, Request
from accord.batch.guesses import Guess
from accord.batch.quality import Complaint, Group, grouped
from accord.batch.report_words import plural
from accord.science import alliance

SHOWN = 100  # lines of complaints in the terminal; more than a screen or two nobody reads

_out = Console(highlight=False, soft_wrap=True)
_err = Console(stderr=True, highlight=False, soft_wrap=True)


class Bar:
    """A progress bar on the error stream; silent where nobody watches."""

    def __init__(self) -> None:
        columns = (TextColumn("{task.description:<18}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        self._progress = Progress(*columns, console=_err, transient=True, disable=not _err.is_terminal)
        self._tasks: dict[str, TaskID] = {}

    def __enter__(self) -> "Bar":
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._progress.stop()

    def show(self, step: str, done: int, total: int) -> None:
        """Draw where a step stands; `total` 0 where it is not known."""
        if step not in self._tasks:
            self._tasks[step] = self._progress.add_task(step, total=total or None)
        self._progress.update(self._tasks[step], completed=done, total=total or None)


def say_guesses(guesses: Iterable[Guess], request: Request) -> None:
    """What was read and guessed."""
    how = "as you said" if request.scale.named else "assumed"
    rows = [*guesses, ("scale", f"{request.scale.words}, {request.scale.better} is better", how)]
    widths = [max(len(row[place]) for row in rows) + 2 for place in range(2)]
    for what, column, known in rows:
        # Written by hand: a table of rich's would be cut to 80 columns where the output goes into a file.
        line = Text(what.ljust(widths[0]), style="dim")
        line.append(column.ljust(widths[1]), style="default").append(known, style="dim")
        _out.print(line)


def say_complaints(complaints: Sequence[Complaint]) -> None:
    """Everything that was found, in one list, each with its mend; errors stop the run."""
    groups = grouped(complaints)
    for group in groups[:SHOWN]:
        _err.print(_line(group))
    rest = sum(group.number for group in groups[SHOWN:])
    if rest:
        _err.print(Text(f"… and {rest:,} more.", style="dim"))
    errors = sum(complaint.number for complaint in complaints if complaint.level == "error")
    _err.print(Text(f"{plural(errors, 'thing')} to mend. Nothing was written.", style="bold"))


def _line(group: Group) -> Text:
    stops = group.first.level == "error"
    line = Text("error  " if stops else "note   ", style="bold red" if stops else "dim")
    where = group.where()
    line.append(f"{where}: " if where else "", style="bold" if stops else "")
    line.append(group.first.what + ".", style="")
    line.append(f" {group.first.mend}" if group.first.mend else "", style="dim")
    return line


def say_outcome(request: Request, outcome: Outcome) -> None:
    """The short summary."""
    found = outcome.findings
    hints = f" and {plural(found.hints, 'hint')}" if found.hints else ""
    rated = f"{plural(found.pairs, 'pair')}, {plural(found.sessions, 'rated session')}"
    _out.print(f"{rated}: {plural(found.flags, 'flag')}{hints}; {plural(found.flagged_pairs, 'pair')} worth a look.")
    for (_, kind, version), number in sorted(found.found.items()):
        _out.print(f"  {number:>7,}  {kind} ({version})")
    if outcome.quality.notes:
        _out.print(f"{plural(outcome.quality.notes, 'note')} on the table: see quality.csv.")
    if request.params.id == alliance.DEFAULT.id:
        _out.print(f"Parameters {request.params.id}: published defaults, not fitted to this table.")
    _out.print(Text(f"Written to {request.target}: start with {request.target / 'report.html'}"))
