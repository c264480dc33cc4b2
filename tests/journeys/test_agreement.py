"""S3, 1 to 8: two people at one board, each on a device of their own. Nobody reloads a page."""

import http.client
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import islice
from typing import NamedTuple
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.conftest import LOOKS, Spoken, Visit

SOON = 6_000  # ms: told by the other page itself, not by a reload; a busy machine is given time
READS = 900  # ms
SLEEP, REST = "sleep without dread", "go to bed without fear of the night"
CheckPage = Callable[[Page], None]


class Both(NamedTuple):
    """Cleo and Tess with the same board open."""

    cleo: Page
    tess: Page

    def see(self, text: str | re.Pattern[str]) -> None:
        for page in self:
            expect(page.locator(".board__part").get_by_text(text).first).to_be_visible(timeout=SOON)


@pytest.fixture
def sit_down(visit: Visit) -> Callable[..., Both]:
    def both(width: int = 1280, dark: bool = False, **options: object) -> Both:
        cleo, tess = visit("cleo", width=width, dark=dark), visit("tess", width=width, dark=dark, **options)
        cleo.get_by_role("link", name="Open the board").click()
        tess.goto(cleo.url.replace("/me/agreement/", "/desk/").rstrip("/") + "/agreement/")
        return Both(cleo, tess)

    return both


def thing(page: Page, words: str) -> Locator:
    return page.get_by_role("article", name=words, exact=True)


def write(page: Page, kind: str, words: str, more: str = "") -> None:
    form = page.locator(f"#add-{kind}")
    if not form.get_attribute("open") and not form.locator("textarea").first.is_visible():
        form.locator("summary").click()
    form.locator("[name=words]").fill(words)
    if more:
        form.locator("[name=how_known], [name=why]").fill(more)
    form.get_by_role("button", name="Put it on the board").click()


def answer(item: Locator, name: str) -> None:
    """After reading: a yes in the moment in which the words change is not taken (see the test of the finger)."""
    item.page.wait_for_timeout(READS)
    item.get_by_role("button", name=name, exact=True).click()


def reword(page: Page, old: str, new: str) -> None:
    item = thing(page, old)
    item.locator("details.edit-words > summary").click()
    item.locator("details.edit-words [name=words]").fill(new)
    item.get_by_role("button", name="Save these words").click()


def her_own_words(both: Both, keep: Callable[[Page, str], None]) -> None:
    """2: in her own words. 3: a suggestion stands beside."""
    cleo, tess = both
    write(cleo, "goal", SLEEP)
    expect(thing(tess, SLEEP)).to_contain_text("Cleo’s words", timeout=SOON)
    expect(thing(cleo, SLEEP)).to_contain_text("Your words")
    # 3: a suggestion stands beside
    reword(tess, SLEEP, REST)
    hers = thing(cleo, SLEEP)
    expect(hers).to_contain_text("Tess suggests", timeout=SOON)
    expect(hers).to_contain_text(REST)
    for name in ("Agree to the new words", "Keep my words", "Not sure about this"):
        expect(hers.get_by_role("button", name=name)).to_be_visible()
    keep(cleo, "cleo-suggestion")
    answer(hers, "Keep my words")
    expect(thing(tess, SLEEP)).not_to_contain_text(REST, timeout=SOON)
    expect(thing(tess, SLEEP)).to_contain_text("Needs your OK")
    answer(thing(tess, SLEEP), "Agree")
    both.see("Agreed by both, 6 May")


def a_task_that_does_not_fit(both: Both, check_page: CheckPage) -> None:
    """4: a task that does not fit."""
    cleo, tess = both
    write(tess, "task", "worry diary", "to see what the worries are")
    task = thing(cleo, "worry diary")
    expect(task).to_contain_text("to see what the worries are", timeout=SOON)
    expect(task.get_by_role("button", name="Not for me")).to_be_visible()
    answer(task, "Not sure about this")
    expect(task).to_contain_text("Not agreed yet", timeout=SOON)
    expect(task).to_contain_text("What would fit better?")
    task.get_by_label("What would fit better?").fill("shorter, and not at night")
    task.get_by_role("button", name="Save", exact=True).click()
    expect(thing(tess, "worry diary")).to_contain_text("shorter, and not at night", timeout=SOON)
    expect(thing(tess, "worry diary")).to_contain_text("Not agreed yet")
    for page in both:
        check_page(page)


def tess_alone_gets_nothing_agreed(both: Both) -> None:
    """5: another one; Tess alone does not get it agreed."""
    cleo, tess = both
    reword(tess, "worry diary", "10-minute worry time")
    again = thing(cleo, "10-minute worry time")
    expect(again).to_contain_text("Needs your OK", timeout=SOON)
    assert thing(tess, "10-minute worry time").get_by_role("button", name="Agree").count() == 0
    answer(again, "Agree")
    for page in both:
        expect(thing(page, "10-minute worry time")).to_contain_text("Agreed by both, 6 May", timeout=SOON)


def how_she_will_know(both: Both, keep: Callable[[Page, str], None]) -> None:
    """6: how important, and how she will know."""
    cleo, tess = both
    goal = thing(cleo, SLEEP)
    goal.get_by_text("How important, how far").click()
    goal.locator("label.key:has(input[value='9'])").first.click()
    goal.get_by_role("button", name="Save", exact=True).first.click()
    expect(thing(tess, SLEEP)).to_contain_text("9 of 10", timeout=SOON)
    expect(thing(tess, SLEEP)).to_contain_text("Agreed by both, 6 May")
    goal.locator("details.edit-words > summary").click()
    goal.get_by_label("How will you know that it is better?").fill("I stop looking at the clock")
    goal.get_by_role("button", name="Save these words").click()
    expect(thing(tess, SLEEP)).to_contain_text("I stop looking at the clock", timeout=SOON)
    answer(thing(tess, SLEEP), "Agree to the new words")
    expect(thing(cleo, SLEEP)).to_contain_text("Agreed by both, 6 May", timeout=SOON)
    keep(cleo, "cleo")
    keep(tess, "tess")


def an_agreed_goal_is_edited(both: Both) -> None:
    """7: an agreed goal is edited later."""
    cleo, tess = both
    reword(tess, SLEEP, "sleep through the night")
    expect(thing(tess, SLEEP)).to_contain_text("Needs Cleo’s OK", timeout=SOON)
    expect(thing(cleo, SLEEP)).to_contain_text("Needs your OK", timeout=SOON)
    expect(thing(cleo, SLEEP)).to_contain_text("you both agreed to this on 6 May")


def the_note(both: Both, check_page: CheckPage, keep: Callable[[Page, str], None], spoken: Spoken) -> None:
    """8: the note, and how it came to this."""
    cleo, tess = both
    tess.get_by_text("Copy as a note").click()
    note = tess.locator("[data-note]").inner_text()
    lines = [line.strip() for line in note.splitlines()]
    for line in (f"{spoken('1')}. {SLEEP}", spoken("State: Needs Cleo’s OK"), spoken("Importance: 9 of 10")):
        assert line in lines, note
    assert f"{spoken('1')}. 10-minute worry time" in lines
    assert spoken("6 May 2024") in note
    for page in both:
        check_page(page)
        page.get_by_role("link", name="How it came to this").click()
        for words in (SLEEP, REST, "worry diary", "10-minute worry time", "sleep through the night"):
            expect(page.get_by_text(words).first).to_be_visible()
        check_page(page)
        keep(page, f"history-{'cleo' if page is cleo else 'tess'}")


@pytest.mark.parametrize(("width", "dark", "language"), LOOKS)
def test_a_first_session_from_an_empty_board_to_a_note(
    sit_down: Callable[..., Both],
    check_page: CheckPage,
    picture: Callable[..., None],
    spoken: Spoken,
    width: int,
    dark: bool,
) -> None:
    both = sit_down(width, dark)
    cleo, tess = both

    def keep(page: Page, what: str) -> None:
        picture(page, f"board/{width}-{'dark' if dark else 'light'}-{what}", full_page=True)

    # 1: the same page, and each other
    expect(tess.get_by_text("Cleo is here")).to_be_visible(timeout=SOON)
    expect(cleo.get_by_text("Tess is here")).to_be_visible(timeout=SOON)
    check_page(cleo)
    her_own_words(both, keep)
    a_task_that_does_not_fit(both, check_page)
    tess_alone_gets_nothing_agreed(both)
    how_she_will_know(both, keep)
    an_agreed_goal_is_edited(both)
    the_note(both, check_page, keep, spoken)


def test_what_one_types_stays_while_the_other_saves(sit_down: Callable[..., Both]) -> None:
    cleo, tess = sit_down()
    write(cleo, "goal", SLEEP)
    expect(thing(tess, SLEEP)).to_be_visible(timeout=SOON)
    thing(tess, SLEEP).locator("details.edit-words > summary").click()
    box = thing(tess, SLEEP).locator("details.edit-words [name=words]")
    box.fill("rest, and be ")
    box.press("End")
    reword(cleo, SLEEP, "sleep, and not dread it")
    expect(thing(tess, "sleep, and not dread it")).to_be_visible(timeout=SOON)
    tess.keyboard.type("calm")
    box = thing(tess, "sleep, and not dread it").locator("details.edit-words [name=words]")
    expect(box).to_have_value("rest, and be calm")
    expect(box).to_be_focused()
    expect(tess.get_by_text("Cleo has changed this while you were writing.")).to_be_visible()
    tess.get_by_role("button", name="Save these words").click()
    # Neither text is lost, and neither is written over.
    expect(tess.get_by_role("heading", name="Cleo has written too")).to_be_visible()
    expect(tess.get_by_text("sleep, and not dread it")).to_be_visible()
    expect(tess.get_by_label("The goal")).to_have_value("rest, and be calm")
    tess.get_by_role("button", name="Suggest my text").click()
    expect(thing(cleo, "sleep, and not dread it")).to_contain_text("rest, and be calm", timeout=SOON)


def test_who_leaves_is_seen_to_leave_and_typed_text_elsewhere_outlives_a_button(sit_down: Callable[..., Both]) -> None:
    cleo, tess = sit_down()
    expect(tess.get_by_text("Cleo is here")).to_be_visible(timeout=SOON)
    write(cleo, "goal", SLEEP)
    tess.get_by_text("Write a task").click()
    tess.locator("#add-task [name=words]").fill("half a thought")
    answer(thing(tess, SLEEP), "Agree")
    expect(thing(tess, SLEEP)).to_contain_text("Agreed by both, 6 May", timeout=SOON)
    expect(tess.locator("#add-task [name=words]")).to_have_value("half a thought")
    cleo.get_by_role("link", name="Leave this page").click()
    expect(tess.get_by_text("Cleo is not here now")).to_be_visible(timeout=SOON)


def test_without_scripts_a_reload_shows_the_same(sit_down: Callable[..., Both]) -> None:
    cleo, tess = sit_down(320, java_script_enabled=False)
    write(cleo, "goal", SLEEP)
    expect(thing(cleo, SLEEP)).to_be_visible(timeout=SOON)
    tess.reload()
    reword(tess, SLEEP, REST)
    expect(thing(tess, SLEEP)).to_contain_text("You suggest")
    expect(thing(cleo, SLEEP)).to_contain_text("Tess suggests", timeout=SOON)
    answer(thing(cleo, SLEEP), "Agree to the new words")
    expect(thing(cleo, REST)).to_contain_text("First, as Cleo wrote it: sleep without dread", timeout=SOON)
    tess.reload()
    expect(thing(tess, REST)).to_contain_text("Agreed by both, 6 May")


def test_a_keyboard_is_enough(sit_down: Callable[..., Both]) -> None:
    cleo, tess = sit_down()
    cleo.locator("#add-goal [name=words]").focus()
    cleo.keyboard.type(SLEEP)
    for _ in range(2):
        cleo.keyboard.press("Tab")
    cleo.keyboard.press("Enter")
    expect(thing(tess, SLEEP)).to_be_visible(timeout=SOON)
    thing(tess, SLEEP).get_by_role("button", name="Agree", exact=True).focus()
    tess.keyboard.press("Enter")
    expect(thing(tess, SLEEP)).to_contain_text("Agreed by both, 6 May", timeout=SOON)
    expect(thing(tess, SLEEP)).to_be_focused()  # the place on the page is kept
    write(cleo, "goal", "another")
    expect(thing(tess, "another")).to_be_visible(timeout=SOON)
    expect(thing(tess, SLEEP)).to_be_focused()


def test_nobody_says_yes_to_words_that_came_under_their_finger(sit_down: Callable[..., Both]) -> None:
    cleo, tess = sit_down()
    write(cleo, "goal", SLEEP)
    expect(thing(tess, SLEEP)).to_be_visible(timeout=SOON)
    tess.evaluate(
        """() => new MutationObserver((_, watch) => {
          if (!document.body.textContent.includes("never wake up")) return;
          watch.disconnect();
          document.querySelector(".item button[value=agree]").click();
        }).observe(document.querySelector(".board__part"), {subtree: true, childList: true, characterData: true})"""
    )
    reword(cleo, SLEEP, "never wake up early")
    item = thing(tess, "never wake up early")
    expect(item.get_by_role("alert")).to_have_text("This has just changed. Please read it, then answer.", timeout=SOON)
    expect(item).to_contain_text("Needs your OK")
    expect(item).not_to_contain_text("Agreed by both, 6 May")


def test_signed_out_elsewhere_the_page_hears_no_more(sit_down: Callable[..., Both]) -> None:
    cleo, tess = sit_down()
    expect(tess.get_by_text("Cleo is here")).to_be_visible(timeout=SOON)
    second = cleo.context.new_page()
    second.goto("/me/")
    second.get_by_role("button", name="Sign out").click()
    expect(cleo.get_by_text("This page is no longer kept up to date.")).to_be_visible(timeout=SOON)
    expect(tess.get_by_text("Cleo is not here now")).to_be_visible(timeout=SOON)


STREAMS = 60


@contextmanager
def open_streams(page: Page, count: int) -> Iterator[list[http.client.HTTPResponse]]:
    """As many devices of the same person with the board open, without a browser each."""
    cookies = "; ".join(f"{one['name']}={one['value']}" for one in page.context.cookies())
    address = urlsplit(page.url)
    with ExitStack() as stack:
        heard = []
        for _ in range(count):
            line = http.client.HTTPConnection(address.hostname or "", address.port, timeout=10)
            stack.callback(line.close)
            line.request("GET", f"{address.path}live/?known=0", headers={"Cookie": cookies})
            heard.append(line.getresponse())
        yield heard


def test_many_open_pages_hold_up_no_other_page(sit_down: Callable[..., Both]) -> None:
    cleo, tess = sit_down()
    with open_streams(cleo, STREAMS) as streams:
        assert [one.status for one in streams] == [200] * STREAMS
        assert {one.readline() for one in streams} == {b"retry: 1000\n"}
        tess.reload()
        expect(tess.get_by_role("heading", name="What we work on")).to_be_visible(timeout=10_000)
        write(cleo, "goal", SLEEP)
        expect(thing(tess, SLEEP)).to_be_visible(timeout=10_000)
        for one in streams:
            # Who is here may be told more than once before it.
            assert b"event: changed\n" in islice(iter(one.readline, b""), 40)
    cleo.goto("/help/")
    expect(tess.get_by_text("Cleo is not here now")).to_be_visible(timeout=10_000)
