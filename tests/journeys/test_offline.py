"""S4, steps 2 to 7: no connection, the app closed, the phone restarted; it goes out once and can be taken back."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, Playwright, expect

from tests.journeys.air import Air, air_to
from tests.journeys.conftest import CHROMIUM, LOCALES, NINE, Server, Visit
from tests.journeys.steps import SENT, WAITING, Thumb, check_in_as_kai, link_from_outbox
from tests.journeys.test_check_in import rows

ANSWERED = "select count(*) from audit_entry where verb = 'check-in answered' and at > '2024-05-06'"
Phone = Callable[[], BrowserContext]


@pytest.fixture
def air(server: Server) -> Iterator[Air]:
    with air_to(int(server.url.rpartition(":")[2])) as between:
        yield between


def airplane_mode(context: BrowserContext, air: Air, *, on: bool) -> None:
    air.take_away() if on else air.give_back()
    context.set_offline(on)


@pytest.fixture
def phone(playwright: Playwright, air: Air, tmp_path: Path, language: str) -> Iterator[Phone]:
    """phone() switches Kai's phone on; what it kept is still there after it was off."""
    on: list[BrowserContext] = []
    arguments = ["--no-sandbox", "--disable-background-networking", "--disable-sync", "--no-first-run"]

    def switch_on() -> BrowserContext:
        for context in on:
            context.close()
        context = playwright.chromium.launch_persistent_context(
            tmp_path / "phone",
            executable_path=CHROMIUM,
            args=arguments,
            viewport={"width": 390, "height": 700},
            has_touch=True,
            locale=LOCALES[language],
            timezone_id="Europe/Lisbon",
            base_url=f"http://localhost:{air.port}",
        )
        on[:] = [context]
        context.clock.install(time=NINE)
        return context

    yield switch_on
    air.rest()
    for context in on:
        context.close()


@pytest.fixture
def link(visit: Visit) -> str:
    return link_from_outbox(visit())


def installed(page: Page) -> None:
    """The service worker is there, and has kept both pages that it keeps; help is the second."""
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    for _ in range(50):
        if page.evaluate("Boolean(navigator.serviceWorker.controller)") and page.evaluate(
            "caches.match('/help/').then(Boolean)"
        ):
            return
        page.wait_for_timeout(100)
    raise AssertionError("the service worker did not come up")


@pytest.mark.parametrize("language", ["en", "ar"])
def test_it_waits_through_a_restart_can_be_changed_and_is_sent_once(
    phone: Phone,
    air: Air,
    server: Server,
    link: str,
    check_page: Callable[[Page], None],
    picture: Callable[..., None],
) -> None:
    first = phone()
    page = first.new_page()
    page.goto(link)
    installed(page)
    airplane_mode(first, air, on=True)
    thumb = check_in_as_kai(page, send=False)
    thumb.press("Send to Tess")
    expect(page.get_by_text(WAITING)).to_be_visible()
    assert thumb.taps <= 6

    again = phone()
    airplane_mode(again, air, on=True)
    page = again.new_page()
    page.goto(link)
    expect(page.get_by_text(WAITING)).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text("Have another look before you send it")
    assert "Tess" not in page.content(), "the page that opens without a connection names nobody"
    check_page(page)
    picture(page, "check-in-waiting", full_page=True)
    page.get_by_role("button", name=re.compile(r"^Change.*Did you both work toward what matters to you\?")).tap()
    Thumb(page).choose("goal", 6)
    expect(page.get_by_text(WAITING)).to_be_visible()
    page.goto("/me/")
    expect(page.get_by_text("saved on this phone, not sent yet")).to_be_visible()
    check_page(page)
    page.evaluate("location.assign('/help/'); dispatchEvent(new Event('online'))")  # on the way, and the phone flickers
    expect(page.get_by_role("heading", level=1)).to_have_text("Help now")
    page.goto(link)
    expect(page.get_by_text(WAITING)).to_be_visible()
    assert rows(server, ANSWERED) == [(0,)]

    airplane_mode(again, air, on=False)
    expect(page.get_by_text(SENT)).to_be_visible()
    assert rows(server, ANSWERED) == [(1,)]
    [(answers,)] = rows(server, "select answers from checkins_checkin where travels = 'before-next'")
    assert '"goal": 6' in answers
    assert page.evaluate("Object.keys(localStorage).filter((k) => k.startsWith('accord.check-in.'))") == []


def test_it_goes_out_from_any_page_and_two_tabs_do_not_double_it(
    phone: Phone, air: Air, server: Server, link: str
) -> None:
    context = phone()
    page = context.new_page()
    page.goto(link)
    installed(page)
    airplane_mode(context, air, on=True)
    check_in_as_kai(page, send=False)
    Thumb(page).press("Send to Tess")
    expect(page.get_by_text(WAITING)).to_be_visible()
    twin, third = context.new_page(), context.new_page()
    twin.goto(link)
    expect(twin.get_by_text(WAITING)).to_be_visible()
    third.goto("/help/")
    airplane_mode(context, air, on=False)
    for tab in (page, twin):
        expect(tab.get_by_text(SENT)).to_be_visible()
    assert rows(server, ANSWERED) == [(1,)]


def test_it_goes_out_when_another_page_is_opened(phone: Phone, air: Air, server: Server, link: str) -> None:
    context = phone()
    page = context.new_page()
    page.goto(link)
    installed(page)
    airplane_mode(context, air, on=True)
    check_in_as_kai(page, send=False)
    Thumb(page).press("Send to Tess")
    expect(page.get_by_text(WAITING)).to_be_visible()
    air.give_back()
    page = phone().new_page()
    page.goto("/sign-in/")
    for _ in range(50):
        if rows(server, ANSWERED) == [(1,)]:
            break
        page.wait_for_timeout(100)
    assert rows(server, ANSWERED) == [(1,)]
    page.goto(link)
    expect(page.get_by_text(SENT)).to_be_visible()
    assert page.evaluate("Object.keys(localStorage).filter((k) => k.startsWith('accord.check-in.'))") == []


def test_nothing_about_a_person_is_in_what_the_worker_keeps(phone: Phone, link: str) -> None:
    page = phone().new_page()
    page.goto("/demo/as/kai/")
    installed(page)
    page.goto(link)
    check_in_as_kai(page)
    page.goto("/me/")
    kept = page.evaluate(
        """async () => {
        const texts = [];
        for (const name of await caches.keys()) {
            const cache = await caches.open(name);
            for (const each of await cache.keys()) texts.push(each.url, await (await cache.match(each)).text());
        }
        return texts.join("\\n");
    }"""
    )
    assert "Help now" in kept
    for word in ("Kai", "Tess", "Harbour", "father", link.split("/")[2], 'name="csrfmiddlewaretoken" value'):
        assert word not in kept


def test_taking_it_back_says_what_it_did(visit: Visit, link: str, check_page: Callable[[Page], None]) -> None:
    page = visit(width=320, has_touch=True)
    page.goto(link)
    check_in_as_kai(page)
    page.get_by_role("button", name="Take it back").tap()
    expect(page.get_by_role("status").first).to_contain_text("Tess had not read it, and will not see it.")
    expect(page.get_by_role("heading", level=1)).to_have_text("Have another look before you send it")
    expect(page.locator("[data-answers]")).to_contain_text("missed")
    check_page(page)
    Thumb(page).press("Send to Tess")
    expect(page.get_by_text(SENT)).to_be_visible()


def test_what_tess_has_read_cannot_be_unread(visit: Visit, link: str) -> None:
    page = visit(width=390, has_touch=True)
    page.goto(link)
    check_in_as_kai(page)
    tess = visit("tess")
    tess.goto("/desk/")
    expect(tess.get_by_text("missed").first).to_be_visible()
    page.get_by_role("button", name="Take it back").tap()
    expect(page.get_by_role("status").first).to_contain_text(re.compile(r"Tess had read it at 09:\d\d, so it cannot"))


def test_leaving_clears_what_was_begun(visit: Visit, link: str) -> None:
    page = visit(width=390, has_touch=True)
    page.goto(link)
    Thumb(page).choose("bond", 3)
    page.wait_for_timeout(400)
    page.get_by_role("link", name="Leave this page").tap()
    expect(page).to_have_url(re.compile("/leave/$"))
    assert page.evaluate("Object.keys(localStorage).filter((k) => k.startsWith('accord.check-in.'))") == []
