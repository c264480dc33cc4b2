"""Journeys: the real command, a real database file, a real browser, at nine in the morning of the fixture's day."""

import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.journeys import tongue

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or ""
NINE = datetime.fromisoformat("2024-05-06T09:00:00+01:00")
DATABASE = "accord.sqlite3"
STARTS_WITHIN = 90  # seconds; the first start of a machine compiles the kernels
expect.set_options(timeout=10_000)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in Path(item.path).parents:
            item.add_marker(pytest.mark.journey)
            if not CHROMIUM:
                item.add_marker(
                    pytest.mark.skip(reason="no chromium on this machine: the browser journeys did not run")
                )


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    quiet = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"]
    return {"executable_path": CHROMIUM, "args": ["--no-sandbox", *quiet]}


class Server(NamedTuple):
    """Harbour Practice, served by `accord demo`."""

    url: str
    var: Path

    def as_person(self, slug: str) -> str:
        return f"{self.url}/demo/as/{slug}/"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"accord demo ended:\n{log.read_text()}")
        try:
            with urllib.request.urlopen(f"{url}/health/", timeout=2):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.2)
    raise RuntimeError(f"accord demo did not answer within {STARTS_WITHIN} s:\n{log.read_text()}")


def _environment(var: Path) -> dict[str, str]:
    """Nine o'clock on the fixture's day is now."""
    offset = int((NINE - datetime.now(tz=NINE.tzinfo)).total_seconds())
    return os.environ | {"ACCORD_VAR": str(var), "ACCORD_CLOCK_OFFSET": str(offset)}


ACCORD = str(Path(sys.executable).with_name("accord"))


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Harbour Practice as it is at nine o'clock, set up once."""
    var = tmp_path_factory.mktemp("harbour") / "var"
    command = [ACCORD, "manage", "harbour", "--no-serve"]
    subprocess.run(command, env=_environment(var), check=True, stdout=subprocess.DEVNULL, timeout=180)
    return var


@pytest.fixture(scope="module")
def running(seeded: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A copy of it, served by the real command; the clock goes on from nine."""
    folder = tmp_path_factory.mktemp("served")
    var, log, port = folder / "var", folder / "server.log", _free_port()
    shutil.copytree(seeded, var)
    with log.open("wb") as out:
        command = [ACCORD, "demo", "--port", str(port)]
        process = subprocess.Popen(command, env=_environment(var), stdout=out, stderr=subprocess.STDOUT)
    url = f"http://localhost:{port}"
    try:
        _wait_for(url, process, log)
        yield Server(url, var)
    finally:
        process.terminate()
        process.wait(timeout=20)
    assert "Traceback" not in log.read_text(), log.read_text()


def copy_database(source: Path, target: Path) -> None:
    """Into a file that may be open elsewhere, in one transaction."""
    with (
        closing(sqlite3.connect(source, timeout=20)) as known,
        closing(sqlite3.connect(target, timeout=20)) as open_one,
    ):
        known.backup(open_one)


@pytest.fixture
def server(running: Server, seeded: Path) -> Server:
    """The running server with the practice put back to nine o'clock."""
    copy_database(seeded / DATABASE, running.var / DATABASE)
    return running


Visit = Callable[..., Page]
Spoken = Callable[[str], str]
Look = Callable[[Page, str], None]
LOCALES = {"en": "en-GB", "ar": "ar-EG"}
LOOKS = [
    *((width, dark, "en") for width in (320, 1280) for dark in (False, True)),
    *((320, True, "ar"), (1280, False, "ar")),
]


@pytest.fixture
def language() -> str:
    """What the people of this journey read; a journey that is parametrized with `language` goes in each."""
    return "en"


@pytest.fixture
def spoken(language: str, monkeypatch: pytest.MonkeyPatch) -> Spoken:
    """What a sentence of the steps reads like here."""
    return tongue.speak(language, monkeypatch) if language == "ar" else str


@pytest.fixture
def visit(browser: Browser, server: Server, language: str, spoken: Spoken) -> Iterator[Visit]:
    """visit("tess", width=320, dark=True): a page of one's own device, signed in. Other origins fail the test."""
    contexts: list[BrowserContext] = []
    foreign: list[str] = []
    troubles: list[str] = []

    def arrive(slug: str = "", *, width: int = 1280, dark: bool = False, **options: Any) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 800 if width > 500 else 640},
            color_scheme="dark" if dark else "light",
            locale=LOCALES.get(language, LOCALES["en"]),  # a journey in another one chooses it on the page
            timezone_id="Europe/Lisbon",
            base_url=server.url,
            **options,
        )
        contexts.append(context)
        context.clock.install(time=NINE)  # the phone's clock is right
        context.on("request", lambda request: _note_foreign(request.url))
        context.on("console", lambda message: message.type == "error" and _note_trouble(message.text))
        page = context.new_page()
        page.on("pageerror", lambda error: troubles.append(str(error)))
        if slug:
            page.goto(f"/demo/as/{slug}/")
        return page

    def _note_foreign(url: str) -> None:
        if not url.startswith((server.url, "data:", "blob:", "about:")):
            foreign.append(url)

    def _note_trouble(text: str) -> None:
        if "Content Security Policy" in text or "Uncaught" in text:
            troubles.append(text)

    yield arrive
    for context in contexts:
        context.close()
    assert foreign == []
    assert troubles == []


LATIN = {"Accord", "Harbour", "Practice", "Europe", "Lisbon", "Tab", "Ctrl", "ics"}  # in these letters everywhere
AXE_RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
}


FOREIGN = """named => {
  const told = [];
  const apart = (on) => on.matches("[dir], [lang], script, style, template, code, kbd, bdi, option") ||
    getComputedStyle(on).unicodeBidi === "plaintext";
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
    let on = node.parentElement;
    while (on !== document.body && !apart(on)) on = on.parentElement;
    if (on !== document.body || !node.parentElement.checkVisibility()) continue;
    const found = node.data.replace(/\\S+@\\S+/g, "").match(/[A-Za-z\u00c0-\u024f]{2,}|[0-9]+|[,;?]/g) || [];
    const left = found.filter((word) => !named.includes(word));
    if (left.length) told.push(`${left.join(" ")} in: ${node.data.trim().slice(0, 90)}`);
  }
  return [...new Set(told)];
}"""
CLIPPED = """() => [...document.querySelectorAll("body *")].filter((each) => {
  const style = getComputedStyle(each);
  const cut = style.overflowX !== "visible" && style.overflowX !== "auto" && style.overflowX !== "scroll";
  return cut && each.clientWidth > 1 && each.scrollWidth > each.clientWidth + 1 && each.innerText?.trim();
}).map((each) => each.outerHTML.slice(0, 120))"""


@pytest.fixture(scope="session")
def axe() -> Axe:
    return Axe()


@pytest.fixture
def check_page(axe: Axe, language: str) -> Callable[[Page], None]:
    """What holds on every page: axe finds nothing, nothing is cut off, the tab is neutral, the language whole."""

    def check(page: Page) -> None:
        page.wait_for_load_state()
        found = axe.run(page, options=AXE_RULES).response["violations"]
        told = [f"{each['id']}: {[node['target'] for node in each['nodes']]}" for each in found]
        assert told == [], f"{page.url}\n" + "\n".join(told)
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{page.url} is {wide} px too wide"
        clipped = page.evaluate(CLIPPED)
        assert clipped == [], f"{page.url} cuts off {clipped}"
        for word in ("Tess", "Kai", "Harbour", "therap", "rupture"):
            assert word not in page.title(), f"{page.url} says {page.title()!r} on the tab"
        if language == "ar":
            _check_arabic(page)

    return check


def _check_arabic(page: Page) -> None:
    """From the right; what is in other letters is a name, or has a direction of its own; so have no digits of ours."""
    root = page.locator("html")
    assert (root.get_attribute("lang"), root.get_attribute("dir")) == ("ar", "rtl"), page.url
    left = page.evaluate(FOREIGN, sorted({word for name in tongue.NAMES for word in name.split()} | LATIN))
    assert left == [], f"{page.url} was left in other letters: {left}"


@pytest.fixture
def look_into(check_page: Callable[[Page], None], picture: Callable[..., None]) -> Callable[..., Look]:
    """look_into("find", width, dark) checks a page as it stands and keeps its picture in that folder."""

    def folder(name: str, width: int, dark: bool) -> Look:
        def look(page: Page, step: str) -> None:
            check_page(page)
            picture(page, f"{name}/{step}-{width}-{'dark' if dark else 'light'}", full_page=True)

        return look

    return folder


@pytest.fixture
def picture(language: str) -> Callable[..., None]:
    """Keep a screenshot: in ACCORD_PICTURES (`make pictures`) or nowhere. Those in other languages in a folder each."""
    folder = os.environ.get("ACCORD_PICTURES")

    def take(target: Any, name: str, **options: Any) -> None:
        if folder:
            path = Path(folder) / ("" if language == "en" else language) / f"{name}.png"
            path.parent.mkdir(parents=True, exist_ok=True)
            target.screenshot(path=path, **options)

    return take
