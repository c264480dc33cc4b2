"""The background work beside the pages, in a process of its own, or one round of it."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from accord.config import worker

ROOT = Path(__file__).parents[3]
MANAGE = [sys.executable, "-c", "import sys; from accord.config.manage import manage; manage(sys.argv[1:])"]


@pytest.mark.parametrize(("words", "beside"), [((), True), (("--no-work",), False)])
def test_serving_works_beside_the_pages_unless_told_not_to(monkeypatch, words, beside) -> None:
    started: list[threading.Event] = []

    def start() -> threading.Event:
        started.append(threading.Event())
        return started[-1]

    monkeypatch.setattr(worker, "start", start)
    monkeypatch.setattr("accord.config.management.commands.serve.uvicorn.run", lambda *_, **__: None)
    call_command("serve", *words)
    assert bool(started) is beside
    assert all(stop.is_set() for stop in started), "it ends with the server"


def test_one_round_says_what_it_did(harbour, clock_at, now) -> None:
    clock_at(now)
    said = StringIO()
    call_command("work", "--once", stdout=said)
    assert "things done." in said.getvalue()


def test_every_job_has_its_turn_and_one_that_fails_stops_no_other(harbour, monkeypatch, caplog) -> None:
    turns: list[str] = []

    def fail(now: object) -> int:
        raise RuntimeError("not today")

    def count(name: str) -> tuple[str, Callable[[object], int]]:
        def turn(now: object) -> int:
            turns.append(name)
            return len(turns)

        return name, turn

    jobs = [count("first"), ("broken", fail), count("last")]
    monkeypatch.setattr(worker, "jobs", lambda: jobs)
    assert worker.run_once() == 3
    assert turns == ["first", "last"]
    assert "job failed: broken" in caplog.text


def test_what_the_worker_does_is_in_the_order_of_the_day() -> None:
    names = [name for name, _job in worker.jobs()]
    assert names.index("hold past sessions") < names.index("ask after sessions") < names.index("send notices")
    assert names.index("cancel after endings") < names.index("tell of changes") < names.index("remind of sessions")
    assert names[-1] == "send notices"


def test_a_process_of_its_own_finishes_its_round_when_told_to_end(tmp_path) -> None:
    environment = os.environ | {"ACCORD_DEMO": "1", "ACCORD_VAR": str(tmp_path), "PYTHONPATH": str(ROOT)}
    environment.pop("DATABASE_URL", None)
    subprocess.run([*MANAGE, "migrate", "-v0"], env=environment, check=True, timeout=60)
    process = subprocess.Popen([*MANAGE, "work"], env=environment, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    assert process.stdout.readline().startswith("Working")
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=60)
    assert process.returncode == 0
