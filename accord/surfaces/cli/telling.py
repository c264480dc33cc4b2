"""What the terminal says: the guess, the complaints, the progress, the summary."""

from collections.abc import Iterable, Sequence
from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from accord.batch.analysing import Outcome, Request
from accord.batch.guesses import Guess
from accord.batch.quality import Complaint
from accord.batch.report_words import plural
from accord.science import alliance

SHOWN = 60  # complaints in the terminal; more than a screen or two nobody reads

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
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    how = "as you said" if request.scale.named else "assumed"
    scale = f"{request.scale.words}, {request.scale.better} is better"
    for what, column, known in (*guesses, ("scale", scale, how)):
        table.add_row(Text(what, style="dim"), Text(column), Text(known, style="dim"))
    _out.print(table)


def say_complaints(complaints: Sequence[Complaint]) -> None:
    """Everything that was found, in one list, each with its mend; errors stop the run."""
    errors = sum(complaint.number for complaint in complaints if complaint.level == "error")
    for complaint in complaints[:SHOWN]:
        _err.print(_line(complaint))
    rest = sum(complaint.number for complaint in complaints[SHOWN:])
    if rest:
        _err.print(Text(f"… and {rest:,} more.", style="dim"))
    _err.print(Text(f"{plural(errors, 'thing')} to mend. Nothing was written.", style="bold"))


def _line(complaint: Complaint) -> Text:
    mark, style = ("error", "bold red") if complaint.level == "error" else ("note ", "dim")
    line = Text(f"{mark}  ", style=style)
    line.append(f"{complaint.where}: " if complaint.where else "", style="bold" if complaint.level == "error" else "")
    line.append(complaint.what + ".", style="")
    line.append(f" {complaint.mend}" if complaint.mend else "", style="dim")
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
