"""S2: Cleo tells what Tess should know, in three sittings on two devices; nobody else reads it, and Tess not before."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Look, Server, Visit
from tests.journeys.test_check_in import rows

LOOKS = [(width, dark) for width in (320, 1280) for dark in (False, True)]
BRINGS = "I lie awake and go through the day."
TYPED = "Walks by the river, and my sister"
WRONG = "He gave advice before he had listened."
PRIVATE = (BRINGS, TYPED, WRONG)


def answer(page: Page, words: str) -> None:
    page.locator("#answer").fill(words)
    page.get_by_role("button", name="Continue").click()


def it_says_what_it_is(phone: Page, look: Look) -> None:
    """1: how long, why, who sees it, how to leave, before the first question."""
    phone.goto("/me/")
    look(phone, "home")
    phone.get_by_role("region", name="Waiting for you").get_by_role("link", name="Have a look").click()
    for told in ("about ten minutes", "Why we ask", "Who sees it", "Press Exit this page", "its history"):
        expect(phone.locator("main")).to_contain_text(told)
    look(phone, "start")
    phone.get_by_role("button", name="Start").click()


def one_is_left_blank(phone: Page, look: Look) -> None:
    """2: four answers, then one left blank that is not optional."""
    expect(phone.get_by_text("Question 1 of 8")).to_be_visible()
    look(phone, "question")
    answer(phone, BRINGS)
    answer(phone, "")  # optional: taken as skipped
    answer(phone, "I sleep through.")
    expect(phone.get_by_text("Question 4 of 8")).to_be_visible()
    phone.go_back()
    expect(phone.get_by_text("Question 3 of 8")).to_be_visible()
    phone.goto("/me/intake/question/before/")
    phone.get_by_role("button", name="Continue").click()
    summary = phone.locator(".error-summary")
    expect(summary).to_be_focused()
    assert phone.title().startswith("Error:")
    look(phone, "error")
    summary.get_by_role("link").click()
    assert phone.evaluate("document.activeElement.id") == "answer"


def on_another_device(phone: Page, visit: Visit, width: int, dark: bool) -> Page:
    """3: killed in the middle of a question; opened again from the mail, on another device."""
    phone.goto("/me/intake/question/helped/")
    phone.locator("#answer").press_sequentially(TYPED)
    expect(phone.locator("[data-state]")).to_contain_text("Saved 09:")
    phone.context.close()
    laptop = visit(width=width, dark=dark)
    laptop.goto("/demo/outbox/")
    mail = laptop.locator("a[href*='/me/intake/on/']").first.get_attribute("href") or ""
    laptop.goto("/" + mail.partition("://")[2].partition("/")[2])
    laptop.locator("#email").fill("cleo@harbour.example")
    laptop.locator("#email").press("Enter")
    expect(laptop.locator("#email")).to_have_count(0)
    laptop.goto("/demo/outbox/")
    link = laptop.locator("a[href*='/sign-in/']").first.get_attribute("href") or ""
    laptop.goto("/" + link.partition("://")[2].partition("/")[2])
    laptop.locator("main form button").first.click()
    expect(laptop.get_by_text("Question 4 of 8")).to_be_visible()
    expect(laptop.locator("#answer")).to_have_value(TYPED)
    laptop.get_by_role("link", name="Back", exact=True).click()
    laptop.get_by_role("button", name="Continue").click()
    laptop.get_by_role("button", name="Continue").click()
    laptop.get_by_label("Yes", exact=True).check()
    laptop.get_by_role("button", name="Continue").click()
    return laptop


def back_and_forward(laptop: Page) -> None:
    """4: Back three times, and forward."""
    for _ in range(3):
        laptop.go_back()
    expect(laptop.locator("#answer")).to_have_value("I sleep through.")
    laptop.go_forward()
    expect(laptop.locator("#answer")).to_have_value(TYPED)
    laptop.go_back()
    for _ in range(3):
        laptop.go_forward()


def what_was_wrong(laptop: Page, look: Look) -> None:
    """5: what a past therapist got wrong: optional, and who reads it, exactly."""
    expect(laptop.get_by_role("heading", name="What did a past therapist get wrong?")).to_be_visible()
    expect(laptop.get_by_text("you can leave it empty")).to_be_visible()
    expect(laptop.locator("[data-who]")).to_have_text(
        "you, and Tess once you send it. Not the past therapist, and nobody else."
    )
    look(laptop, "got-wrong")
    laptop.locator("#answer").press_sequentially(WRONG)
    expect(laptop.locator("[data-state]")).to_contain_text("Saved 09:")


def away_and_nothing_left(laptop: Page) -> None:
    """6: Exit this page, by the button and by Shift three times."""
    leaves(laptop, lambda: laptop.get_by_role("link", name="Exit this page").click())
    laptop.goto("/me/intake/on/")
    expect(laptop.locator("#answer")).to_have_value(WRONG)
    laptop.locator("#answer").press("Shift+A")
    laptop.locator("#answer").press("Shift+B")
    laptop.locator("#answer").press("Shift+C")
    expect(laptop.locator("#answer")).to_be_visible()
    laptop.locator("#answer").fill(WRONG)
    leaves(laptop, lambda: [laptop.keyboard.press("Shift") for _ in range(3)])


def the_review(laptop: Page, look: Look) -> None:
    """7: back again; every answer listed, Change returns straight to the review."""
    laptop.goto("/me/intake/on/")
    laptop.get_by_role("button", name="Continue").click()
    laptop.get_by_role("button", name="Skip this question").click()
    laptop.get_by_role("button", name="Skip this question").click()
    expect(laptop.get_by_role("heading", name="Look at your answers")).to_be_visible()
    expect(laptop.locator("dl.rows dd", has_text="Not provided")).to_have_count(3)
    for words in (*PRIVATE, "Cleo Marsh"):
        expect(laptop.locator("main")).to_contain_text(words)
    look(laptop, "review")
    laptop.get_by_role("link", name=re.compile("Change What would make")).click()
    answer(laptop, "Start with something easy.")
    expect(laptop.get_by_role("heading", name="Look at your answers")).to_be_visible()
    expect(laptop.locator("main")).to_contain_text("Start with something easy.")


def no_to_research(laptop: Page, tess: Page, look: Look) -> None:
    """8: separate choices, none ticked; no to research. Before it is sent, Tess finds nothing."""
    laptop.get_by_role("link", name="Continue").click()
    assert laptop.locator("input:checked").count() == 0
    expect(laptop.locator("main")).to_contain_text("changes nothing in your care")
    look(laptop, "consent")
    # 10, before it is sent: Tess finds nothing
    tess.goto("/desk/")
    expect(tess.get_by_role("region", name="Before you first meet")).to_have_count(0)
    tess.get_by_role("link", name="Cleo Marsh").click()
    assert "before you met" not in tess.locator("main").inner_text()
    assert not [words for words in PRIVATE if words in tess.content()]
    tess.goto("/desk/")
    laptop.get_by_label("Tess may read what I wrote").check()


def sent_and_read(laptop: Page, tess: Page, server: Server, look: Look) -> None:
    """9: sent, and what happens next."""
    laptop.get_by_role("button", name="Send to Tess").click()
    expect(laptop.get_by_role("heading", level=1)).to_contain_text("Sent 09:")
    expect(laptop.get_by_text("Tess can read it now.")).to_be_visible()
    look(laptop, "sent")
    tess.reload()
    tess.get_by_role("region", name="Before you first meet").get_by_role("link").click()
    for words in (*PRIVATE, "Cleo Marsh", "keep it between you two"):
        expect(tess.locator("main")).to_contain_text(words)
    look(tess, "desk")
    laptop.reload()
    expect(laptop.get_by_text(re.compile(r"Tess read it, 09:\d\d"))).to_be_visible()
    assert rows(server, "select count(*) from accounts_consent c join accounts_user u on u.id = c.user_id "
                "where u.name = 'Cleo Marsh'") == [(0,)]  # fmt: skip


def not_omar(visit: Visit, server: Server, address: str) -> None:
    """10: not Omar, by any address, and the try is kept."""
    omar = visit("omar")
    for path in (address, "/me/intake/review/", "/me/intake/sent/"):
        answered = omar.goto(path)
        assert answered
        assert answered.status == 403
        assert not [words for words in PRIVATE if words in omar.content()]
    tried = "select count(*) from audit_entry e join accounts_user u on u.id = e.actor_id where u.name = 'Omar Benali'"
    assert rows(server, f"{tried} and e.kind = 'denied'") == [(3,)]


@pytest.mark.parametrize(("width", "dark"), LOOKS)
def test_cleo_writes_it_in_three_sittings(
    visit: Visit,
    server: Server,
    look_into: Callable[..., Look],
    width: int,
    dark: bool,
) -> None:
    look = look_into("intake", width, dark)
    phone = visit("cleo", width=width, dark=dark)
    it_says_what_it_is(phone, look)
    one_is_left_blank(phone, look)
    laptop = on_another_device(phone, visit, width, dark)
    back_and_forward(laptop)
    what_was_wrong(laptop, look)
    away_and_nothing_left(laptop)
    the_review(laptop, look)
    tess = visit("tess", width=width, dark=dark)
    no_to_research(laptop, tess, look)
    sent_and_read(laptop, tess, server, look)
    not_omar(visit, server, tess.url)


def leaves(page: Page, do: Callable[[], object]) -> None:
    """Away at once: nothing of it on the page, and Back does not bring it up."""
    do()
    expect(page.get_by_role("heading", name="Boiled eggs: how long")).to_be_visible()
    assert not [words for words in PRIVATE if words in page.content()]
    page.go_back()
    page.wait_for_timeout(300)
    assert not [words for words in PRIVATE if words in page.content()]
    assert "textarea" not in page.content()


@pytest.mark.parametrize(("width", "dark"), [(320, True), (1280, False)])
def test_in_arabic_from_the_right(
    visit: Visit, check_page: Callable[[Page], None], picture: Callable[..., None], width: int, dark: bool
) -> None:
    page = visit("cleo", width=width, dark=dark, reduced_motion="reduce")
    page.locator("button[name=language][value=ar]").click()
    expect(page.locator("html")).to_have_attribute("dir", "rtl")

    def look(step: str) -> None:
        check_page(page)
        picture(page, f"intake/ar-{step}-{width}-{'dark' if dark else 'light'}", full_page=True)
        main = page.locator("main").inner_text().replace("Tess", "").replace("Harbour Practice", "")
        for known in ("Cleo Marsh", "cleo@harbour.example"):
            main = main.replace(known, "")
        assert not re.search(r"[A-Za-z]{4,}", main), main

    page.goto("/me/intake/")
    look("start")
    page.locator("main form button").first.click()
    for place in range(8):
        if page.locator("#answer").evaluate("each => each.tagName") == "FIELDSET":
            page.locator("input[name=answer]").first.check()
        else:
            page.locator("#answer").fill("لا أنام جيدًا." if place % 2 == 0 else "")
        look(f"question-{place}")
        page.locator("form[data-intake] .actions .button").first.click()
    expect(page).to_have_url(re.compile("/review/$"))
    look("review")
    page.goto("/me/intake/consent/")
    page.locator("form .actions .button").last.click()
    expect(page.locator(".error-summary")).to_be_focused()
    look("error")
    page.locator("#read").check()
    page.locator("form .actions .button").last.click()
    expect(page.locator("#read")).to_have_count(0)
    look("sent")


def test_by_the_keyboard_alone(visit: Visit) -> None:
    page = visit("cleo")
    page.goto("/me/intake/")

    def press(name: str) -> None:
        for _ in range(60):
            page.keyboard.press("Tab")
            if page.locator(":focus").inner_text().strip() == name:
                return page.keyboard.press("Enter")
        raise AssertionError(f"{name} cannot be reached")

    press("Start")
    for place in range(8):
        expect(page.get_by_text(f"Question {place + 1} of 8")).to_be_visible()
        while page.evaluate("document.activeElement.name") != "answer":
            page.keyboard.press("Tab")
        page.keyboard.press("Space") if place == 4 else page.keyboard.type("A few words.")
        press("Continue")
    expect(page.get_by_role("heading", name="Look at your answers")).to_be_visible()
    press("Continue")
    expect(page.get_by_role("heading", name="What may be done with it?")).to_be_visible()
    while page.evaluate("document.activeElement.id") != "read":
        page.keyboard.press("Tab")
    page.keyboard.press("Space")
    press("Send to Tess")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Sent 09:")


def test_without_a_script_it_is_as_whole(visit: Visit) -> None:
    page = visit("cleo", width=320, java_script_enabled=False)
    page.goto("/me/intake/")
    page.get_by_role("button", name="Start").click()
    page.locator("#answer").fill(BRINGS)
    page.get_by_role("button", name="Stop here for now").click()
    page.get_by_role("link", name="Go on where you stopped").click()
    expect(page.locator("#answer")).to_have_value(BRINGS)
    page.get_by_role("button", name="Continue").click()
    for _ in range(7):
        page.get_by_role("button", name="Skip this question").click()
    page.get_by_role("link", name="Continue").click()
    page.get_by_label("Tess may read what I wrote").check()
    page.get_by_role("button", name="Send to Tess").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Sent 09:")
    page.get_by_role("button", name="Take it back").click()
    expect(page.get_by_role("heading", name="Look at your answers")).to_be_visible()
