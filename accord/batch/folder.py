"""Results appear all at once or not at all."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from accord.batch.errors import CannotWrite

RESULTS = ("estimates.parquet", "estimates.csv", "flags.parquet", "flags.csv", "quality.csv", "report.html")


@contextmanager
def all_or_nothing(target: Path) -> Iterator[Path]:
    """A hidden folder beside `target`; what stands in it at the end of the block moves there, file by file.

    An error inside the block leaves `target` as it was. Results of an earlier run that have no successor go; other
    files in `target` stay.
    """
    missing = [folder for folder in target.absolute().parents if not folder.exists()]
    fresh = _beside(target)
    try:
        yield fresh
        _move(fresh, target)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
        # Folders made only to reach the target go again when it did not come to be.
        for folder in missing:
            with suppress(OSError):
                folder.rmdir()


@contextmanager
def scratch_beside(target: Path) -> Iterator[Path]:
    """A hidden folder beside a file, on the same disk, gone at the end; the caller moves the file from there."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        folder = tempfile.TemporaryDirectory(prefix=f".{target.name}-", dir=target.parent)
    except OSError as error:
        raise CannotWrite(f"cannot write beside {target}: {error.strerror}") from error
    with folder as path:
        yield Path(path)


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
        for name in set(RESULTS) - {path.name for path in written}:
            (target / name).unlink(missing_ok=True)
        for path in written:
            path.replace(target / path.name)
    except OSError as error:
        raise CannotWrite(f"cannot write {target}: {error.strerror}") from error


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
