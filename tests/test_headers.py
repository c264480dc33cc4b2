"""Every page that can be read: nothing comes from elsewhere, nothing is left in a cache, nothing runs inline."""

import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpResponse

from accord.records.checkins.models import CheckIn
from tests.cells import ROUTES, Codes, address, ask, policy_of, prepare
from tests.plugins.making import given, sheet

ROOT = Path(__file__).parent.parent
READERS = ("", "kai", "tess", "sana", "omar", "rui", "ines", "dora", "vera")
GETS = [route for route in ROUTES if "GET" in policy_of(route).methods]
POLICY = {
    "default-src": "'none'",
    "script-src": "'nonce'",
    "style-src": "'self' 'nonce'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "worker-src": "'self'",
    "manifest-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
LEADS_AWAY = ("src", "href", "action", "formaction", "poster", "data", "srcset", "background", "cite", "ping")
NOT_OURS = re.compile(r"^\s*(?!http://testserver/)(?:[a-z][a-z0-9+.-]*:)?//", re.IGNORECASE)
# Links that a person chooses to follow, on help and on the way out; nothing is loaded from there.
MAY_LINK_AWAY = {"help", "quick_exit"}


class Page(HTMLParser):
    """What a page loads, where it leads, and what it does inline."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.loads: list[str] = []
        self.links: list[str] = []
        self.inline: list[str] = []
        self.nonces: list[tuple[str, str]] = []
        self.title = ""
        self._in_style = self._in_title = False
        self.css = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given_ = {name: value or "" for name, value in attrs}
        self._in_style, self._in_title = tag == "style", tag == "title" and not self.title  # drawings have titles too
        for name in LEADS_AWAY:
            if name in given_:
                (self.links if tag in ("a", "area") else self.loads).append(given_[name])
        self.inline += [f"{tag} {name}" for name in given_ if name == "style" or name.startswith("on")]
        self.inline += [f"{tag} {name}" for name, value in given_.items() if "javascript:" in value.lower()]
        if tag == "script" and given_.get("type") != "application/json":
            self.nonces.append((tag, given_.get("nonce", "")))
        if tag == "style":
            self.nonces.append((tag, given_.get("nonce", "")))

    def handle_data(self, data: str) -> None:
        if self._in_style:
            self.css += data
        if self._in_title:
            self.title += data

    def handle_endtag(self, tag: str) -> None:
        self._in_style = self._in_title = False


@pytest.fixture
def kais(pair_of, now) -> Codes:
    pair = pair_of("kai")
    waiting = CheckIn.objects.get(session__pair=pair, instrument="checkin@1", received_at=None)
    given(waiting, sheet(3, 7, 7, tension="a-bit", note="hm", travels="before-next"), at=now)
    return prepare(pair, now)


def pages(slug: str, kais: Codes, pair_of: Any, browse: Any, now: Any) -> list[tuple[str, HttpResponse]]:
    """Every page that there is for this reader, refusals and the page that is not there among them."""
    client = browse(slug)
    found = [(route, ask(client, "GET", address(route, kais, pair_of("kai"), now))) for route in GETS]
    return [*found, ("nowhere", ask(client, "GET", "/nothing/here/")), ("post", ask(client, "POST", "/help/"))]


def directives(response: HttpResponse) -> tuple[dict[str, str], str]:
    """The policy as name → sources, with the nonce taken out; and the nonce."""
    text = response.headers["Content-Security-Policy"]
    nonce = re.search(r"'nonce-([^']+)'", text)
    parts = re.sub(r"'nonce-[^']+'", "'nonce'", text).split(";")
    words = [part.split() for part in parts if part.strip()]
    return {name: " ".join(sources) for name, *sources in words}, nonce[1] if nonce else ""


@pytest.mark.parametrize("slug", READERS)
def test_every_page_for(slug, kais, pair_of, browse, now) -> None:
    read, nonces = 0, []
    for route, response in pages(slug, kais, pair_of, browse, now):
        where = f"{route} as {slug or 'nobody'} ({response.status_code})"
        policy, nonce = directives(response)
        assert policy == {name: without_nonce(sources, nonce) for name, sources in POLICY.items()}, where
        assert response.headers["X-Content-Type-Options"] == "nosniff", where
        assert response.headers["Referrer-Policy"] in ("same-origin", "no-referrer"), where
        assert response.headers["X-Frame-Options"] == "DENY", where
        assert "no-store" in response.headers["Cache-Control"], where
        assert "public" not in response.headers["Cache-Control"], where
        if response.headers.get("Content-Type", "").startswith("text/html") and response.content:
            looked_at(route, Page(response.content.decode()), nonce, where)
            read += 1
            nonces += [nonce] if nonce else []
    assert read >= 10
    assert len(nonces) == len(set(nonces)), "a nonce is used once"


def without_nonce(sources: str, nonce: str) -> str:
    """A page that asks for no nonce has none in its policy."""
    return sources if nonce else sources.replace("'nonce'", "").strip()  # nothing listed, nothing allowed


def looked_at(route: str, page: Page, nonce: str, where: str) -> None:
    assert [one for one in page.loads if NOT_OURS.match(one)] == [], where
    assert route in MAY_LINK_AWAY or [one for one in page.links if NOT_OURS.match(one)] == [], where
    assert page.inline == [], where
    assert [tag for tag, given_ in page.nonces if given_ != nonce or not given_] == [], where
    assert "url(" not in page.css.replace("url(data:", ""), where
    assert page.title.strip(), where


def stylesheets() -> list[Path]:
    folders = [Path(storage.location) for _, storage in all_files()]
    return sorted({path for folder in folders for path in folder.rglob("*.css") if "accord" in folder.parts})


def all_files() -> list[tuple[str, Any]]:
    found: dict[str, Any] = {}
    for finder in finders.get_finders():
        for _, storage in finder.list([]):
            found[str(storage.location)] = storage
    return list(found.items())


def test_no_stylesheet_fetches_from_elsewhere() -> None:
    sheets = stylesheets()
    assert sheets
    for path in sheets:
        text = path.read_text(encoding="utf-8")
        assert "@import" not in text, path
        for address_ in re.findall(r"url\(\s*['\"]?([^'\")]+)", text):
            assert not NOT_OURS.match(address_), f"{path}: {address_}"


def test_no_script_of_ours_asks_anybody_else() -> None:
    folders = [Path(storage.location) for _, storage in all_files() if "accord" in Path(storage.location).parts]
    scripts = [path for folder in folders for path in folder.rglob("*.js") if "vendor" not in path.parts]
    assert scripts
    for path in scripts:
        text = path.read_text(encoding="utf-8")
        strings = re.findall(r"['\"`](https?://[^'\"`]*)", text)
        assert [one for one in strings if "www.w3.org" not in one] == [], path  # a namespace is a name, not an address
        assert not re.search(r"\beval\(|new Function\(|\.innerHTML\s*=|document\.write", text), path


def test_a_page_about_a_person_stays_nowhere_and_a_stylesheet_may(browse) -> None:
    client = browse("tess")
    assert "no-store" in client.get("/desk/").headers["Cache-Control"]
    sheet_ = client.get("/static/accord/" + stylesheets_of_ours()[0])
    sheet_.close()
    assert sheet_.status_code == 200
    assert "no-store" not in sheet_.headers.get("Cache-Control", "")


def stylesheets_of_ours() -> list[str]:
    return [path.name for path in stylesheets() if path.parent.name == "accord"]


@pytest.mark.parametrize("slug", ["kai", "tess"])
def test_no_tab_says_whose_page_it_is(slug, kais, pair_of, browse, now) -> None:
    """Somebody looks over a shoulder, or at a list of tabs: no clinical word, no name."""
    for route, response in pages(slug, kais, pair_of, browse, now):
        if response.headers.get("Content-Type", "").startswith("text/html") and response.content:
            title = Page(response.content.decode()).title.lower()
            for word in ("therap", "rupture", "alliance", "bond", "kai", "tess", "moreno", "mental"):
                assert word not in title, f"{route}: {title}"


COOKIES = """
import django; django.setup()
from django.conf import settings as s
from django.test import Client
response = Client().get("/sign-in/", secure=True)
for cookie in response.cookies.values():
    print(cookie.key, bool(cookie["secure"]), cookie["samesite"], cookie["domain"], cookie["path"])
print("hsts", response.headers.get("Strict-Transport-Security"))
print("redirect", Client().get("/sign-in/").status_code)
print("session", s.SESSION_COOKIE_NAME, s.SESSION_COOKIE_SECURE, s.SESSION_COOKIE_HTTPONLY, s.SESSION_COOKIE_SAMESITE)
"""


def test_over_https_the_cookies_are_bound_to_this_host_and_hidden_from_scripts(tmp_path) -> None:
    around = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    around |= {
        "ACCORD_DEMO": "1",
        "ACCORD_VAR": str(tmp_path),
        "ACCORD_URL": "https://accord.example",
        "DJANGO_SETTINGS_MODULE": "accord.config.settings",
    }
    done = subprocess.run([sys.executable, "-c", COOKIES], env=around, capture_output=True, text=True, cwd=ROOT)
    lines = done.stdout.splitlines()
    assert "session __Host-session True True Lax" in lines, done.stderr
    assert "redirect 301" in lines
    assert any(line.startswith("hsts max-age=63072000") for line in lines)
    for line in lines:
        if line.startswith("__Host-"):
            assert line.split()[1] == "True"
            assert line.endswith("Lax  /")


def test_here_the_cookies_are_hidden_from_scripts_too() -> None:
    assert settings.SESSION_COOKIE_HTTPONLY
    assert settings.SESSION_COOKIE_SAMESITE == "Lax"
