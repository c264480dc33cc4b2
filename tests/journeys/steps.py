"""Steps that several journeys share."""

import re
from urllib.parse import urlsplit

from playwright.sync_api import Page, expect

WORDS = (
    "I left last week feeling a bit missed. When I spoke about my father you moved on to the diary. "
    "I would like to go back to it, if that is all right."
)
SENT = re.compile(r"^Sent 09:\d\d$")
WAITING = "Saved on this phone, not sent yet (1 waiting)"


def link_from_outbox(page: Page) -> str:
    """The newest check-in link, as Kai finds it in his mail."""
    page.goto("/demo/outbox/")
    link = page.locator("a[href*='/c/']").first.get_attribute("href")
    assert link
    return urlsplit(link).path  # the mail names the port of another start


class Thumb:
    """A thumb that counts its taps."""

    def __init__(self, page: Page) -> None:
        self.page, self.taps = page, 0
        self.pause = 450  # ms: a thumb is not faster, and a double tap must not answer twice

    def choose(self, item: str, value: int | str) -> None:
        self.page.wait_for_timeout(self.pause)
        self.page.locator(f"label:has(input[name='{item}'][value='{value}'])").tap()
        self.taps += 1

    def press(self, name: str) -> None:
        self.page.wait_for_timeout(self.pause)
        self.page.get_by_role("button", name=name).tap()
        self.taps += 1


def check_in_as_kai(page: Page, *, send: bool = True) -> Thumb:
    """Bond 3, goals 7, tasks 7, a bit off, his words, before the next session."""
    thumb = Thumb(page)
    for item, number in (("bond", 3), ("goal", 7), ("task", 7)):
        thumb.choose(item, number)
    thumb.choose("tension", "a-bit")
    expect(page.locator("#note-text")).to_be_focused()
    page.keyboard.type(WORDS)
    expect(page.locator("#who-note")).to_contain_text("only you, until you pick how it travels.")
    thumb.choose("travels", "before-next")
    if send:
        thumb.press("Send to Tess")
        expect(page.get_by_text(SENT)).to_be_visible()
    return thumb
