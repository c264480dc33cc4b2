"""S5 by keyboard alone, and the therapist's own things: palette, keys, mute, reflection, guesses, notices."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.journeys.conftest import DATABASE, LOOKS, Server, Visit, copy_database
from tests.journeys.steps import WORDS, check_in_as_kai, link_from_outbox

BETWEEN = "I would like to understand how it felt between us last time. Can we start there?"
PRIVATE = "I hurried when he spoke of his father."


@pytest.fixture(scope="module")
def checked_in(running: Server, browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The practice after Kai has checked in, and the background work has seen it."""
    kai = browser.new_context(base_url=running.url, has_touch=True, locale="en-GB").new_page()
    kai.goto(link_from_outbox(kai))
    check_in_as_kai(kai)
    kai.goto("/demo/as/tess/")
    for _ in range(40):
        if kai.get_by_role("article", name="Kai").get_by_text("usually").count():
            break
        kai.wait_for_timeout(500)
        kai.reload()
    kai.context.close()
    kept = tmp_path_factory.mktemp("desk") / "after.sqlite3"
    copy_database(running.var / DATABASE, kept)
    return kept


Arrive = Callable[..., Page]


@pytest.fixture
def arrive(checked_in: Path, server: Server, visit: Visit) -> Arrive:
    """arrive("tess", width=320): one of the cast, ten minutes before Kai's session."""
    copy_database(checked_in, server.var / DATABASE)

    def page_of(slug: str = "tess", path: str = "/desk/", **options: object) -> Page:
        page = visit(slug, **options)
        page.goto(path)
        return page

    return page_of


@pytest.mark.parametrize("language", ["en", "ar"])
def test_ten_seconds_by_keyboard_alone(arrive: Arrive) -> None:
    """Kai's card, an opening of one's own, not my style, the turned screen, its chart and table: no pointer."""
    desk = arrive()
    card = desk.get_by_role("article", name="Kai")
    desk.keyboard.press("j")
    expect(card).to_be_focused()
    desk.keyboard.press("p")
    expect(desk.get_by_role("heading", level=1)).to_have_text("Kai")
    desk.locator("summary", has_text="Edit").first.focus()
    desk.keyboard.press("Enter")
    desk.keyboard.press("Tab")
    desk.keyboard.press("Control+a")
    desk.keyboard.type("Can we go back to last week? just us")
    desk.keyboard.press("Tab")
    desk.keyboard.press("Enter")
    expect(card).to_contain_text("Can we go back to last week? just us")
    card.get_by_role("button", name="Not my style").last.focus()
    desk.keyboard.press("Enter")
    expect(card).not_to_contain_text(BETWEEN)
    desk.keyboard.press("l")
    expect(desk.get_by_role("heading", level=1)).to_have_text("Kai and Tess")
    assert "just us" not in desk.content()
    desk.locator("svg [tabindex='0']").first.focus()
    told = []
    for _ in range(3):
        desk.keyboard.press("ArrowLeft")
        told.append(desk.evaluate("document.activeElement.getAttribute('aria-label')"))
    assert len(set(told)) == 3
    desk.locator("summary", has_text="The same as a table").focus()
    desk.keyboard.press("Enter")
    expect(desk.locator("figure tr")).to_have_count(1 + 5)


def test_the_palette_finds_by_keyboard_and_acts_on_the_page(arrive: Arrive, check_page: Callable[[Page], None]) -> None:
    desk = arrive()
    desk.keyboard.press("Control+k")
    what = desk.get_by_role("combobox")
    expect(what).to_be_focused()
    expect(desk.get_by_role("option", name="Kai Moreno", exact=True)).to_have_count(1)
    check_page(desk)
    desk.keyboard.type("ros gue")
    expect(desk.get_by_role("option")).to_have_count(1)
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("heading", level=1)).to_contain_text("Your guesses about Rosa")
    desk.goto("/desk/")
    desk.keyboard.press("Control+k")
    desk.keyboard.type("snooze")
    expect(desk.get_by_role("option", name=re.compile("Kai: snooze"))).to_have_attribute("aria-selected", "true")
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("article", name="Kai")).to_contain_text("Put aside until tomorrow.")
    desk.keyboard.press("Control+k")
    desk.keyboard.type("nobody of that name")
    expect(desk.get_by_text("Nothing of that name.")).to_be_visible()
    desk.keyboard.press("Escape")
    expect(desk.locator("dialog[open]")).to_have_count(0)


def test_snooze_and_undo_in_place_by_single_keys_and_a_day_later_it_is_back(arrive: Arrive) -> None:
    desk = arrive()
    desk.evaluate("window.here = true")
    card = desk.get_by_role("article", name="Kai")
    desk.keyboard.press("s")
    expect(card).to_contain_text("Put aside until tomorrow.")
    expect(card).to_be_focused()
    desk.keyboard.press("u")
    expect(card).to_contain_text("usually 8–9")
    assert desk.evaluate("window.here"), "nothing was loaded anew"
    desk.keyboard.press("s")
    expect(card).to_contain_text("Put aside until tomorrow.")
    desk.goto("/desk/put-aside/")
    desk.get_by_role("button", name=re.compile("Bring it back")).press("Enter")
    expect(desk.get_by_text("Nothing lies aside.")).to_be_visible()


def test_we_talked_about_it_can_be_taken_back(arrive: Arrive) -> None:
    desk = arrive()
    card = desk.get_by_role("article", name="Kai")
    desk.keyboard.press("d")
    expect(card).to_contain_text("Only Kai can say that it feels repaired.")
    desk.get_by_role("button", name="Undo").click()
    expect(card).to_contain_text("usually 8–9")


def test_a_mute_and_its_undo_without_a_script(arrive: Arrive) -> None:
    desk = arrive(java_script_enabled=False)
    max_ = desk.get_by_role("article", name="Max")
    max_.locator("summary", has_text="Mute").click()
    max_.get_by_role("button", name=re.compile("only full marks")).click()
    expect(max_).not_to_contain_text("Only full marks")
    desk.get_by_role("button", name="Undo").click()
    expect(max_).to_contain_text("Only full marks")
    desk.get_by_role("link", name="Find").click()
    expect(desk.get_by_role("link", name="Kai Moreno", exact=True)).to_be_visible()


def test_single_keys_can_be_turned_off(arrive: Arrive) -> None:
    desk = arrive()
    desk.keyboard.press("?")
    expect(desk.get_by_role("dialog", name="Keys")).to_be_visible()
    desk.get_by_role("dialog").get_by_role("link", name="Your desk").click()
    desk.get_by_role("checkbox").uncheck()
    desk.get_by_role("button", name="Keep this").click()
    desk.goto("/desk/")
    desk.keyboard.press("s")
    desk.keyboard.press("?")
    expect(desk.locator("dialog[open]")).to_have_count(0)
    expect(desk.get_by_role("article", name="Kai")).to_contain_text("usually 8–9")
    desk.keyboard.press("Control+k")
    expect(desk.get_by_role("combobox")).to_be_focused()


def test_a_reflection_is_kept_while_it_is_written_and_never_said_to_be_before(arrive: Arrive, server: Server) -> None:
    page = arrive()
    page.keyboard.press("j")
    page.keyboard.press("p")
    page.get_by_role("link", name="Reflect, for yourself").click()
    words, state = page.get_by_label("For yourself"), page.locator("[data-state]")
    page.context.set_offline(True)
    words.press_sequentially(PRIVATE)
    expect(state).to_have_text("Not kept yet")
    page.clock.run_for(2000)
    expect(state).to_contain_text("Not kept: no connection.")
    page.context.set_offline(False)
    page.clock.run_for(6000)
    expect(state).to_have_text(re.compile(r"^Kept 09:\d\d$"))
    page.reload()
    expect(words).to_have_value(PRIVATE)
    address = page.url
    for slug in ("sana", "omar", "ines", "theo", "kai", "rui"):
        other = arrive_again(page, server, slug)
        answer = other.goto(address)
        assert answer
        assert answer.status == 403
        assert PRIVATE not in other.content()
        other.context.close()


def arrive_again(page: Page, server: Server, slug: str) -> Page:
    assert page.context.browser
    other = page.context.browser.new_context(base_url=server.url).new_page()
    other.goto(f"/demo/as/{slug}/")
    return other


def test_two_windows_do_not_overwrite_each_other(arrive: Arrive) -> None:
    one = arrive()
    one.keyboard.press("p")
    one.get_by_role("link", name="Reflect, for yourself").click()
    two = one.context.new_page()
    two.goto(one.url)
    one.get_by_label("For yourself").fill("from the first")
    one.get_by_role("button", name="Keep").click()
    expect(one.locator("[data-state]")).to_contain_text("Kept 09")
    two.get_by_label("For yourself").fill("from the second")
    two.get_by_role("button", name="Keep").click()
    expect(two.locator("[data-state]")).to_contain_text("changed in another window")
    expect(two.get_by_label("For yourself")).to_have_value("from the second")
    two.close(run_before_unload=False)


def test_sana_and_omar_find_neither_card_nor_guesses(arrive: Arrive) -> None:
    tess = arrive()
    link = tess.get_by_role("link", name="Look at this together").get_attribute("href") or ""
    for slug in ("sana", "omar"):
        page = arrive(slug)
        for path in (*(link.replace("together", part) for part in ("prep", "guesses", "reflection")), link):
            answer = page.goto(path)
            assert answer
            assert answer.status == 403
            assert WORDS not in page.content()


@pytest.mark.parametrize(("width", "dark", "language"), LOOKS)
def test_the_desks_own_pages_hold(
    arrive: Arrive, check_page: Callable[[Page], None], picture: Callable[..., None], width: int, dark: bool
) -> None:
    page = arrive(width=width, dark=dark)
    look = f"{width}-{'dark' if dark else 'light'}"
    kai = (page.get_by_role("link", name="Look at this together").get_attribute("href") or "").split("/")[2]
    page.locator("summary", has_text="Mute").first.click()
    paths = ["", "find/", "put-aside/", "yours/", "guesses/"]
    for path in [*paths, *(f"{kai}/{part}/" for part in ("", "prep", "together", "guesses", "reflection"))]:
        page.goto(f"/desk/{path}".replace("//", "/"))
        page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
        check_page(page)
        picture(page, f"desk/{look}/{path.strip('/').replace(kai, 'kai').replace('/', '-') or 'today'}", full_page=True)
    page.goto("/desk/")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    check_page(page)


def test_an_answer_that_is_no_page_of_ours_is_shown_and_the_button_sends_all_it_has(arrive: Arrive) -> None:
    desk, sent = arrive(), []

    def answer(route: Route) -> None:
        sent.append(route.request.post_data or "")
        route.fulfill(status=502, content_type="text/html", body="<h1>Bad gateway</h1>")

    desk.route(lambda url: True, lambda route: answer(route) if route.request.method == "POST" else route.continue_())
    desk.keyboard.press("s")
    desk.wait_for_url(lambda url: not url.endswith("/desk/"))
    assert len(sent) == 2, "once in place, once the ordinary way"
