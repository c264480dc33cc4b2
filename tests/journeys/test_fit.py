"""S7, the first four steps: Lena looks at the fit, asks to work another way, goes back, asks for someone else."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import LOOKS, Look, Visit

OWN = "The worksheets eat my evenings."


def four_questions(lena: Page, look: Look) -> None:
    """1: four questions at most, a gut feeling among them, not a rating of a person."""
    lena.goto("/me/")
    lena.get_by_role("region", name="Waiting for you").get_by_role("link", name="Have a look").first.click()
    expect(lena.get_by_text("Trust can take months.")).to_be_visible()
    expect(lena.get_by_text("You do not rate Theo.")).to_be_visible()
    look(lena, "start")
    lena.get_by_role("button", name="Start").click()
    for place in (1, 2, 3):
        expect(lena.get_by_text(f"Question {place} of 4")).to_be_visible()
        assert lena.locator("input:checked").count() == 0
        look(lena, f"question-{place}")
        lena.get_by_label("Partly").check()
        lena.get_by_role("button", name="Go on").click()
    lena.get_by_label("Not sure").check()
    lena.get_by_role("button", name="Go on").click()


def three_doors(lena: Page, look: Look) -> None:
    """2: three doors of one size."""
    doors = lena.locator(".fit-door")
    expect(doors).to_have_count(3)
    boxes = [doors.nth(place).bounding_box() or {} for place in range(3)]
    assert len({(round(box["width"]), round(box["height"])) for box in boxes}) == 1, boxes
    assert len({style_of(doors.nth(place)) for place in range(3)}) == 1
    look(lena, "doors")


def asks_to_work_another_way(lena: Page, look: Look) -> str:
    """3: less homework, more structure, in her words. 4: back, and nothing is lost."""
    lena.locator(".fit-door").nth(1).click()
    lena.get_by_label("Less homework").check()
    lena.get_by_label("More structure").check()
    look(lena, "wishes")
    lena.get_by_role("button", name="Go on").click()
    lena.get_by_label("Your own words").fill(OWN)
    look(lena, "words")

    # 4: back, and nothing is lost
    lena.get_by_role("button", name="Keep this and go back").click()
    expect(lena.get_by_label("Less homework")).to_be_checked()
    lena.get_by_role("button", name="Keep this and go back").click()
    expect(lena.locator(".fit-door")).to_have_count(3)
    lena.locator(".fit-door").nth(1).click()
    lena.get_by_role("button", name="Go on").click()
    expect(lena.get_by_label("Your own words")).to_have_value(OWN)
    lena.get_by_role("button", name="Go on").click()
    expect(lena.locator(".said-note")).to_contain_text("I would like less homework.")
    expect(lena.locator(".said-note")).to_contain_text("I would like more structure when we meet.")
    look(lena, "preview")
    shown = lena.locator(".said-note").inner_html()
    lena.get_by_role("button", name="Send to Theo").click()
    expect(lena.get_by_text("Theo has not read it yet")).to_be_visible()
    look(lena, "sent")
    return shown


def asks_a_person(lena: Page, theo: Page, vera: Page, look: Look) -> None:
    """4: meet someone else, past Theo."""
    lena.goto("/me/fit/doors/")
    lena.locator(".fit-door").nth(2).click()
    lena.get_by_role("link", name="Ask a person").click()
    expect(lena.get_by_text("Your place with Theo is kept until you give it up.")).to_be_visible()
    look(lena, "someone-else")
    lena.get_by_role("button", name="Send to Vera Lund").click()
    expect(lena.get_by_text("Not read yet")).to_be_visible()
    look(lena, "someone-else-sent")
    vera.goto("/contact/")
    look(vera, "contact")
    vera.get_by_role("button", name="I have got in touch").click()
    lena.reload()
    expect(lena.get_by_text(re.compile(r"Vera Lund noted: I have got in touch, 09:\d\d"))).to_be_visible()
    theo.reload()
    for told in ("Lena asks to meet someone else", "someone else"):
        assert told not in theo.content()


@pytest.mark.parametrize(("width", "dark", "language"), LOOKS)
def test_lena_looks_at_the_fit_and_goes_through_the_doors(
    visit: Visit, look_into: Callable[..., Look], width: int, dark: bool
) -> None:
    lena = visit("lena", width=width, dark=dark)
    theo, vera = visit("theo", width=width, dark=dark), visit("vera", width=width, dark=dark)
    look = look_into("fit", width, dark)
    four_questions(lena, look)
    three_doors(lena, look)
    shown = asks_to_work_another_way(lena, look)
    theo_finds_it(theo, look, shown)
    asks_a_person(lena, theo, vera, look)


def style_of(door: Any) -> str:
    """What gives a thing its weight, as the browser computes it."""
    return str(
        door.evaluate(
            "each => { const s = getComputedStyle(each); const b = getComputedStyle(each.querySelector('b'));"
            " return [s.backgroundColor, s.borderColor, s.borderWidth, s.padding, b.fontSize, b.fontWeight, b.color]"
            ".join('|') }"
        )
    )


def theo_finds_it(theo: Page, look: Look, shown: str) -> None:
    theo.goto("/desk/find/?q=lena")
    theo.get_by_role("link", name=re.compile("Lena")).first.click()
    theo.get_by_role("link", name="Read it").first.click()
    assert theo.locator(".said-note").inner_html() == shown
    look(theo, "note")
    theo.get_by_role("link", name="Open the board").click()
    expect(theo.locator(".item__state", has_text="To be agreed again, by both")).to_have_count(2)
    expect(
        theo.get_by_role("heading", name=re.compile(r"Lena asked to change how you two work, 09:\d\d"))
    ).to_be_visible()
    look(theo, "board")


def test_without_a_script_it_is_as_whole(visit: Visit) -> None:
    lena = visit("lena", width=320, java_script_enabled=False)
    lena.goto("/me/fit/")
    lena.get_by_role("button", name="Start").click()
    for _ in range(4):
        lena.get_by_role("button", name="Skip this question").click()
    expect(lena.locator(".fit-door")).to_have_count(3)
    lena.locator(".fit-door").nth(1).click()
    lena.get_by_label("Go slower").check()
    lena.get_by_role("button", name="Go on").click()
    lena.get_by_role("button", name="Go on").click()
    lena.get_by_role("button", name="Send to Theo").click()
    lena.get_by_role("button", name="Take it back").click()
    expect(
        lena.get_by_text("The tasks on your board stand as before, but for those that changed since.")
    ).to_be_visible()
