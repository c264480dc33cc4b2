"""Signing in: a colleague is invited and makes a passkey, another takes password and codes, Kai takes the link."""

import base64
import hmac
import re
import struct
import subprocess
import time
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.journeys.conftest import ACCORD, Server, Visit, _environment

Check = Callable[[Page], None]
Picture = Callable[..., None]
LOOKS = [(320, False), (320, True), (1280, False), (1280, True)]


def _code_of(secret: str) -> str:
    """RFC 6238 by hand; in the last seconds of a half minute it waits for the next."""
    if time.time() % 30 > 25:
        time.sleep(30.1 - time.time() % 30)
    digest = hmac.digest(base64.b32decode(secret), struct.pack(">Q", int(time.time()) // 30), "sha1")
    start = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[start : start + 4])[0] & 0x7FFFFFFF) % 1_000_000:06d}"


def _invited(server: Server) -> str:
    """What the operator types, and the path of the link that comes out."""
    said = _manage(server, "open_practice", "Pier Practice", "--lead", "ria@pier.example", "--name", "Ria Holt")
    link = re.search(r"http://\S+(/invitation/\S+)", said)
    assert link
    return link[1]


def _manage(server: Server, *words: str) -> str:
    command = [ACCORD, "manage", *words]
    ran = subprocess.run(command, env=_environment(server.var), capture_output=True, text=True, timeout=60)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def _with_a_key(page: Page) -> None:
    """A security key that answers by itself, as a finger would."""
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    key = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": key})


def test_an_invited_colleague_makes_a_passkey_and_it_signs_her_in(
    visit: Visit, server: Server, check_page: Check, picture: Picture
) -> None:
    page = visit()
    _with_a_key(page)
    page.goto(_invited(server))
    check_page(page)
    page.get_by_role("button", name="Begin").click()
    expect(page.get_by_role("heading", name="How you sign in")).to_be_visible()
    check_page(page)
    page.goto("/practice/")  # nothing else is open yet
    expect(page.get_by_role("heading", name="How you sign in")).to_be_visible()

    page.get_by_role("link", name="Add a passkey").click()
    expect(page.get_by_role("button", name="Add the passkey")).to_be_visible()
    check_page(page)
    page.get_by_role("button", name="Add the passkey").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    expect(page.locator(".codes li")).to_have_count(10)
    check_page(page)
    picture(page, "sign-in/recovery-codes")
    page.get_by_role("link", name="I have them. Go to your desk").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()

    page.get_by_role("button", name="Sign out").click()
    page.goto("/staff/sign-in/?next=/staff/ways-in/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_text("Passkey 1")).to_be_visible()
    check_page(page)
    picture(page, "sign-in/ways-in", full_page=True)


def test_a_passkey_that_fails_it_says_so_in_words(visit: Visit, server: Server) -> None:
    page = visit()
    _with_a_key(page)  # an empty one
    page.goto("/staff/sign-in/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_text("The passkey did not work. Please try again.")).to_be_visible()


def test_before_something_delicate_the_passkey_it_asks_for_again(visit: Visit, server: Server) -> None:
    page = visit("tess")
    _with_a_key(page)
    page.goto("/staff/ways-in/passkey/")
    page.get_by_role("button", name="Add the passkey").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    page.goto("/staff/sign-in/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()

    page.goto("/staff/ways-in/passkey/")
    expect(page.get_by_role("heading", name="Is it you?")).to_be_visible()
    page.get_by_role("button", name="Use your passkey").click()
    expect(page.get_by_role("heading", name="Add a passkey")).to_be_visible()


def test_password_and_code_it_takes_together(visit: Visit, server: Server, check_page: Check, picture: Picture) -> None:
    page = visit("theo", width=320)
    page.goto("/staff/ways-in/password/")
    page.get_by_label("New password").fill("four random words indeed")
    check_page(page)
    page.get_by_role("button", name="Keep this password").click()
    secret = _secret_on(page)
    check_page(page)
    picture(page, "sign-in/app", full_page=True)
    page.get_by_label("Code").fill(_code_of(secret))
    page.get_by_role("button", name="Finish").click()
    expect(page.locator(".codes li")).to_have_count(10)
    recovery = page.locator(".codes code").first.inner_text()
    page.get_by_role("button", name="Sign out").click()

    _type_password(page)
    check_page(page)
    page.get_by_label("Code").fill("000000")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("Please try again with a new code")
    check_page(page)
    page.get_by_label("Code").fill(recovery)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()


def _type_password(page: Page) -> None:
    page.goto("/staff/sign-in/")
    page.get_by_label("Email address").fill("theo@harbour.example")
    page.get_by_label("Password").fill("four random words indeed")
    page.get_by_role("button", name="Go on to the code").click()
    expect(page.get_by_role("heading", name="Second step")).to_be_visible()


def _secret_on(page: Page) -> str:
    expect(page.get_by_role("heading", name="Set up the app")).to_be_visible()
    page.get_by_text("I cannot scan it").click()
    return page.locator(".secret code").inner_text()


@pytest.mark.parametrize(("width", "dark"), LOOKS)
def test_each_page_for_signing_in_it_shows_to_everybody(
    visit: Visit, server: Server, check_page: Check, picture: Picture, width: int, dark: bool
) -> None:
    look = f"{width}-{'dark' if dark else 'light'}"
    page = visit(width=width, dark=dark)
    for name, path in (
        ("ask", "/sign-in/"),
        ("staff", "/staff/sign-in/"),
        ("over", "/sign-in/no-such-link/"),
        ("invitation-over", "/invitation/no-such-link/"),
        ("cast", "/demo/"),
        ("outbox", "/demo/outbox/"),
    ):
        page.goto(path)
        check_page(page)
        picture(page, f"sign-in/{name}-{look}", full_page=True)
    page.goto("/demo/as/tess/")
    for name in ("", "password/", "passkey/"):
        page.goto(f"/staff/ways-in/{name}")
        check_page(page)
        picture(page, f"sign-in/ways-{name.strip('/') or 'index'}-{look}", full_page=True)


def test_kai_it_lets_in_by_the_link_in_his_mail(
    visit: Visit, server: Server, check_page: Check, picture: Picture
) -> None:
    page = visit(width=320)
    page.goto("/sign-in/")
    page.get_by_role("textbox").fill("kai@")
    page.get_by_role("button", name="Send me a link").click()
    expect(page.get_by_role("alert")).to_be_visible()
    check_page(page)
    page.get_by_role("textbox").fill("kai@harbour.example")
    page.get_by_role("button", name="Send me a link").click()
    expect(page.get_by_role("heading", name="Look in your mail")).to_be_visible()
    check_page(page)
    page.get_by_role("link", name="Look into the outbox").click()
    expect(page.get_by_role("heading", name="Outbox")).to_be_visible()
    check_page(page)
    link = page.locator("a[href*='/sign-in/']").first.get_attribute("href") or ""
    page.goto(urlsplit(link).path)
    check_page(page)
    picture(page, "sign-in/open-320")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    page.goto(urlsplit(link).path)
    expect(page.get_by_text("This link was used before.")).to_be_visible()


@pytest.fixture
def tess_writes(visit: Visit) -> Iterator[Page]:
    """Tess has a page with a form open; the clock of her browser is ours."""
    page = visit("tess")
    page.clock.install()
    page.goto("/staff/ways-in/passkey/")
    page.get_by_label("A name for it").fill("half a sentence")
    yield page


def test_two_minutes_before_the_end_it_warns_and_one_tap_keeps_it(tess_writes: Page, check_page: Check) -> None:
    page = tess_writes
    page.clock.fast_forward("12:30")
    expect(page.get_by_text("You will be signed out")).to_be_hidden()
    page.clock.fast_forward("00:45")
    expect(page.get_by_text("You will be signed out in two minutes.")).to_be_visible()
    check_page(page)
    page.get_by_role("button", name="Stay signed in").click()
    page.clock.run_for(1500)
    expect(page.get_by_text("You will be signed out")).to_be_hidden()
    page.clock.fast_forward("12:30")
    expect(page.get_by_text("You will be signed out")).to_be_hidden()


def test_at_the_end_it_covers_the_page_and_gives_it_back_to_the_same_person(
    tess_writes: Page, check_page: Check, picture: Picture
) -> None:
    page = tess_writes
    page.clock.fast_forward("15:30")
    expect(page.get_by_role("heading", name="You were signed out, to keep this page private")).to_be_visible()
    expect(page.get_by_label("A name for it")).to_be_hidden()
    check_page(page)
    picture(page, "sign-in/covered")
    old = page.locator("input[name=csrfmiddlewaretoken]").first.input_value()
    _again(page.context, "kai")
    page.get_by_role("button", name="I have signed in").click()
    expect(page.get_by_label("A name for it")).to_be_hidden()  # somebody else
    _again(page.context, "tess")
    page.get_by_role("button", name="I have signed in").click()
    expect(page.get_by_label("A name for it")).to_be_visible()
    expect(page.get_by_label("A name for it")).to_have_value("half a sentence")
    assert page.locator("input[name=csrfmiddlewaretoken]").first.input_value() != old


def test_a_form_that_was_left_open_it_renews_when_somebody_comes_back(visit: Visit) -> None:
    page = visit("kai")
    page.goto("/me/say/")
    page.locator("input[name=about]").first.check(force=True)
    old = page.locator("form:has([name=about]) input[name=csrfmiddlewaretoken]").input_value()
    _again(page.context, "kai")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    field = page.locator("form:has([name=about]) input[name=csrfmiddlewaretoken]")
    expect(field).not_to_have_value(old)
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("How would you say it?")


def _again(context: BrowserContext, slug: str) -> None:
    tab = context.new_page()
    tab.goto(f"/demo/as/{slug}/")
    tab.close()
