"""Tess books, moves and cancels; Rosa sees it on her phone, cannot come, and can come after all."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import LOOKS, Visit
from tests.journeys.test_sign_in import Check, Picture

FILE = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//test//EN
BEGIN:VEVENT
UID:1
SUMMARY:Dentist
DTSTART:20240508T140000Z
DTEND:20240508T153000Z
END:VEVENT
END:VCALENDAR
"""


def _book(page: Page, *, day: str, clock: str) -> None:
    page.get_by_label("Client", exact=True).select_option("Rosa Almeida")
    page.get_by_label("Day").fill(day)
    page.get_by_label("Time").fill(clock)
    page.get_by_role("button", name="Book", exact=True).click()


def _open(page: Page, words: str) -> None:
    page.get_by_role("link", name=re.compile(words)).click()
    expect(page.get_by_role("heading", name="Rosa Almeida")).to_be_visible()


@pytest.mark.parametrize(("width", "dark", "language"), LOOKS)
def test_they_make_a_time_and_change_it(
    visit: Visit, check_page: Check, picture: Picture, width: int, dark: bool, language: str
) -> None:
    look = f"{width}-{'dark' if dark else 'light'}"
    tess, rosa = visit("tess", width=width, dark=dark), visit("rosa", width=width, dark=dark, has_touch=width == 320)
    tess.get_by_role("link", name="Week", exact=True).click()
    expect(tess.get_by_role("link", name="Book a session")).to_be_visible()
    check_page(tess)
    tess.get_by_role("link", name="Book a session").click()
    expect(tess.get_by_role("heading", name="Book a session")).to_be_visible()
    check_page(tess)
    _book(tess, day="2024-05-06", clock="10:30")
    for words in ("Taken for one of the two:", "Monday 6 May 2024", " 10:30.", "Nothing was booked."):
        expect(tess.get_by_role("alert")).to_contain_text(words)
    check_page(tess)
    _book(tess, day="2024-05-08", clock="18:00")
    expect(tess.get_by_role("status")).to_contain_text("Booked.")
    check_page(tess)
    picture(tess, f"sessions/week-{look}", full_page=True)

    rosa.goto("/me/")
    rosa.get_by_role("link", name="Your sessions and reminders").click()
    expect(rosa.locator(".sitting")).to_have_count(2)
    expect(rosa.locator(".sitting").last).to_contain_text("Wednesday 8 May")
    check_page(rosa)
    picture(rosa, f"sessions/client-{look}", full_page=True)

    _open(tess, "18:00 Rosa")
    expect(tess.get_by_role("button", name="Keep the change")).to_be_visible()
    check_page(tess)
    tess.get_by_label("Time").fill("19:30")
    tess.get_by_role("button", name="Keep the change").click()
    expect(tess.get_by_role("status")).to_contain_text("Changed.")
    rosa.reload()
    expect(rosa.locator(".sitting").last).to_contain_text("19:30–")

    rosa.get_by_role("link", name=re.compile("I can’t come.*Wednesday 8 May")).click()
    expect(rosa.get_by_role("button", name="Cancel this session")).to_be_visible()
    check_page(rosa)
    picture(rosa, f"sessions/cannot-come-{look}", full_page=True)
    rosa.get_by_role("textbox").fill("I have a cold. Could we meet on Friday?")
    rosa.get_by_role("button", name="Cancel this session").click()
    expect(rosa.get_by_role("status")).to_contain_text("It is cancelled. Your therapist will know.")
    check_page(rosa)

    tess.reload()
    _open(tess, "19:30 Rosa")
    expect(tess.get_by_text("I have a cold. Could we meet on Friday?")).to_be_visible()
    expect(tess.get_by_text(re.compile(r"Cancelled by Rosa on 6 May at \d\d:\d\d\."))).to_be_visible()
    check_page(tess)
    rosa.get_by_role("button", name="I can come after all").click()
    expect(rosa.get_by_role("status")).to_contain_text("It is on again.")
    tess.reload()
    tess.get_by_role("button", name="Cancel this session").click()
    expect(tess.get_by_role("status")).to_contain_text("Cancelled.")
    tess.get_by_role("button", name="Undo").click()
    expect(tess.get_by_role("status")).to_contain_text("It is on again.")


def test_by_the_keyboard_alone_a_series_is_booked(visit: Visit) -> None:
    page = visit("tess")
    page.goto("/desk/week/book/")
    page.get_by_label("Client", exact=True).focus()
    page.keyboard.type("Rosa")
    for keys in ("08052024", "1830"):
        page.keyboard.press("Tab")
        page.keyboard.type(keys)
        page.keyboard.press("Tab")  # out of the last part of the field, over its button
    page.get_by_label("How many").focus()
    page.keyboard.press("Control+A")
    page.keyboard.type("4")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("4 sessions booked.")
    expect(page.get_by_role("link", name=re.compile("18:30 Rosa Almeida"))).to_be_visible()


def test_without_a_script_all_of_it_works(visit: Visit) -> None:
    page = visit("tess", java_script_enabled=False)
    page.goto("/desk/week/book/?day=2024-05-08")
    page.get_by_label("Client", exact=True).select_option("Rosa Almeida")
    page.get_by_label("Time").fill("18:00")
    page.get_by_role("button", name="Book", exact=True).click()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("status")).to_contain_text("Cancelled.")
    expect(page.get_by_role("link", name=re.compile("18:00 Rosa Almeida"))).to_contain_text("cancelled by you")


def test_busy_times_come_in_and_an_address_goes_out(visit: Visit, check_page: Check, picture: Picture) -> None:
    page = visit("tess", width=320)
    page.goto("/desk/calendar/")
    page.get_by_label("Calendar file").set_input_files(
        {"name": "mine.ics", "mimeType": "text/calendar", "buffer": FILE.encode()}
    )
    page.get_by_role("button", name="Take the busy times over").click()
    expect(page.get_by_role("status")).to_contain_text("One busy time is in your week.")
    check_page(page)
    page.get_by_role("button", name="Make an address").click()
    address = page.get_by_label("Your address").input_value()
    check_page(page)
    picture(page, "sessions/calendar-320", full_page=True)
    page.goto("/desk/week/")
    expect(page.get_by_text("15:00–16:30 busy")).to_be_visible()
    expect(page.get_by_text("Dentist")).to_have_count(0)
    read = page.request.get(address[address.index("/calendar/") :])
    assert read.status == 200
    assert "SUMMARY:Appointment" in read.text()
    page.goto("/desk/week/book/?day=2024-05-08")
    _book(page, day="2024-05-08", clock="15:30")
    expect(page.get_by_role("alert")).to_contain_text("Taken")
    check_page(page)
