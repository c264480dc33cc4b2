"""Reading the environment: one clear error that names the variable and the mend."""

import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from accord.science.alliance import DEFAULT, Params, read_parameters
from accord.science.ruptures import Table, limits_in, table_for

# FULL, not the widely copied NORMAL: only FULL kept every acknowledged write through power cuts.
SQLITE_PRAGMAS = {
    "journal_mode": "wal",
    "synchronous": "2",
    "foreign_keys": "1",
    "secure_delete": "1",
    "trusted_schema": "0",
    "busy_timeout": "10000",
}


def flag(name: str) -> bool:
    return os.environ.get(name, "") in {"1", "true", "yes", "on"}


def demo_or(name: str, *, demo: bool, default: str) -> str:
    """A value that only the demo may leave out."""
    value = os.environ.get(name) or (default if demo else "")
    if not value:
        raise ImproperlyConfigured(f"{name} is not set. Set it, or set ACCORD_DEMO=1 for the demo.")
    return value


def _made_once(path: Path, size: int) -> bytes:
    """A key file for the demo, made on first use and readable by its owner only."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.touch(mode=0o600)
        path.write_text(secrets.token_hex(size))
    return bytes.fromhex(path.read_text().strip())


def _key_in(path: Path, size: int, *, demo: bool) -> bytes:
    if demo:
        return _made_once(path, size)
    try:
        key = bytes.fromhex(path.read_text().strip())
    except (OSError, ValueError) as error:
        raise ImproperlyConfigured(f"{path}: no readable key of {size} bytes in hex there ({error}).") from error
    if len(key) < size:
        raise ImproperlyConfigured(f"{path}: the key has {len(key)} bytes, it needs {size}.")
    return key


def secret(name: str, default: Path, *, demo: bool) -> str:
    return _key_in(Path(os.environ.get(name, default)), 32, demo=demo).hex()


def _number_of(path: Path) -> int:
    number = path.stem.removeprefix("text-")
    if not number.isdecimal():
        raise ImproperlyConfigured(f"{path}: the key's version is missing; call it text-1.key, text-2.key …")
    return int(number)


def sealing_keys(folder: Path, *, demo: bool) -> dict[int, bytes]:
    """Key version -> key: text-1.key, text-2.key … The newest seals, all of them open."""
    paths = {_number_of(path): path for path in folder.glob("text-*.key")}
    if not paths:
        paths = {1: folder / "text-1.key"}
    return {version: _key_in(path, 32, demo=demo)[:32] for version, path in sorted(paths.items())}


def parameters(name: str) -> tuple[Params, Table]:
    """The parameters of the alliance model and the limits of flags: of the file that the variable names, or the
    default ones. A file without limits takes a second or two here: they are simulated."""
    path = os.environ.get(name, "")
    if not path:
        return DEFAULT, table_for(DEFAULT)
    try:
        held = read_parameters(Path(path).read_text(encoding="utf-8"))
        return held.params, limits_in(held) or table_for(held.params)
    except (OSError, ValueError) as error:
        raise ImproperlyConfigured(
            f"{name}: {path} is no file of parameters that `accord fit` writes ({error})."
        ) from error


class DatabaseUrl:
    """sqlite:////path/to/file or postgresql://user:password@host:port/name."""

    def __init__(self, url: str) -> None:
        self.parts = urlsplit(url)

    def settings(self) -> dict[str, Any]:
        scheme = self.parts.scheme
        if scheme == "sqlite":
            return self._sqlite()
        if scheme in {"postgres", "postgresql"}:
            return self._postgresql()
        raise ImproperlyConfigured(f"DATABASE_URL starts with {scheme!r}; use sqlite:// or postgresql://.")

    def _sqlite(self) -> dict[str, Any]:
        path = Path(unquote(self.parts.path).removeprefix("/"))
        path.parent.mkdir(parents=True, exist_ok=True)
        pragmas = "".join(f"PRAGMA {name}={value};" for name, value in SQLITE_PRAGMAS.items())
        options = {"transaction_mode": "IMMEDIATE", "init_command": pragmas, "timeout": 10}
        tests = {"NAME": path.with_suffix(".tests.sqlite3")}  # a real file: in memory, SQLite keeps other promises
        return {"ENGINE": "accord.config.sqlite", "NAME": path, "OPTIONS": options, "TEST": tests}

    def _postgresql(self) -> dict[str, Any]:
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(self.parts.path.removeprefix("/")),
            "USER": unquote(self.parts.username or ""),
            "PASSWORD": unquote(self.parts.password or ""),
            "HOST": unquote(self.parts.hostname or ""),
            "PORT": self.parts.port or "",
            "CONN_MAX_AGE": 60,
        }
