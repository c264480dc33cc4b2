"""S1: Cleo, signed out, finds somebody by fit, and the availability is true."""

import re
import sqlite3
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import LOOKS, Look, Server, Visit

ADDRESS, WORDS = "c.marsh@example.org", "It is the nights."


def pick(page: Page, *labels: str) -> None:
    assert page.locator("input:checked").count() == 0, "nothing is chosen beforehand"
    for label in labels:
        page.get_by_label(label, exact=True).check()
    page.get_by_role("button", name="Go on").click()


def skip(page: Page) -> None:
    page.get_by_role("button", name="Skip this question").click()


def asked(page: Page, slug: str) -> None:
    expect(page).to_have_url(re.compile(f"/question/{slug}/$"))


def to_the_people(page: Page, look: Look) -> None:
    """Steps 1 to 3: from the front door through the questions."""
    page.goto("/")
    expect(page.locator("main .button")).to_have_count(1)
    expect(page.get_by_role("link", name="Not safe right now? Get help now")).to_be_visible()
    look(page, "front")
    page.get_by_role("link", name="Find someone who fits").click()
    expect(page.get_by_text("You need no account.")).to_be_visible()
    look(page, "start")
    page.get_by_role("button", name="Start").click()
    asked(page, "needs")
    look(page, "needs")
    pick(page, "Worry, fear or panic", "It matters a lot")
    page.get_by_role("button", name="I am not sure").click()  # what kind of help
    pick(page, "An adult")
    asked(page, "language")
    look(page, "language")
    pick(page, "Spanish", "I need this")
    pick(page, "Portugal")
    pick(page, "By video", "It matters a lot")
    pick(page, "Evenings")
    skip(page)  # how to pay
    page.get_by_role("button", name="Both are fine").click()
    asked(page, "structure")
    look(page, "style")
    pick(page, "A clear plan. That matters a lot to me")
    skip(page)
    pick(page, "Rather not")
    asked(page, "person")
    look(page, "person")
    skip(page)
    expect(page.get_by_role("heading", name="People who may fit")).to_be_visible()


def past_reply_by(server: Server) -> None:
    """As if two working days had gone by."""
    with sqlite3.connect(server.var / "accord.sqlite3", timeout=20) as db:
        db.execute("UPDATE matching_enquiry SET reply_by = sent_at WHERE state IN ('sent', 'seen')")


def ask_tess(page: Page, look: Look) -> None:
    page.get_by_label("What may they call you?").fill("Cleo")
    page.get_by_label("Your mail address").fill(ADDRESS)
    page.get_by_label("A few words, if you like").fill(WORDS)
    page.get_by_label("Yes, send them too").check()
    look(page, "contact")
    page.get_by_role("button", name="Look at it first").click()
    expect(page.locator(".preview")).to_contain_text("Worry, fear or panic")
    look(page, "preview")
    page.get_by_role("button", name="Send to Tess").click()


def the_people(cleo: Page, look: Look) -> None:
    """4: Tess first, each reason in words, what does not fit, too. 5: Thandi and Theo by choice, as they are."""
    first = cleo.locator(".person").first
    for words in ("Tess Carvalho", "Speaks Spanish: your must-have", "Likes structure, like you", "Open: 2 places"):
        expect(first).to_contain_text(words)
    expect(first).to_contain_text("Gives more to do at home than you asked for")
    look(cleo, "people")

    # 5: Thandi and Theo by choice, as they are
    cleo.locator("input[name=also][value=stale]").check()
    cleo.locator("input[name=also][value=full]").check()
    cleo.get_by_role("button", name="Show", exact=True).click()
    expect(cleo.locator(".person h2")).to_have_text(["Tess Carvalho", "Thandi Nkosi", "Theo Brandt"])
    expect(cleo.locator(".person").nth(1)).to_contain_text("Not confirmed lately, ask")
    expect(cleo.locator(".person").nth(2)).to_contain_text("Full, waiting list about 9 weeks")
    expect(cleo.locator(".person").nth(2).get_by_role("link", name="Ask for a free first call")).to_have_count(0)
    look(cleo, "people-all")


def asks_for_a_call(cleo: Page, look: Look) -> str:
    """7 and 8: her page, five questions on the list, a free first call."""
    cleo.get_by_role("link", name="Read more about Tess").click()
    profile = urlsplit(cleo.url).path
    assert "Tagus Health" in cleo.locator("main").inner_text()
    for _ in range(5):
        cleo.get_by_role("button", name="Keep this question").first.click()
    expect(cleo.get_by_text("On your list", exact=True)).to_have_count(5)
    look(cleo, "profile")
    cleo.get_by_role("link", name="Your questions to ask").first.click()
    expect(cleo.locator(".kept li")).to_have_count(5)
    look(cleo, "questions")
    cleo.goto("/find/people/")
    cleo.get_by_role("link", name="Ask for a free first call").first.click()
    ask_tess(cleo, look)
    expect(cleo.get_by_role("heading", name="Sent", exact=True)).to_be_visible()
    expect(cleo.locator("main")).to_contain_text(re.compile(r"8 May, 09:\d\d"))
    look(cleo, "sent")
    return profile


def nothing_came(cleo: Page, server: Server, look: Look, elsewhere: Callable[[], None]) -> str:
    """9: nothing came; she is told, and offered the next one. Then she asks once more."""
    asked = urlsplit(cleo.url).path
    past_reply_by(server)
    until(cleo, "No answer in time")
    expect(cleo.locator(".next-one")).to_contain_text("Thandi Nkosi")
    look(cleo, "no-answer")
    elsewhere()
    cleo.goto(asked)
    cleo.get_by_role("link", name="Ask Tess once more").click()
    expect(cleo.get_by_label("What may they call you?")).to_have_value("Cleo")
    cleo.get_by_role("button", name="Look at it first").click()
    cleo.get_by_role("button", name="Send to Tess").click()
    return urlsplit(cleo.url).path


def tess_offers_times(tess: Page, visit: Visit, look: Look) -> None:
    """10: Tess says yes; neither Thandi nor Omar sees a word."""
    tess.goto("/desk/")
    tess.get_by_role("link", name="One person asks for a first call").click()
    expect(tess.get_by_role("heading", name="First calls")).to_be_visible()
    look(tess, "desk-list")
    tess.get_by_role("link", name="Cleo").first.click()
    expect(tess.locator(".preview")).to_contain_text(WORDS)
    look(tess, "desk-enquiry")
    for slug in ("thandi", "omar"):
        other = visit(slug)
        answer = other.goto(urlsplit(tess.url).path)
        assert answer
        assert answer.status == 403
        assert "Cleo" not in other.content()
    tess.get_by_label("Time 1").fill("2024-05-07T18:00")
    tess.get_by_label("How the call takes place").fill("I call you.")
    tess.get_by_role("button", name="Send the times").click()


@pytest.mark.parametrize(("width", "dark", "language"), LOOKS)
def test_cleo_finds_somebody_by_fit_and_the_availability_is_true(
    visit: Visit,
    server: Server,
    look_into: Callable[..., Look],
    width: int,
    dark: bool,
) -> None:
    look = look_into("find", width, dark)
    cleo, second = visit(width=width, dark=dark), visit(width=width, dark=dark)
    to_the_people(cleo, look)
    the_people(cleo, look)
    profile = asks_for_a_call(cleo, look)
    again = nothing_came(cleo, server, look, lambda: back_by_mail(visit, width, dark, look))
    tess = visit("tess", width=width, dark=dark)
    tess_offers_times(tess, visit, look)
    cleo.goto(again)
    look(cleo, "times")
    cleo.get_by_label("7 May, 18:00").check()
    cleo.get_by_role("button", name="Take this time").click()
    expect(cleo.get_by_role("heading", name="Your first call")).to_be_visible()
    expect(cleo.locator(".kept li")).to_have_count(5)
    look(cleo, "call")
    second.goto(profile)
    expect(second.get_by_text("Open: 2 places")).to_be_visible()
    tess.reload()
    look(tess, "desk-booked")
    tess.get_by_role("button", name="We start").click()
    expect(tess.get_by_role("heading", name=re.compile("Cleo")).first).to_be_visible()
    second.reload()
    expect(second.get_by_text("Open: 1 place")).to_be_visible()
    signs_in(cleo)
    expect(cleo.get_by_role("heading", name="You two start")).to_be_visible()
    look(cleo, "started")


def signs_in(cleo: Page) -> None:
    """From the start on her search is behind the door of her own page."""
    cleo.reload()
    cleo.get_by_role("textbox").fill(ADDRESS)
    cleo.get_by_role("button", name="Send me a link").click()
    cleo.get_by_role("link", name="Look into the outbox").click()
    link = cleo.locator("a[href*='/sign-in/']:not([href$='/sign-in/'])").first.get_attribute("href")
    assert link
    cleo.goto(urlsplit(link).path)
    cleo.get_by_role("button", name="Sign in").click()


def until(page: Page, heading: str) -> None:
    """The background work takes a second or two."""
    for _ in range(20):
        page.reload()
        if page.get_by_role("heading", name=heading).count():
            return
        page.wait_for_timeout(500)
    raise AssertionError(f"{heading!r} did not come")


def back_by_mail(visit: Visit, width: int, dark: bool, look: Look) -> None:
    """She finds it in her mail, on another device."""
    other = visit(width=width, dark=dark)
    other.goto("/demo/outbox/")
    mail = other.locator("li", has_text=f"to {ADDRESS}").first
    expect(mail).to_contain_text("There is news for you")
    link = mail.locator("a[href*='/find/back/']").first.get_attribute("href")
    assert link
    other.goto(urlsplit(link).path)
    look(other, "back")
    other.get_by_role("button", name="Go on here").click()
    expect(other.get_by_role("heading", name="No answer in time")).to_be_visible()


def test_with_the_keyboard_alone(visit: Visit) -> None:
    """Tab, space, arrows and Enter, from the front door to the people; each page begins at its top."""
    page = visit(width=1280)
    page.goto("/")
    press_to(page, "Find someone who fits")
    press_to(page, "Start")
    for _ in range(12):
        press_to(page, "Skip this question")
    expect(page.get_by_text("Question 13 of 13")).to_be_visible()
    tab_to(page, "input[value=woman]")
    page.keyboard.press("Space")
    tab_to(page, "input[name=strength]")
    page.keyboard.press("ArrowDown")
    press_to(page, "Go on")
    expect(page.locator(".person").first).to_contain_text("Says about themselves: A woman")


def tab_to(page: Page, selector: str) -> None:
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            return
    raise AssertionError(f"{selector} is not reached by Tab")


def press_to(page: Page, words: str) -> None:
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("() => document.activeElement.textContent.trim()") == words:
            with page.expect_navigation():
                page.keyboard.press("Enter")
            return
    raise AssertionError(f"{words!r} is not reached by Tab")


def test_without_a_script_it_is_as_whole_and_closing_the_browser_loses_nothing(visit: Visit) -> None:
    page = visit(width=320, java_script_enabled=False)
    to_the_people(page, lambda _page, _step: None)
    state = page.context.storage_state()
    page.context.close()
    again = visit(width=320, java_script_enabled=False, storage_state=state)
    again.goto("/find/")
    again.get_by_role("link", name="See who fits").first.click()
    expect(again.locator(".person").first).to_contain_text("Speaks Spanish: your must-have")
    again.get_by_role("button", name="Clear my answers now").click()
    expect(again.get_by_text("Your answers are gone")).to_be_visible()
    again.goto("/find/people/")
    expect(again.get_by_role("button", name="Start")).to_be_visible()


def test_leaving_is_one_tap_from_every_page(visit: Visit) -> None:
    page = visit(width=320)
    page.goto("/find/")
    page.get_by_role("button", name="Start").click()
    page.get_by_label("Low mood").check()
    page.get_by_role("link", name="Leave this page").click()
    expect(page).not_to_have_url(re.compile("/find/"))
    assert "Low mood" not in page.content()


@pytest.mark.parametrize("language", ["ar", "es"])
def test_in_other_languages_every_page_holds(visit: Visit, check_page: Callable[[Page], None], language: str) -> None:
    page = visit(width=320)
    page.goto("/find/")
    page.locator(f"button[name=language][value={language}]").click()
    page.locator("main form button.button").first.click()
    for _ in range(13):
        check_page(page)
        page.locator("button[value=skip]").click()
    for path in ("/find/people/?also=stale&also=full", "/find/questions/", "/find/mail/", "/find/"):
        page.goto(path)
        check_page(page)
