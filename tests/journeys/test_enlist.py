"""Nobody is open for Zoe: she puts herself on the practice's waiting list, and Vera finds her there."""

import sqlite3
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import LOOKS, Look, Server, Visit

ADDRESS, REACH = "zoe@example.org", "555 0199"


def nobody_is_open(server: Server) -> None:
    with sqlite3.connect(server.var / "accord.sqlite3", timeout=20) as db:
        db.execute("UPDATE profiles_profile SET capacity = held + elsewhere")


def looks_in_vain(zoe: Page, look: Look) -> None:
    """Three answers, and nobody who has a place."""
    zoe.goto("/find/")
    zoe.get_by_role("button", name="Start").click()
    zoe.goto("/find/question/needs/")
    zoe.get_by_label("Sleep", exact=True).check()
    zoe.get_by_role("button", name="Go on").click()
    zoe.goto("/find/question/language/")
    zoe.get_by_label("Spanish", exact=True).check()
    zoe.get_by_label("I need this").check()
    zoe.get_by_role("button", name="Go on").click()
    zoe.goto("/find/people/")
    look(zoe, "nobody-open")
    zoe.get_by_role("link", name="Go on the waiting list").click()


def asks_for_the_list(zoe: Page, look: Look) -> None:
    assert zoe.locator("input:checked").count() == 0
    zoe.get_by_label("What may they call you?").fill("Zoe")
    zoe.get_by_label("Your mail address").fill("zoe@example")
    zoe.get_by_label("Another way to reach you, if you like").fill(REACH)
    zoe.get_by_label("Soon: it gets harder").check()
    zoe.locator("input[name=gives][value=language]").check()
    zoe.get_by_role("button", name="Put me on the list").click()
    summary = zoe.locator(".error-summary")
    expect(summary).to_contain_text("This mail address looks wrong.")
    expect(zoe.locator("input[name=gives][value=language]")).to_be_checked()
    expect(zoe.get_by_label("Soon: it gets harder")).to_be_checked()
    look(zoe, "list-error")
    zoe.get_by_label("Your mail address").fill(ADDRESS)
    look(zoe, "list")
    zoe.get_by_role("button", name="Put me on the list").click()
    expect(zoe.get_by_role("heading", name="One step is left")).to_be_visible()
    look(zoe, "list-step-left")


def opens_the_link(zoe: Page, look: Look) -> None:
    zoe.goto("/demo/outbox/")
    link = zoe.locator("li", has_text=f"to {ADDRESS}").first.locator("a[href*='/find/back/']").first
    zoe.goto(urlsplit(link.get_attribute("href") or "").path)
    zoe.get_by_role("button", name="Go on here").click()
    expect(zoe.get_by_role("heading", name="You are on the list")).to_be_visible()
    look(zoe, "list-joined")


def is_found(vera: Page, look: Look) -> None:
    vera.goto("/practice/waiting/")
    vera.get_by_role("link", name="Zoe", exact=True).click()
    expect(vera.locator("main")).to_contain_text(REACH)
    expect(vera.locator("main")).to_contain_text("Spanish")
    expect(vera.locator("main")).not_to_contain_text("Sleep")
    look(vera, "list-person")


@pytest.mark.parametrize(("width", "dark", "language"), LOOKS)
def test_zoe_finds_nobody_and_waits(
    visit: Visit, server: Server, look_into: Callable[..., Look], width: int, dark: bool
) -> None:
    look = look_into("find", width, dark)
    nobody_is_open(server)
    zoe = visit(width=width, dark=dark)
    looks_in_vain(zoe, look)
    asks_for_the_list(zoe, look)
    opens_the_link(zoe, look)
    is_found(visit("vera", width=width, dark=dark), look)
