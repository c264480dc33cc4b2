import os
import re
import secrets
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from django.test import Client

from accord.config.harbour import CAST
from accord.records.accounts.actions import send_notice

DOORS = ("/demo/", "/demo/as/kai/", "/demo/as/tess/", "/demo/outbox/", "/design/")
ASK = """
import django; django.setup()
from django.urls import NoReverseMatch, Resolver404, resolve, reverse
from accord.config.policy import table, undeclared
for path in {doors!r}:
    try:
        resolve(path)
    except Resolver404:
        continue
    raise SystemExit(path + " is a door outside the demo")
for name in ("demo", "demo_enter", "demo_outbox", "design"):
    if name in table():
        raise SystemExit(name + " has a policy outside the demo")
if undeclared():
    raise SystemExit("undeclared: " + ", ".join(undeclared()))
print("no door")
"""


@pytest.fixture
def at_nine(clock_at, now):
    clock_at(now)
    return now


@pytest.mark.usefixtures("at_nine")
@pytest.mark.parametrize("cast", CAST, ids=lambda someone: someone.slug)
def test_one_click_it_signs_in_anybody_of_the_cast(harbour, cast):
    client = Client()
    assert client.get(f"/demo/as/{cast.slug}/")["Location"] == "/"
    own_page = client.get("/")["Location"]
    assert client.get(own_page).status_code == 200


@pytest.mark.usefixtures("at_nine")
def test_from_one_person_to_the_next_it_carries_nothing_over(person, client):
    client.get("/demo/as/tess/")
    key = client.session.session_key
    client.get("/demo/as/kai/")
    assert client.session["_auth_user_id"] == str(person("kai").pk)
    assert client.session.session_key != key
    assert client.get("/desk/").status_code == 403


def test_somebody_unknown_it_does_not_let_in(harbour, client):
    assert client.get("/demo/as/nobody/").status_code == 404


@pytest.mark.usefixtures("at_nine")
def test_it_leads_on_to_a_page_of_ours_only(harbour, client):
    assert client.get("/demo/as/tess/?next=/desk/")["Location"] == "/desk/"
    assert client.get("/demo/as/tess/?next=https://evil.example/")["Location"] == "/"


def test_the_cast_it_lists_with_who_they_are(harbour, client):
    page = client.get("/demo/").content.decode()
    for someone in CAST:
        assert f'href="/demo/as/{someone.slug}/"' in page
        assert someone.who.split(";")[0] in page


def test_the_outbox_it_shows_newest_first_with_links_to_click(person, client, now):
    for number in (1, 2):
        send_notice(person("kai"), f"Mail {number}", f"Hello\n\nhttp://localhost:8000/c/{number}/\n<b>x</b>", at=now)
    page = client.get("/demo/outbox/").content.decode()
    assert page.index("Mail 2") < page.index("Mail 1")
    assert re.search(r'<a href="http://testserver/c/1/"', page)  # wherever the demo runs today
    assert "<b>x</b>" not in page


def _outside(tmp_path: Path) -> dict[str, str]:
    """What an operator sets: addresses, keys, a secret; and no demo."""
    for name in ("text-1.key", "secret.key"):
        (tmp_path / name).write_text(secrets.token_hex(32))
    (tmp_path / "static").mkdir(exist_ok=True)
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ACCORD_")}
    return kept | {
        "DJANGO_SETTINGS_MODULE": "accord.config.settings",
        "ACCORD_VAR": str(tmp_path),
        "ACCORD_HOSTS": "localhost",
        "ACCORD_URL": "http://localhost",
        "ACCORD_KEYS": str(tmp_path),
        "ACCORD_SECRET_FILE": str(tmp_path / "secret.key"),
    }


def test_outside_the_demo_its_doors_do_not_exist(tmp_path):
    ran = subprocess.run(
        [sys.executable, "-c", ASK.format(doors=DOORS)],
        env=_outside(tmp_path),
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (ran.returncode, ran.stdout.strip()) == (0, "no door"), ran.stderr


def test_outside_the_demo_a_real_server_answers_not_found(tmp_path):
    env = _outside(tmp_path)
    manage = [sys.executable, "-m", "django"]
    subprocess.run([*manage, "migrate", "-v", "0"], env=env, check=True, timeout=120, capture_output=True)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen([*manage, "serve", "--port", str(port), "--no-work"], env=env)
    try:
        assert _status(port, "/help/", patience=30) == 200
        assert {path: _status(port, path) for path in DOORS} == dict.fromkeys(DOORS, 404)
    finally:
        server.terminate()
        server.wait(10)


def _status(port: int, path: str, patience: float = 5) -> int:
    """The status of a page, once the server is up."""
    until = time.monotonic() + patience
    while True:
        request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers={"Host": "localhost"})
        try:
            with urllib.request.urlopen(request, timeout=10) as page:
                return int(page.status)
        except urllib.error.HTTPError as error:
            with error:
                return error.code
        except urllib.error.URLError:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)
