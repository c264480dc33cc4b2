"""What a page for clients makes a phone load: script and style as they go over the wire, the worker's share too."""

import gzip
import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from accord.config.policy import CLIENT, NOBODY_YET
from accord.records.accounts.actions import make_link
from accord.records.checkins.models import CheckIn
from tests.cells import GETS, Codes, address, ask, policy_of, prepare, source
from tests.plugins.making import given, sheet

MOST = 60_000  # bytes, for each page
REGISTERS = "portal/phone.js"  # the script that brings the worker
STYLED = re.compile(r"""@import\s+(?:url\()?["']?([^"')\s]+)""")
SCRIPTED = re.compile(
    r"""(?:^|[;\s])(?:import|export)\b[^;"']*["']([^"']+)["']|import(?:Scripts)?\(\s*["']([^"']+)["']"""
)


class Parts(HTMLParser):
    """The files that a page names, and what is written into it."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.files: list[str] = []
        self.inline = ""
        self._inside = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        relation = (told.get("rel") or "").split()
        style = tag == "link" and ("stylesheet" in relation or told.get("as") in ("script", "style"))
        if style or "modulepreload" in relation:
            self.files.append(told.get("href") or "")
        if tag == "script" and told.get("src"):
            self.files.append(told["src"] or "")
        self._inside = tag in ("script", "style") and not told.get("src")

    def handle_endtag(self, tag: str) -> None:
        self._inside = False

    def handle_data(self, data: str) -> None:
        self.inline += data * self._inside


class Wire:
    """Fetches each file once, as a browser that takes gzip gets it."""

    def __init__(self) -> None:
        self.client = Client(headers={"accept-encoding": "gzip"})
        self.known: dict[str, tuple[int, str]] = {}

    def fetch(self, url: str) -> tuple[int, str]:
        """How many bytes came, and the text that they are."""
        if url not in self.known:
            response = self.client.get(url)
            assert response.status_code == 200, url
            sent = b"".join(response.streaming_content) if response.streaming else response.content
            packed = response.headers.get("Content-Encoding") == "gzip"
            self.known[url] = len(sent), (gzip.decompress(sent) if packed else sent).decode()
        return self.known[url]

    def all_of(self, page: str) -> dict[str, int]:
        """Address -> bytes, for everything of script and style that comes with a page."""
        parts = Parts(page)
        found = {"written into the page": len(gzip.compress(parts.inline.encode()))} if parts.inline else {}
        waiting = list(parts.files)
        while waiting:
            url = waiting.pop()
            if url not in found:
                found[url], text = self.fetch(url)
                waiting += self.brought_by(url, text)
        return found

    def brought_by(self, url: str, text: str) -> Iterator[str]:
        """What a file brings along: imports, and the worker with all that it puts by for later."""
        pattern = STYLED if urlsplit(url).path.endswith(".css") else SCRIPTED
        yield from (urljoin(url, next(filter(None, match.groups()))) for match in pattern.finditer(text))
        if url.endswith(REGISTERS):
            yield (worker := reverse("portal:service_worker"))
            kept = json.loads(re.findall(r"^const PARTS = (.*);$", self.fetch(worker)[1], re.MULTILINE)[0])["files"]
            yield from (file for file in kept if file.endswith((".css", ".js")))


@pytest.fixture
def codes(pair_of, now) -> Codes:
    pair = pair_of("kai")
    waiting = CheckIn.objects.get(session__pair=pair, instrument="checkin@1", received_at=None)
    given(waiting, sheet(3, 7, 7, tension="a-bit", travels="before-next"), at=now)
    return prepare(pair, now)


def weigh(wire: Wire, page: str, url: str) -> str:
    """Nothing where the page is light enough; else what weighs how much."""
    found = wire.all_of(page)
    if sum(found.values()) <= MOST:
        return ""
    most = sorted(found.items(), key=lambda each: -each[1])
    return f"{url} loads {sum(found.values()):,} bytes: " + ", ".join(f"{name} {size:,}" for name, size in most)


def test_no_page_for_clients_loads_more_than_sixty_kilobytes(codes, browse, pair_of, now) -> None:
    wire, pair, weighed, heavy = Wire(), pair_of("kai"), [], []
    for slug, role in (("kai", CLIENT), ("", NOBODY_YET)):
        client = browse(slug)
        for route in (route for route in GETS if role in policy_of(route).who and not route.startswith("demo")):
            page = source(ask(client, "GET", url := address(route, codes, pair, now)))
            if "<html" in page:
                weighed.append(route)
                heavy.append(weigh(wire, page, url))
    assert {"portal:home", "portal:check_in", "portal:agreement", "portal:find", "portal:say", "help"} <= set(weighed)
    assert not list(filter(None, heavy)), "\n".join(filter(None, heavy))


def test_the_check_in_and_home_with_all_that_the_phone_keeps(browse, person, now) -> None:
    """A check-in that waits, by its link: the heaviest page, with its worker and the worker's files."""
    wire, kai = Wire(), person("kai")
    waiting = CheckIn.objects.get(session__pair__client=kai, instrument="checkin@1", received_at=None)
    link = make_link(kai, "check-in", about=waiting.code, at=now)
    for slug, url in (("", reverse("portal:check_in_by_link", args=[link])), ("kai", reverse("portal:home"))):
        page = source(browse(slug).get(url))
        found = wire.all_of(page)
        assert reverse("portal:service_worker") in found, url
        assert any(name.endswith("portal/check_in.js") for name in found), url
        assert not weigh(wire, page, url), weigh(wire, page, url)


def test_what_a_file_imports_is_weighed_too() -> None:
    wire = Wire()
    told = "@import 'tokens.css';\n@import url(\"deep/b.css\");"
    assert list(wire.brought_by("/static/a/a.css", told)) == ["/static/a/tokens.css", "/static/a/deep/b.css"]
    told = 'import { a } from "./b.js";\nexport * from "../c.js"; await import("./d.js");'
    assert list(wire.brought_by("/static/a/a.js", told)) == ["/static/a/b.js", "/static/c.js", "/static/a/d.js"]
    base = f"{settings.STATIC_URL}accord/base.css"
    found = wire.all_of(f'<link rel="stylesheet" href="{base}"><script>const a = 1;</script>')
    assert set(found) == {base, "written into the page"}
    assert found[base] < len(wire.fetch(base)[1]) / 2, "packed, as it goes over the wire"
