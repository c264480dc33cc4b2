"""The tests that need PostgreSQL, against a throw-away server: python tests/with_postgres.py [what pytest takes]

Starts a server in a temporary folder on a free port, as somebody who is not root, and takes it away afterwards.
Where PostgreSQL is not installed it says which tests did not run, and ends well.
"""

import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TESTS = [
    "accord/records",
    "accord/config/tests/test_worker.py",
    "accord/config/tests/test_durability.py",
    "accord/config/tests/test_stolen_files.py",
    "tests/races",
]
NOT_RUN = """
PostgreSQL is not installed here (no initdb on the PATH or under /usr/lib/postgresql), so these tests did not run:
the races in tests/races that need real concurrency, and the records' tests on PostgreSQL. Everything ran on SQLite.
To run them: sudo apt-get install postgresql, then make test.
"""


def binaries() -> Path | None:
    """The folder with initdb and pg_ctl, the newest version first."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: -int(path.parts[-3]))
    on_path = shutil.which("initdb")
    candidates = [path.parent for path in (*found, *([Path(on_path)] if on_path else []))]
    return next((folder for folder in candidates if (folder / "pg_ctl").exists()), None)


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def somebody_else(folder: Path) -> list[str]:
    """PostgreSQL refuses to run as root: who else runs it, and owns its folder."""
    if os.geteuid() != 0:
        return []
    known = {entry.pw_name for entry in pwd.getpwall()}
    name = "postgres" if "postgres" in known else "nobody"
    entry = pwd.getpwnam(name)
    os.chown(folder, entry.pw_uid, entry.pw_gid)
    return ["setpriv", f"--reuid={entry.pw_uid}", f"--regid={entry.pw_gid}", "--clear-groups"]


def quietly(*command: str | Path) -> None:
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, cwd="/")
    if done.returncode:
        raise SystemExit(f"{' '.join(map(str, command))} failed:\n{done.stdout}{done.stderr}")


@contextmanager
def server(programs: Path) -> Iterator[str]:
    """The address of a running server; only this machine reaches it, and only while the tests run."""
    with tempfile.TemporaryDirectory(prefix="accord-postgres-") as name:
        folder, port = Path(name), free_port()
        data, wrapper = folder / "data", somebody_else(folder)
        quietly(*wrapper, programs / "initdb", "-D", data, "-U", "accord", "-A", "trust", "-E", "UTF8", "--no-locale")
        options = f"-c listen_addresses=127.0.0.1 -p {port} -k {folder} -c max_connections=60"
        quietly(*wrapper, programs / "pg_ctl", "-D", data, "-l", folder / "log", "-w", "-o", options, "start")
        try:
            yield f"postgresql://accord@127.0.0.1:{port}/accord"
        finally:
            quietly(*wrapper, programs / "pg_ctl", "-D", data, "-w", "-m", "immediate", "stop")


def main(arguments: list[str]) -> int:
    programs = binaries()
    if programs is None:
        print(NOT_RUN)  # noqa: T201 (a person reads this)
        return 0
    with server(programs) as address:
        print(f"\nThe same records on PostgreSQL, from {programs}:", flush=True)  # noqa: T201
        command = [sys.executable, "-m", "pytest", "-q", *(arguments or TESTS)]
        return subprocess.run(command, cwd=ROOT, env=os.environ | {"DATABASE_URL": address}).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
