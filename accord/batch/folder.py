"""Results appear all at once or not at all."""

import os
import shutil
import signal
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType

from accord.batch.errors import CannotWrite

RESULTS = ("estimates.parquet", "estimates.csv", "flags.parquet", "flags.csv", "quality.csv", "report.html")
TABLES_OF_MATCH = ("assignments", "candidates", "fairness", "loads")
_LEFT_BEHIND = {*RESULTS, *(f"{name}.{ending}" for name in TABLES_OF_MATCH for ending in ("parquet", "csv"))}


# Hidden folders of this process, with the folders that were made only to reach them.
_unfinished: dict[Path, Sequence[Path]] = {}


def leave_nothing_when_ended() -> None:
    """Let a SIGTERM take away what is half written, then end the process at once."""
    signal.signal(signal.SIGTERM, _leave)


def _leave(signum: int, frame: FrameType | None) -> None:
    # Not by an exception: raised between any two steps it can leave a lock of the pools taken, and the run hanging.
    for _ in range(100):  # a thread may be writing one more file just now
        for folder, made in reversed(_unfinished.items()):
            _take_away(folder, made)
        if not any(folder.exists() for folder in _unfinished):
            break
    os._exit(128 + signum)


def _take_away(folder: Path, made: Sequence[Path]) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    for parent in made:
        with suppress(OSError):
            parent.rmdir()


@contextmanager
def all_or_nothing(target: Path) -> Iterator[Path]:
    """A hidden folder beside `target`; what stands in it at the end of the block moves there, file by file.

    An error inside the block leaves `target` as it was. Results of an earlier run that have no successor go; other
    files in `target` stay.
    """
    missing = [folder for folder in target.absolute().parents if not folder.exists()]
    fresh = _beside(target)
    _unfinished[fresh] = missing
    try:
        yield fresh
        _move(fresh, target)
    finally:
        # Folders made only to reach the target go again when it did not come to be.
        _take_away(fresh, missing)
        del _unfinished[fresh]


@contextmanager
def scratch_beside(target: Path) -> Iterator[Path]:
    """A hidden folder beside a file, on the same disk, gone at the end; the caller moves the file from there."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        folder = tempfile.TemporaryDirectory(prefix=f".{target.name}-", dir=target.parent)
    except OSError as error:
        raise CannotWrite(f"cannot write beside {target}: {error.strerror}") from error
    with folder as path:
        _unfinished[Path(path)] = ()
        try:
            yield Path(path)
        finally:
            del _unfinished[Path(path)]


def _beside(target: Path) -> Path:
    if target.exists() and not target.is_dir():
        raise CannotWrite(f"{target} is a file; name a folder with --out")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        # On the same disk as the target, so that moving is renaming.
        return Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    except OSError as error:
        raise CannotWrite(f"cannot write beside {target}: {error.strerror}") from error


def _move(fresh: Path, target: Path) -> None:
    try:
        if not target.exists():
            # The usual case is a single rename: no moment at which half of the results are there.
            fresh.chmod(0o777 & ~_umask())
            fresh.rename(target)
            return
        written = sorted(fresh.iterdir())
        for name in _LEFT_BEHIND - {path.name for path in written}:
            (target / name).unlink(missing_ok=True)
        for path in written:
            path.replace(target / path.name)
    except OSError as error:
        raise CannotWrite(f"cannot write {target}: {error.strerror}") from error


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
