"""A browser for the scripts of the client's pages."""

import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from accord.surfaces.portal.tests import stage

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or ""


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    if not CHROMIUM:
        pytest.skip("no chromium on this machine: the scripts of the client's pages were not tried")
    expect.set_options(timeout=10_000)
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with stage.on_stage() as url:  # for one module: its settings would be in the way of everybody who comes after
        yield url


@pytest.fixture
def post() -> stage.Post:
    stage.post.empty()  # the server's thread keeps the object, so it is emptied, not replaced
    return stage.post


@pytest.fixture
def visit(chromium: Browser, address: str, post: stage.Post) -> Iterator[Callable[..., Page]]:
    """Open the check-in on a phone; the same `context` is the same phone. A complaint of the browser is a failure."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def open_page(context: BrowserContext | None = None, **more: Any) -> Page:
        phone = context or chromium.new_context(viewport={"width": 320, "height": 700}, has_touch=True, **more)
        contexts.append(phone)
        page = phone.new_page()
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda line: complaints.append(line.text) if "Content Security" in line.text else None)
        page.goto(address + stage.PAGE)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []
