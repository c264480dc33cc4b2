"""Places that are true (S1, steps 5 to 7; S10, step 5) and the queue (S10, steps 6 and 7)."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Look, Visit

LOOKS = [(320, True), (1280, False)]


@pytest.mark.parametrize(("width", "dark"), LOOKS)
def test_what_is_stale_is_confirmed_and_everybody_sees_it(
    visit: Visit, check_page: Callable[[Page], None], width: int, dark: bool
) -> None:
    omar = visit("omar", width=width, dark=dark)
    omar.goto("/practice/places/")
    check_page(omar)
    thandi_line = omar.get_by_role("listitem").filter(has=omar.get_by_role("heading", name="Thandi Nkosi"))
    expect(thandi_line).to_contain_text("15 of 18")
    expect(thandi_line).to_contain_text("Not confirmed lately, ask")
    omar.get_by_role("button", name="Ask Thandi to confirm").click()
    expect(omar.get_by_text("Asked to confirm")).to_be_visible()

    thandi = visit("thandi", width=width, dark=dark)
    thandi.goto("/desk/profile/")
    check_page(thandi)
    thandi.get_by_role("button", name="Still right: 3 places").click()
    expect(thandi.get_by_role("heading", name="Open: 3 places")).to_be_visible()
    omar.reload()
    expect(thandi_line).to_contain_text("Open: 3 places")


def test_more_people_than_places_are_not_kept_and_the_page_stays_full(visit: Visit) -> None:
    omar = visit("omar")
    omar.goto("/practice/places/")
    omar.get_by_text("Change the places of Theo").click()
    theo = omar.get_by_role("listitem").filter(has=omar.get_by_role("heading", name="Theo Brandt"))
    theo.get_by_label("People at most").fill("21")
    theo.get_by_role("button", name="Keep").click()
    expect(omar.get_by_role("alert")).to_contain_text("20 hours a week do not hold 21 people")
    expect(theo).to_contain_text("Full, waiting list about 9 weeks")


@pytest.mark.parametrize(("width", "dark"), LOOKS)
def test_a_page_is_written_looked_at_and_read_by_somebody_signed_out(
    visit: Visit, check_page: Callable[[Page], None], width: int, dark: bool
) -> None:
    tess = visit("tess", width=width, dark=dark)
    tess.goto("/desk/profile/write/")
    tess.get_by_label("The first time you talk").fill("We have tea, and you ask me anything.")
    tess.get_by_label("Family", exact=True).check()
    tess.get_by_role("button", name="Keep it and look").click()
    expect(tess.get_by_text("This is what everybody sees now.")).to_be_visible()
    check_page(tess)
    petra = visit(width=width, dark=dark)
    tess.goto("/desk/profile/")
    address = tess.get_by_role("link", name="The address of your page").get_attribute("href")
    assert address
    petra.goto(address)
    expect(petra.get_by_text("We have tea, and you ask me anything.")).to_be_visible()
    expect(petra.get_by_text("Open: 2 places")).to_be_visible()
    expect(petra.get_by_role("heading", name="Questions to ask Tess")).to_be_visible()
    check_page(petra)


@pytest.mark.parametrize(("width", "dark"), LOOKS)
def test_a_place_is_offered_kept_and_taken(
    visit: Visit, look_into: Callable[..., Look], width: int, dark: bool
) -> None:
    look = look_into("places", width, dark)
    vera = visit("vera", width=width, dark=dark)
    vera.goto("/practice/waiting/")
    look(vera, "waiting")
    expect(vera.get_by_text("2 have heard nothing for more than three weeks")).to_be_visible()
    vera.get_by_role("link", name="Offer a place Petra Simic").click()
    expect(vera.get_by_text("the place goes on by itself, to Ravi Menon")).to_be_visible()
    look(vera, "offer")
    vera.get_by_role("button", name="Offer it to Petra").click()
    expect(vera.get_by_text("place with Tess Carvalho offered, answer by")).to_be_visible()

    petra = visit("petra", width=width, dark=dark)
    petra.goto("/me/")
    petra.get_by_role("link", name="Look at it").click()
    expect(petra.get_by_role("heading", name="A place with Tess Carvalho")).to_be_visible()
    look(petra, "wait")
    petra.get_by_role("button", name="Yes, I want this place").click()
    expect(petra.get_by_role("heading", name="What you two work on")).to_be_visible()
    vera.reload()
    expect(vera.get_by_text("4 people wait.")).to_be_visible()


def test_somebody_who_heard_nothing_gets_the_real_position(visit: Visit, check_page: Callable[[Page], None]) -> None:
    vera = visit("vera")
    vera.goto("/practice/waiting/")
    vera.get_by_role("link", name="Write to them Noor Saleh").click()
    message = vera.get_by_label("Message")
    expect(message).to_have_value(re.compile("You have waited 9 weeks.*We can not say when", re.DOTALL))
    vera.get_by_role("button", name="Send it").click()
    expect(vera.get_by_text("Vera Lund wrote")).to_be_visible()
    check_page(vera)
