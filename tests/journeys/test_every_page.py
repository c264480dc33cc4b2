"""Every page at 320 and 1280 px, light and dark: axe finds nothing, nothing is cut off, all comes from here."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.journeys.conftest import Visit
from tests.journeys.steps import check_in_as_kai, link_from_outbox

LOOKS = [(width, dark) for width in (320, 1280) for dark in (False, True)]
PAGES = {
    "": [
        "/",
        "/help/",
        "/leave/",
        "/sign-in/",
        "/staff/sign-in/",
        "/demo/",
        "/demo/outbox/",
        "/design/",
        "/nowhere/",
        "/find/",
    ],
    "kai": ["/me/", "/me/sessions/", "/me/say/", "/me/concern/"],
    "rosa": ["/me/"],
    "cleo": ["/me/"],
    "petra": ["/me/", "/me/wait/"],
    "tess": [
        *("/desk/", "/desk/openings/", "/desk/find/", "/desk/put-aside/", "/desk/yours/", "/desk/guesses/"),
        "/desk/record/",
        *("/desk/profile/", "/desk/profile/write/", "/desk/profile/preview/"),
        *("/desk/week/", "/desk/week/book/", "/desk/calendar/"),
    ],
    "sana": ["/desk/"],
    "omar": ["/practice/", "/practice/places/", "/practice/waiting/", "/practice/waiting/add/"],
    "rui": ["/research/"],
    "ines": ["/operation/"],
    "dora": ["/duty/"],
    "vera": ["/contact/"],
}


@pytest.mark.parametrize(("width", "dark"), LOOKS)
def test_every_page_holds(
    visit: Visit, check_page: Callable[[Page], None], picture: Callable[..., None], width: int, dark: bool
) -> None:
    look = f"{width}-{'dark' if dark else 'light'}"
    kai = visit(width=390, has_touch=True)
    link = link_from_outbox(kai)
    kai.goto(link)
    check_in_as_kai(kai)
    for slug, paths in PAGES.items():
        page = visit(slug, width=width, dark=dark)
        found = paths + (_things(page) if slug in {"kai", "tess"} else []) + ([link, "/c/nothing/"] if not slug else [])
        for path in found:
            page.goto(path)
            page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
            check_page(page)
            name = path.strip("/").replace("/", "-") or "front"
            picture(page, f"pages/{look}/{slug or 'anyone'}-{name[:24]}", full_page=True)


def _things(page: Page) -> list[str]:
    """The pages behind the first page's links that are about one person, pair or episode."""
    found: list[str] = []
    for _ in range(20):  # the background work takes the check-in within a second or two
        page.reload()
        links = [link.get_attribute("href") or "" for link in page.locator("main a[href^='/']").all()]
        found = [link for link in links if link.count("/") > 2]
        if any("repair" in link or "together" in link for link in found):
            break
        page.wait_for_timeout(500)
    kinds = {link.split("/")[-2] if link.count("/") > 3 else "pair": link for link in reversed(found)}
    return [*kinds.values(), *(link.replace("together", "prep") for link in kinds.values() if "together" in link)]
