"""S4 in other ways: Arabic from the right and in the dark, Spanish, 400 % zoom, reduced motion; axe on every step."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Server, Visit
from tests.journeys.steps import Thumb, link_from_outbox
from tests.journeys.test_check_in import rows

SEND = {"en": "Send to Tess", "es": "Enviar a Tess", "ar": "إرسال إلى Tess"}
DONE = {"en": "Sent 09:", "es": "Enviado a las 09:", "ar": "أُرسِل الساعة ٠٩:"}
ARABIC_LETTERS = re.compile("[\u0600-\u06ff]")


@pytest.fixture
def link(visit: Visit) -> str:
    return link_from_outbox(visit())


def choose(page: Page, language: str) -> None:
    page.locator(f"button[name=language][value={language}]").click()
    expect(page.locator("html")).to_have_attribute("lang", language)


@pytest.mark.parametrize(
    ("language", "width", "dark"),
    [("es", 320, False), ("es", 1280, True), ("ar", 320, True), ("ar", 1280, False)],
)
def test_the_whole_check_in(
    visit: Visit,
    server: Server,
    link: str,
    check_page: Callable[[Page], None],
    picture: Callable[..., None],
    language: str,
    width: int,
    dark: bool,
) -> None:
    page = visit(width=width, dark=dark, has_touch=True, reduced_motion="reduce")
    page.goto(link)
    choose(page, language)
    expect(page.locator("html")).to_have_attribute("dir", "rtl" if language == "ar" else "ltr")
    thumb = Thumb(page)
    look = f"{language}-{width}-{'dark' if dark else 'light'}"
    for item, number in (("bond", 3), ("goal", 7), ("task", 7)):
        check_page(page)
        picture(page, f"languages/{look}-{item}")
        thumb.choose(item, number)
    check_page(page)
    thumb.choose("tension", "a-bit")
    page.wait_for_timeout(400)
    page.locator("#note-text").fill("أشعر أنني لم أُفهم." if language == "ar" else "Me sentí poco comprendido.")
    check_page(page)
    picture(page, f"languages/{look}-note")
    thumb.choose("travels", "before-next")
    check_page(page)
    picture(page, f"languages/{look}-review")
    thumb.press(SEND[language])
    expect(page.get_by_role("heading", level=1)).to_contain_text(DONE[language])
    check_page(page)
    assert thumb.taps <= 6
    [(answers,)] = rows(server, "select answers from checkins_checkin where travels = 'before-next'")
    assert '"bond": 3' in answers, "what is stored knows no language"


def test_in_arabic_the_agree_end_is_on_the_agree_side_and_values_are_words(visit: Visit, link: str) -> None:
    page = visit(width=390, has_touch=True)
    page.goto(link)
    choose(page, "ar")
    ends = [page.locator("#bond .ends > span").nth(at).bounding_box() for at in (0, 1)]
    assert ends[0] and ends[1]
    assert ends[0]["x"] > ends[1]["x"], "low is on the right where reading begins, high on the left"
    keys = [page.locator(f"#bond .key:has(input[value='{n}'])").bounding_box() for n in (0, 1, 5)]
    assert keys[0] and keys[1] and keys[2]
    assert keys[0]["x"] > keys[1]["x"] > keys[2]["x"]
    assert page.locator("#bond .key__number").all_inner_texts() == [*"٠١٢٣٤٥٦٧٨٩", "١٠"]
    page.locator("#bond summary").tap()
    page.locator("#bond [data-mode=slider]").tap()
    slider = page.locator("#bond").get_by_role("slider")
    expect(slider).to_have_attribute("aria-valuetext", "لم يُختَر بعد")
    slider.focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    expect(slider).to_have_attribute("aria-valuetext", "٦ من ١٠، نصف ونصف")
    thumb_at = page.evaluate("(track) => parseFloat(getComputedStyle(track, '::after').right)", slider.element_handle())
    assert thumb_at > 0
    latin = set(re.findall("[A-Za-z]{3,}", page.locator("main").inner_text()))
    assert latin <= {"Tess"}, "nothing was left in English"


@pytest.mark.parametrize("language", ["en", "es", "ar"])
def test_at_400_percent_nothing_runs_off_the_side(
    visit: Visit, link: str, check_page: Callable[[Page], None], language: str
) -> None:
    """1280 px at 400 % are 320 px; here the letters are twice as large as well."""
    page = visit(width=320, has_touch=True)
    page.goto(link)
    choose(page, language)
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    thumb = Thumb(page)
    for item, number in (("bond", 3), ("goal", 7), ("task", 7)):
        check_page(page)
        thumb.choose(item, number)
    thumb.choose("tension", "a-bit")
    page.wait_for_timeout(400)
    check_page(page)
    thumb.choose("travels", "keep")
    page.wait_for_timeout(400)
    check_page(page)


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("path", ["/", "/help/", "/sign-in/", "/phone/", "/phone/check-in/", "/c/nothing/"])
def test_other_pages_hold_in_every_language(
    visit: Visit, check_page: Callable[[Page], None], path: str, language: str
) -> None:
    for width, dark in ((320, False), (1280, True)):
        page = visit(width=width, dark=dark)
        page.goto("/help/")
        choose(page, language)
        page.goto(path)
        check_page(page)


def test_it_follows_the_person_to_their_page_and_their_mail(visit: Visit, check_page: Callable[[Page], None]) -> None:
    page = visit("amir", width=390, dark=True)
    choose(page, "ar")
    page.goto("/me/")
    check_page(page)
    assert ARABIC_LETTERS.search(page.locator("main h1").inner_text())
    other = visit("amir")
    expect(other.locator("html")).to_have_attribute("dir", "rtl")
