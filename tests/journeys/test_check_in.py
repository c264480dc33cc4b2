"""S4, steps 1 to 4, 6, 8 and 9: Kai checks in on a phone that loses its connection; it is sent exactly once."""

import csv
import io
import json
import re
import sqlite3
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Server, Visit
from tests.journeys.steps import SENT, WAITING, Thumb, check_in_as_kai, link_from_outbox


@pytest.fixture
def kais_link(visit: Visit) -> str:
    return link_from_outbox(visit())


Look = Callable[[Page, str], None]


@pytest.fixture
def look(check_page: Callable[[Page], None], picture: Callable[..., None], request: pytest.FixtureRequest) -> Look:
    """Look at a step of the check-in: axe and all, and a picture of the phone in daylight for the documentation."""
    narrow_and_light = request.node.callspec.params.get("width") == 320 and not request.node.callspec.params.get("dark")

    def at(page: Page, step: str) -> None:
        check_page(page)
        if narrow_and_light:
            picture(page, f"check-in-{step}")

    return at


def rows(server: Server, query: str) -> list[tuple[Any, ...]]:
    with sqlite3.connect(f"file:{server.var / 'accord.sqlite3'}?mode=ro", uri=True) as db:
        return db.execute(query).fetchall()


@pytest.mark.parametrize(("width", "dark"), [(320, False), (320, True), (1280, False), (1280, True)])
def test_it_keeps_what_was_answered_offline_and_sends_it_once(
    visit: Visit, server: Server, kais_link: str, look: Look, width: int, dark: bool
) -> None:
    page = visit(width=width, dark=dark, has_touch=True, is_mobile=width < 500)
    page.goto(kais_link)
    expect(page.get_by_role("heading", level=1, name=re.compile("safe"))).to_be_visible()
    expect(page.get_by_text("Question 1 of")).to_be_visible()
    assert page.locator("input[type=radio]:checked").count() == 0, "nothing is chosen beforehand"
    look(page, "question")

    page.context.set_offline(True)
    thumb = check_in_as_kai(page, send=False)
    review = page.locator("[data-answers]")
    expect(review).to_contain_text("3")
    expect(review).to_contain_text("A bit")
    expect(review).to_contain_text("missed")
    look(page, "review")
    thumb.press("Send to Tess")
    expect(page.get_by_text(WAITING)).to_be_visible()
    expect(page.get_by_text(SENT)).to_have_count(0)
    assert thumb.taps <= 6
    assert rows(server, "select count(*) from checkins_checkin where note is not null") == [(0,)]

    other_tab = page.context.new_page()
    page.context.set_offline(False)
    expect(page.get_by_text(SENT)).to_be_visible()
    look(page, "sent")
    other_tab.goto(kais_link)
    expect(other_tab.get_by_text(SENT)).to_be_visible()

    answered = rows(
        server,
        "select answered_at < received_at, zone_offset, note from checkins_checkin where travels = 'before-next'",
    )
    assert len(answered) == 1
    earlier, offset, sealed = answered[0]
    assert earlier == 1
    assert offset == 60
    assert b"father" not in sealed


def fill_in(page: Page) -> None:
    """Answer the four questions and come to the review, by thumb."""
    thumb = Thumb(page)
    for item, number in (("bond", 8), ("goal", 7), ("task", 8)):
        thumb.choose(item, number)
    thumb.choose("tension", "no")


def test_two_tabs_and_a_double_press_send_one(visit: Visit, server: Server, kais_link: str) -> None:
    page = visit(width=390, has_touch=True)
    page.goto(kais_link)
    fill_in(page)
    twin = page.context.new_page()
    twin.goto(kais_link)
    page.get_by_role("button", name="Send to Tess").dblclick()
    with suppress(PlaywrightError):  # by now the twin may have changed to "Sent" by itself
        twin.get_by_role("button", name="Send to Tess").click(timeout=2_000)
    expect(page.get_by_text(SENT)).to_be_visible()
    counted = rows(server, "select count(*) from audit_entry where verb = 'check-in answered' and at > '2024-05-06'")
    assert counted == [(1,)]


def test_it_can_be_answered_by_keyboard_alone(visit: Visit, server: Server, kais_link: str) -> None:
    page = visit(width=1280)
    page.goto(kais_link)
    for item, presses in (("bond", 3), ("goal", 2), ("task", 1)):
        page.locator(f"#{item} input[type=radio]").first.focus()
        for _ in range(presses):
            page.keyboard.press("ArrowRight")
        expect(page.locator(f"#{item} input:checked")).to_have_value(str(presses))
        page.keyboard.press("Enter")
    page.locator("#tension input[type=radio]").first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Send to Tess")).to_be_visible()
    page.get_by_role("button", name="Send to Tess").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text(SENT)).to_be_visible()
    stored = rows(
        server,
        "select answers from checkins_checkin where rater = 'client' and received_at > '2024-05-06'",
    )
    assert [json.loads(answers)["bond"] for (answers,) in stored].count(3) == 1


def test_it_works_without_javascript(visit: Visit, kais_link: str, check_page: Callable[[Page], None]) -> None:
    page = visit(width=320, java_script_enabled=False)
    page.goto(kais_link)
    for item, number in (("bond", "6"), ("goal", "7"), ("task", "skipped")):
        page.locator(f"input[name={item}][value='{number}']").check(force=True)
    page.locator("input[name=tension][value=not-sure]").check(force=True)
    page.get_by_role("button", name="Send to Tess").click()
    expect(page.get_by_role("heading", name=SENT)).to_be_visible()


def test_an_answer_is_missing_without_javascript_and_nothing_is_lost(visit: Visit, kais_link: str) -> None:
    page = visit(width=320, java_script_enabled=False)
    page.goto(kais_link)
    page.locator("input[name=bond][value='6']").check(force=True)
    page.get_by_role("button", name="Send to Tess").click()
    expect(page).to_have_title(re.compile("^Error:"))
    expect(page.locator("input[name=bond][value='6']")).to_be_checked()


def test_words_and_slider_give_the_same_range_and_the_way_is_kept(visit: Visit, server: Server, kais_link: str) -> None:
    page = visit(width=390, has_touch=True)
    page.goto(kais_link)
    page.locator("#bond summary").tap()
    page.locator("#bond").get_by_role("button", name="Words").tap()
    page.wait_for_timeout(450)
    page.locator("#bond .key:has(input[value='8'])").tap()
    slider = page.locator("#goal").get_by_role("slider")
    page.wait_for_timeout(450)
    page.locator("#goal summary").tap()
    page.locator("#goal").get_by_role("button", name="Slider").tap()
    expect(slider).to_have_attribute("aria-valuetext", "not chosen yet")
    assert page.locator("#goal input:checked").count() == 0, "the slider has no thumb before it is touched"
    slider.focus()
    page.keyboard.press("ArrowRight")
    before = page.locator("#goal input:checked").get_attribute("value")
    page.keyboard.press("ArrowRight")
    after = page.locator("#goal input:checked").get_attribute("value")
    assert (before, after) != (None, None)
    assert int(after or 0) - int(before or 0) == 1
    page.locator("#goal").get_by_role("button", name="Continue").tap()
    page.wait_for_timeout(450)
    page.locator("#task").get_by_text("Skip", exact=True).tap()
    Thumb(page).choose("tension", "no")
    page.wait_for_timeout(450)
    page.get_by_role("button", name="Send to Tess").tap()
    expect(page.get_by_text(SENT)).to_be_visible()
    [(answers, modes)] = rows(
        server, "select answers, modes from checkins_checkin where rater = 'client' and received_at > '2024-05-06'"
    )
    assert json.loads(answers)["bond"] == 8
    assert json.loads(answers)["task"] == "skipped"
    assert json.loads(modes)["bond"] == "words"
    assert json.loads(modes)["goal"] == "slider"


def test_leaving_is_one_tap_and_leaves_nothing(visit: Visit, kais_link: str) -> None:
    page = visit(width=390, has_touch=True)
    page.goto(kais_link)
    page.get_by_role("link", name=re.compile("Leave")).or_(
        page.get_by_role("button", name=re.compile("Leave"))
    ).first.tap()
    expect(page).to_have_url(re.compile("/leave/$"))
    assert "safe" not in page.content()


def test_rui_sees_when_it_was_answered_and_when_it_came(visit: Visit, server: Server, kais_link: str) -> None:
    """S4.8: the phone's time and ours are two, and the zone is kept. No name, no answer."""
    kai = visit(width=390, has_touch=True)
    kai.goto(kais_link)
    kai.context.set_offline(True)
    fill_in(kai)
    kai.wait_for_timeout(450)
    kai.get_by_role("button", name="Send to Tess").tap()
    expect(kai.get_by_text(WAITING)).to_be_visible()
    kai.wait_for_timeout(2000)
    kai.context.set_offline(False)
    expect(kai.get_by_text(SENT)).to_be_visible()
    page = visit("rui")
    page.goto("/research/")
    text = page.request.get("/research/check-in-times.csv").text()
    table = list(csv.DictReader(io.StringIO(text)))
    late = [row for row in table if row["answered_utc"] and row["answered_utc"] < row["received_utc"]]
    assert late, text
    assert late[-1]["answered_offset_minutes"] == "60"
    assert "Kai" not in text
