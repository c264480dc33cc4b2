"""The check-in in a real browser: six taps, nothing pre-set, sent once, and never "sent" before it is."""

import gzip
import re
from collections.abc import Callable
from datetime import datetime
from importlib import resources
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from accord.surfaces.portal.tests.stage import WHAT_NEXT, Post

pytestmark = pytest.mark.journey

Visit = Callable[..., Page]
SURFACES = Path(__file__).parents[2]
PAUSE = 420  # ms: a thumb between two questions
WAITING = "Saved on this phone, not sent yet (1 waiting)"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
AXE = resources.files("axe_playwright_python") / "axe.min.js"
FOUR = ("bond", "goal", "task", "tension")
LOADED = (
    "[...document.querySelectorAll('script[src], link[rel=stylesheet]')]"
    ".map((part) => new URL(part.src || part.href).pathname)"
)


def tap(page: Page, words: str) -> None:
    page.wait_for_timeout(PAUSE)
    part = page.locator("[data-current]")
    part.locator("label, button").filter(has_text=re.compile(rf"^\s*{words}\s*$")).first.tap()


def score(page: Page, number: int) -> None:
    page.wait_for_timeout(PAUSE)
    page.locator(f"[data-current] .key:has(input[value='{number}'])").tap()


def title(page: Page) -> str:
    page.wait_for_timeout(PAUSE)
    return page.locator("[data-current] h1").inner_text()


def violations(page: Page) -> list[str]:
    """What axe finds on the page as it stands, by rule."""
    page.evaluate(AXE.read_text())
    found = page.evaluate("(tags) => axe.run(document, { runOnly: tags })", RULES)["violations"]
    return [f"{each['id']}: {each['nodes'][0]['html']}" for each in found]


def answer_all(page: Page, words: str = "") -> None:
    """Three scores, a bit, how it travels: five taps to the review page."""
    for number in (3, 7, 7):
        score(page, number)
    tap(page, "A bit")
    if words:
        page.get_by_label("Would you like to say what it is?").fill(words)
    tap(page, "Before our next session")
    expect(page.get_by_role("heading", level=1)).to_have_text("Have another look before you send it")


def test_it_takes_six_taps_and_sends_what_was_tapped(visit: Visit, post: Post):
    page = visit()
    answer_all(page)
    tap(page, "Send to Tess")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sent 19:04")
    expect(page.get_by_text(WHAT_NEXT)).to_be_visible()
    (sent,) = post.arrived
    assert {name: sent[name] for name in ("bond", "goal", "task", "tension", "note", "travels", "mode")} == {
        "bond": "3",
        "goal": "7",
        "task": "7",
        "tension": "a-bit",
        "note": "",
        "travels": "before-next",
        "mode": "bond:buttons goal:buttons task:buttons",
    }


def test_it_stamps_the_phones_own_clock_and_zone(visit: Visit, post: Post):
    page = visit(timezone_id="Asia/Kolkata")
    answer_all(page)
    tap(page, "Send to Tess")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sent 19:04")
    (sent,) = post.arrived
    assert (sent["zone_offset"], sent["zone"]) == ("330", "Asia/Calcutta") or sent["zone"] == "Asia/Kolkata"
    moment = datetime.fromisoformat(sent["answered_at"])
    assert sent["answered_at"].endswith("+05:30")
    assert abs((datetime.now(tz=moment.tzinfo) - moment).total_seconds()) < 60


def test_nothing_is_chosen_before_the_first_tap(visit: Visit):
    page = visit()
    assert page.locator("input:checked").count() == 0
    page.get_by_role("button", name="Continue").tap()
    summary = page.get_by_role("alert")
    expect(summary).to_be_focused()
    expect(summary.get_by_role("link")).to_contain_text("Please pick one.")
    assert "Question 1 of 4" in page.title()


def test_skip_and_not_sure_are_two_answers(visit: Visit, post: Post):
    page = visit()
    for words in ("Skip", "Not sure", "Skip", "Not sure"):
        tap(page, words)
    tap(page, "Send to Tess")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sent 19:04")
    (sent,) = post.arrived
    assert [sent[name] for name in FOUR] == [
        "skipped",
        "not-sure",
        "skipped",
        "not-sure",
    ]
    assert "note" not in sent and "travels" not in sent


def test_arrow_keys_choose_and_enter_goes_on(visit: Visit):
    page = visit()
    first = title(page)
    page.locator("[data-current] input[value='0']").focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    assert title(page) == first
    expect(page.locator("[data-current] input[value='2']")).to_be_checked()
    page.keyboard.press("Enter")
    assert title(page) != first


def test_a_double_tap_answers_one_question(visit: Visit):
    page = visit()
    page.wait_for_timeout(PAUSE)
    page.locator("[data-current] .key:has(input[value='3'])").dblclick()
    page.wait_for_timeout(PAUSE)
    assert "Question 2 of 4" in page.title()
    assert page.locator("[data-current] input:checked").count() == 0


def test_browser_back_and_forward_keep_the_answers(visit: Visit):
    page = visit()
    score(page, 3)
    score(page, 7)
    page.wait_for_timeout(PAUSE)
    page.go_back()
    page.go_back()
    assert "Question 1 of 4" in page.title()
    expect(page.locator("[data-current] input[value='3']")).to_be_checked()
    page.go_forward()
    expect(page.locator("[data-current] input[value='7']")).to_be_checked()


def test_change_returns_straight_to_the_review(visit: Visit):
    page = visit()
    answer_all(page, "A bit missed.")
    page.get_by_role("button", name=re.compile("^Change Did the way")).tap()
    score(page, 9)
    page.wait_for_timeout(PAUSE)
    expect(page.get_by_role("heading", level=1)).to_have_text("Have another look before you send it")
    assert page.locator(".answers [data-answer]").all_inner_texts() == [
        "3",
        "7",
        "9",
        "A bit",
        "A bit missed.",
        "Before our next session",
    ]


def test_words_that_no_longer_apply_are_not_sent(visit: Visit, post: Post):
    page = visit()
    answer_all(page, "A bit missed.")
    page.get_by_role("button", name=re.compile("^Change Is anything")).tap()
    tap(page, "No")
    tap(page, "Send to Tess")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sent 19:04")
    assert "A bit missed." not in str(post.arrived)


def test_who_sees_this_follows_the_choice(visit: Visit):
    page = visit()
    for number in (3, 7, 7):
        score(page, number)
    tap(page, "Yes")
    expect(page.get_by_label("Would you like to say what it is?")).to_be_focused()
    chip = page.locator("#who-note")
    expect(chip).to_contain_text("only you, until you pick")
    page.locator("input[name=travels][value=now]").focus()
    page.keyboard.press("Space")
    expect(chip).to_contain_text("you and Tess, as soon as you send it")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(chip).to_contain_text("only you see these words")


def test_offline_says_saved_and_sends_once_when_back(visit: Visit, post: Post):
    page = visit()
    page.context.set_offline(True)
    answer_all(page, "I left feeling a bit missed.")
    tap(page, "Send to Tess")
    expect(page.get_by_text(WAITING)).to_be_visible()
    expect(page.get_by_text(re.compile("^Sent"))).to_have_count(0)
    assert post.arrived == []
    page.context.set_offline(False)
    expect(page.get_by_role("heading", level=1)).to_have_text("Sent 19:04")
    assert len({sent["idempotency_key"] for sent in post.arrived}) == 1


def test_what_waits_survives_closing_the_page_and_can_be_changed(visit: Visit, post: Post):
    page = visit()
    post.answer = "broken"
    answer_all(page)
    tap(page, "Send to Tess")
    expect(page.get_by_text(WAITING)).to_be_visible()
    page.close()
    again = visit(page.context)
    expect(again.get_by_text(WAITING)).to_be_visible()
    again.get_by_role("button", name=re.compile("^Change Did you both")).tap()
    score(again, 9)
    expect(again.get_by_text(WAITING)).to_be_visible()
    post.answer = "sent"
    tap(again, "Send to Tess")
    expect(again.get_by_role("heading", level=1)).to_have_text("Sent 19:04")
    keys = [sent["idempotency_key"] for sent in post.arrived]
    assert len(set(keys[:-1])) == 1 and keys[-1] not in keys[:-1], "another answer set is another letter"
    assert post.arrived[-1]["goal"] == "9"


def test_a_retry_carries_the_very_same_letter(visit: Visit, post: Post):
    page = visit()
    post.answer = "broken"
    answer_all(page)
    tap(page, "Send to Tess")
    expect(page.get_by_text(WAITING)).to_be_visible()
    page.wait_for_timeout(1100)
    post.answer = "sent"
    tap(page, "Send to Tess")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sent 19:04")
    first, *rest = post.arrived
    assert rest and all(letter == first for letter in rest)


def test_a_double_press_sends_one_letter(visit: Visit, post: Post):
    page = visit()
    post.answer = "late"
    answer_all(page)
    page.wait_for_timeout(PAUSE)
    button = page.locator("[data-send]")
    button.tap()
    expect(page.get_by_text("Sending …")).to_be_visible()
    button.tap(force=True)
    expect(page.get_by_role("heading", level=1)).to_have_text("Sent 19:04")
    assert len(post.arrived) == 1


def test_two_tabs_send_one_letter_and_both_say_so(visit: Visit, post: Post):
    one = visit()
    answer_all(one)
    other = visit(one.context)
    expect(other.get_by_role("heading", level=1)).to_have_text("Have another look before you send it")
    tap(other, "Send to Tess")
    for page in (one, other):
        expect(page.get_by_role("heading", level=1)).to_have_text("Sent 19:04")
    assert len(post.arrived) == 1


def test_a_refusal_is_said_plainly_and_loses_nothing(visit: Visit, post: Post):
    page = visit()
    post.answer = "gone"
    answer_all(page, "A bit missed.")
    tap(page, "Send to Tess")
    summary = page.get_by_role("alert")
    expect(summary).to_contain_text("You sent this check-in already, at 18:50.")
    expect(summary).to_be_focused()
    expect(page.get_by_text(WAITING)).to_have_count(0)
    assert "A bit missed." in page.locator(".answers").inner_text()


def test_a_refusal_about_one_answer_links_to_it(visit: Visit, post: Post):
    page = visit()
    post.answer = "refused"
    answer_all(page)
    tap(page, "Send to Tess")
    page.get_by_role("alert").get_by_role("link").tap()
    assert "Question 1 of 4" in page.title()


def test_after_sending_nothing_stays_on_the_phone(visit: Visit):
    page = visit()
    answer_all(page, "A bit missed.")
    tap(page, "Send to Tess")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sent 19:04")
    assert page.evaluate("Object.keys(localStorage).filter((k) => k.startsWith('accord.check-in.'))") == []


def test_a_reload_resumes_on_the_same_question(visit: Visit):
    page = visit()
    score(page, 3)
    page.wait_for_timeout(PAUSE)
    page.close()
    again = visit(page.context)
    assert "Question 2 of 4" in again.title()


def test_words_mode_is_stored_in_the_same_range(visit: Visit, post: Post):
    page = visit()
    page.get_by_text("Answer in another way").first.tap()
    page.get_by_role("button", name="Words").tap()
    for words in ("Mostly", "A little", "Half and half"):
        page.wait_for_timeout(PAUSE)
        page.locator("[data-current] [data-word]", has_text=words).tap()
    tap(page, "No")
    tap(page, "Send to Tess")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sent 19:04")
    (sent,) = post.arrived
    assert [sent[name] for name in ("bond", "goal", "task")] == ["8", "2", "5"]
    assert sent["mode"] == "bond:words goal:words task:words"


def test_the_slider_has_no_value_before_it_is_touched_and_speaks_in_words(visit: Visit):
    page = visit()
    page.get_by_text("Answer in another way").first.tap()
    page.get_by_role("button", name="Slider").tap()
    slider = page.locator("[data-current]").get_by_role("slider")
    expect(slider).to_have_attribute("aria-valuetext", "not chosen yet")
    expect(slider).not_to_have_attribute("data-touched", "")
    assert page.locator("input:checked").count() == 0
    slider.focus()
    for key in ("ArrowRight", "ArrowRight", "ArrowRight"):
        page.keyboard.press(key)
    expect(slider).to_have_attribute("aria-valuetext", "7 of 10, mostly")
    page.locator("[data-current] .slide__step").first.tap()
    expect(slider).to_have_attribute("aria-valuetext", "6 of 10, half and half")
    assert "Question 1 of 4" in page.title(), "a slider never goes on by itself"
    for step in page.locator("[data-current] .slide__step").all():
        box = step.bounding_box()
        assert box and min(box["width"], box["height"]) >= 48


@pytest.mark.parametrize("how", ["button", "escape"])
def test_leaving_is_at_once_and_back_does_not_return(visit: Visit, how: str):
    page = visit()
    score(page, 3)
    page.wait_for_timeout(PAUSE)
    if how == "button":
        page.get_by_role("link", name="Leave this page").tap()
    else:
        for _ in range(3):
            page.keyboard.press("Escape")
    expect(page).to_have_title("Boiled eggs: how long")
    page.go_back()
    expect(page).to_have_title("Boiled eggs: how long")


def test_every_target_is_big_enough_for_a_thumb(visit: Visit):
    page = visit()
    for label in page.locator("[data-current] label, [data-current] button:visible").all():
        box = label.bounding_box()
        assert box is None or min(box["width"], box["height"]) >= 47.9, label.inner_text()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_without_scripts_it_is_one_page_that_can_be_sent(visit: Visit, post: Post):
    page = visit(java_script_enabled=False)
    for name in ("bond", "goal", "task"):
        page.locator(f"#{name} input[value='7']").check(force=True)
    page.locator("#tension input[value='no']").check(force=True)
    page.get_by_role("button", name="Send to Tess").tap()
    expect(page.locator("body")).to_contain_text("19:04")
    (sent,) = post.arrived
    assert [sent[name] for name in FOUR] == ["7", "7", "7", "no"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_any_step(visit: Visit, scheme: str):
    page = visit(color_scheme=scheme, bypass_csp=True)
    found = []
    for number in (3, 7, 7):
        found += violations(page)
        score(page, number)
    page.wait_for_timeout(PAUSE)
    found += violations(page)
    tap(page, "Yes")
    page.wait_for_timeout(PAUSE)
    found += violations(page)
    tap(page, "Keep it to myself")
    page.wait_for_timeout(PAUSE)
    found += violations(page)
    assert found == []


def test_scripts_and_styles_of_the_check_in_fit_their_budget(visit: Visit):
    page = visit()
    files = page.evaluate(LOADED)
    found = [next(SURFACES.glob(f"*/static/{file.removeprefix('/static/')}")) for file in files]
    assert len(found) == len(files) >= 8
    assert sum(len(gzip.compress(path.read_bytes())) for path in found) <= 60_000
