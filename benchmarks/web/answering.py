"""Starts the application on a fresh database and answers many check-ins, each over a connection of its own."""

import http.client
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parents[2]
STARTS_WITHIN = 120  # seconds; the first start of a machine compiles the kernels
SHEETS = ((8, 8, 8), (7, 8, 7), (10, 10, 10), (3, 7, 8), (9, 8, 9))


class Answered(NamedTuple):
    """Seconds of each request that accepted a check-in."""

    seconds: tuple[float, ...]
    processor: float | None = None  # seconds of the server for one check-in: page, answer and background work

    def percentile(self, share: float) -> float:
        """The smallest time that `share` of all requests kept to."""
        ranked = sorted(self.seconds)
        return ranked[max(0, -(-int(share * 100) * len(ranked) // 100) - 1)]


def answer_many(check_ins: int, *, warm_up: int) -> Answered:
    """The page first, as a phone does it; timed is only the request that sends the answers, to its last byte."""
    with tempfile.TemporaryDirectory(prefix="accord-bench-") as name:
        var = Path(name)
        tokens = _prepared(var, check_ins + warm_up)
        with _server(var) as (port, process):
            for token in tokens[:warm_up]:
                _answer(port, token, SHEETS[0])
            before = _processor_of(process)
            laps = [_answer(port, token, SHEETS[n % len(SHEETS)]) for n, token in enumerate(tokens[warm_up:])]
            after = _processor_of(process)
    return Answered(tuple(laps), (after - before) / check_ins if after and before else None)


def _processor_of(process: "subprocess.Popen[bytes]") -> float | None:
    """Seconds that it has used so far, in itself and in the kernel; None where the system does not tell."""
    path = Path(f"/proc/{process.pid}/stat")
    if not path.exists():
        return None
    fields = path.read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _environment(var: Path, port: int = 0) -> dict[str, str]:
    ours = {"ACCORD_DEMO": "1", "ACCORD_VAR": str(var), "DJANGO_SETTINGS_MODULE": "accord.config.settings"}
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ACCORD_")}
    kept.pop("DATABASE_URL", None)
    return kept | ours | {"PORT": str(port)}


def _prepared(var: Path, pairs: int) -> list[str]:
    out = var / "tokens.json"
    code = f"from benchmarks.web.practice import prepare; prepare({str(out)!r}, {pairs})"
    command = [sys.executable, "-m", "django", "shell", "--no-imports", "-c", code]
    done = subprocess.run(command, cwd=ROOT, env=_environment(var), capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"The practice could not be set up:\n{done.stderr[-3000:]}")
    return [str(token) for token in json.loads(out.read_text(encoding="utf-8"))]


@contextmanager
def _server(var: Path) -> Iterator[tuple[int, "subprocess.Popen[bytes]"]]:
    """As `accord demo` serves it: one process, its background work inside."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    log = var / "server.log"
    command = [sys.executable, "-m", "django", "serve", "--port", str(port)]
    with log.open("wb") as out:
        process = subprocess.Popen(command, cwd=ROOT, env=_environment(var, port), stdout=out, stderr=out)
    try:
        _wait_for(port, process, log)
        yield port, process
    finally:
        process.terminate()
        process.wait(timeout=30)
    if "Traceback" in log.read_text(encoding="utf-8"):
        raise RuntimeError(f"The server failed:\n{log.read_text(encoding='utf-8')[-3000:]}")


def _wait_for(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < until:
        if process.poll() is not None:
            break
        try:
            if _request(port, "GET", "/health/")[0] == 200:
                return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError(f"The server did not start:\n{log.read_text(encoding='utf-8')[-3000:]}")


def _answer(port: int, token: str, sheet: tuple[int, int, int]) -> float:
    path = f"/c/{token}/"
    _expect(_request(port, "GET", path), path)
    bond, goal, task = sheet
    body = urlencode(
        {
            "bond": bond,
            "goal": goal,
            "task": task,
            "tension": "no",
            "mode": "bond:buttons goal:buttons task:buttons",
            "answered_at": datetime.now(UTC).isoformat(),
            "zone_offset": "0",
            "idempotency_key": str(uuid.uuid4()),
        }
    )
    started = time.perf_counter()
    answer = _request(port, "POST", path, body)
    taken = time.perf_counter() - started
    if json.loads(_expect(answer, path))["state"] != "sent":
        raise RuntimeError(f"A check-in was not accepted: {answer[1][:300]!r}")
    return taken


def _request(port: int, method: str, path: str, body: str | None = None) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    headers = {"Host": f"localhost:{port}"}
    if body is not None:
        headers |= {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
    try:
        connection.request(method, path, body, headers)
        reply = connection.getresponse()
        return reply.status, reply.read()
    finally:
        connection.close()


def _expect(reply: tuple[int, bytes], path: str) -> bytes:
    status, body = reply
    if status != 200:
        raise RuntimeError(f"{path} answered {status}: {body[:300]!r}")
    return body
