"""Static files from the same process, with a gzip beside each text: laid out in STATIC_ROOT when the program starts."""

import gzip
import os
import shutil
from pathlib import Path
from typing import Any

from django.conf import settings
from whitenoise.middleware import WhiteNoiseMiddleware

TEXTS = {".css", ".js", ".svg", ".toml", ".txt"}  # the rest is packed already


class StaticFiles(WhiteNoiseMiddleware):  # type: ignore[misc]
    """Finds each file where it is written, serves it from where it is laid out."""

    def add_files(self, root: str, prefix: str | None = None) -> None:
        """Nothing is served only because it lies there from an earlier start."""

    def add_file_to_dictionary(self, url: str, path: str, stat_cache: dict[str, Any] | None = None) -> None:
        copy = laid_out(Path(path), url.removeprefix(self.static_prefix))
        super().add_file_to_dictionary(url, str(copy))


def laid_out(source: Path, name: str) -> Path:
    """A copy, made anew where the source has changed. Others who start at this moment do the same, and no harm."""
    copy = Path(settings.STATIC_ROOT) / name
    if _stamp(source) != _stamp(copy):
        copy.parent.mkdir(parents=True, exist_ok=True)
        draft = copy.with_name(f"{copy.name}.{os.getpid()}")
        if source.suffix in TEXTS:
            draft.write_bytes(gzip.compress(source.read_bytes(), mtime=0))
            draft.replace(f"{copy}.gz")
        shutil.copy2(source, draft)
        draft.replace(copy)
    return copy


def _stamp(path: Path) -> tuple[int, int] | None:
    return (path.stat().st_size, path.stat().st_mtime_ns) if path.exists() else None
