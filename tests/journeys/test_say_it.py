"""S6: Kai says the hard thing; the two repair it; only Kai closes it. Two people, each on their own device."""

import re
import sqlite3
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import LOOKS, Server, Visit
from tests.journeys.steps import Thumb, check_in_as_kai, link_from_outbox

WORDS = "I left last week feeling a bit missed. Can we go back to it?"
PRIVATE = "I am not sure I want to go on with this at all."
CHANGE = "I will ask before I move on, and leave the diary until the end."
Look = Callable[[Page, str], None]


@pytest.fixture
def look(check_page: Callable[[Page], None], picture: Callable[..., None], request: pytest.FixtureRequest) -> Look:
    """Every step is looked at; of the small phone in daylight and the wide screen in the dark pictures are kept."""
    given = getattr(request.node, "callspec", None)
    width, dark = (given.params.get("width", 0), given.params.get("dark", False)) if given else (0, False)

    def at(page: Page, step: str) -> None:
        check_page(page)
        if (width, dark) in ((320, False), (1280, True)):
            picture(page, f"say/{step}-{width}", full_page=True)

    return at


def write(
    page: Page, *, pillar: str = "How it feels between us", words: str = "", travels: str = "Before our next session"
) -> None:
    """As far as the preview. Without words of one's own: the first sentence."""
    page.goto("/me/say/")
    page.get_by_label(pillar).check()
    page.get_by_role("button", name="Go on").click()
    if words:
        page.get_by_label("Your words").fill(words)
    else:
        page.get_by_role("button", name=WORDS).click()
        expect(page.get_by_label("Your words")).to_have_value(WORDS)
    page.get_by_role("button", name="Go on").click()
    page.get_by_label(travels).check()
    page.get_by_role("button", name="Go on").click()


def reload_until(page: Page, text: str | re.Pattern[str]) -> None:
    """The background work takes a second or two."""
    for _ in range(40):
        page.reload()
        if page.get_by_text(text).count():
            return
        page.wait_for_timeout(300)
    expect(page.get_by_text(text).first).to_be_visible()


def hold_session_six(server: Server) -> None:
    """An hour goes by for Kai's sixth session: it was at eight."""
    with sqlite3.connect(server.var / "accord.sqlite3", timeout=20) as db:
        db.execute(
            "update therapy_sessions_therapysession set starts_at = '2024-05-06 07:00:00' where state = 'booked'"
            " and pair_id = (select id from pairs_carepair where client_id ="
            " (select id from accounts_user where email = 'kai@harbour.example'))"
        )


def what_is_off(kai: Page, look: Look) -> None:
    """1: plain words, three sentences, own words, "please ask me"."""
    kai.goto("/me/")
    kai.get_by_role("link", name="Help me say it").click()
    assert kai.locator("input:checked").count() == 0
    expect(kai.get_by_label("I find it hard to say: please ask me about it")).to_be_visible()
    look(kai, "what")
    kai.get_by_label("How it feels between us").check()
    kai.get_by_role("button", name="Go on").click()
    expect(kai.locator(".starter")).to_have_count(3)
    look(kai, "words")
    kai.go_back()
    expect(kai.get_by_label("How it feels between us")).to_be_checked()


def the_very_thing(kai: Page, look: Look) -> str:
    """2: the preview is the very thing; sent for before the session."""
    write(kai)
    expect(kai.get_by_role("heading", level=1)).to_have_text("This is what Tess will see")
    shown = kai.locator(".said-note").inner_html()
    look(kai, "preview")
    kai.get_by_role("button", name="Send to Tess").click()
    expect(kai.get_by_text("Tess has not read it yet")).to_be_visible()
    look(kai, "sent")
    return shown


def reading_is_told(kai: Page, tess: Page, shown: str, look: Look) -> None:
    """3: seeing that it waits is not reading it; opening it is."""
    tess.goto("/desk/")
    card = tess.get_by_role("article", name="Kai")
    expect(card).to_contain_text("Kai has written you a note, and sees when you read it.")
    look(tess, "today")
    kai.reload()
    expect(kai.get_by_text("Tess has not read it yet")).to_be_visible()
    card.get_by_role("link", name="Read it").click()
    assert tess.locator(".said-note").inner_html() == shown
    for step in ("Thank", "Your part", "Ask", "Agree a change"):
        expect(tess.get_by_role("heading", name=step, exact=True)).to_be_visible()
    look(tess, "note")
    kai.reload()
    expect(kai.get_by_text(re.compile(r"^Tess read it, 09:\d\d$"))).to_be_visible()
    expect(kai.get_by_role("button", name="Take it back")).to_have_count(0)


def tess_alone_does_not_end_it(kai: Page, tess: Page, look: Look) -> None:
    """✖ 6: Tess alone does not end it."""
    assert tess.locator("button[value='closed'], button[value='let-go']").count() == 0
    tess.get_by_role("button", name="I think we've addressed it").click()
    expect(tess.get_by_text("Waiting for Kai.")).to_be_visible()
    look(tess, "addressed")
    kai.reload()
    expect(kai.get_by_text("It stays open until you say how it is for you.")).to_be_visible()


def kai_closes(kai: Page, tess: Page, server: Server, look: Look) -> None:
    """7: the next check-in is as usual again; Kai closes; both read the same story."""
    hold_session_six(server)
    check_in_again(kai)
    kai.goto("/me/")
    kai.get_by_role("link", name="See where it stands").click()
    kai.get_by_role("button", name="It feels repaired").click()
    kai.get_by_role("link", name="Look back at it").click()
    told = [
        "Lower than usual after session 5: Bond 3 (usually 8–9)",
        "You wrote to Tess",
        "Talked about, noted by Tess",
        "Tess wrote what will change",
        "As usual again after session 6: Bond 8",
    ]
    expect(kai.locator(".storyline")).to_contain_text(
        re.compile(".*".join(told).replace("(", "\\(").replace(")", "\\)"), re.DOTALL)
    )
    look(kai, "story")
    open_pair_page(tess)
    expect(tess.locator(".storyline")).to_contain_text(
        re.compile("Kai wrote a note.*Kai says it feels repaired", re.DOTALL)
    )
    for event in ("note", "talk", "change"):
        expect(tess.locator(f".chart__event--{event}").first).to_be_attached()
    expect(tess.locator(".chart .stitch").first).to_be_attached()
    for loud in ("Congratulations", "Well done", "Great", "!"):
        assert loud not in kai.locator("main").inner_text()
    look(tess, "pair")


@pytest.mark.parametrize(("width", "dark", "language"), LOOKS)
def test_from_a_note_to_a_repair_that_kai_closes(
    visit: Visit, server: Server, look: Look, width: int, dark: bool
) -> None:
    kai, tess = visit("kai", width=width, dark=dark, has_touch=True), visit("tess", width=width, dark=dark)
    check_in(kai)
    what_is_off(kai, look)
    shown = the_very_thing(kai, look)
    reading_is_told(kai, tess, shown, look)
    repair_together(kai, tess, look)
    tess_alone_does_not_end_it(kai, tess, look)
    kai_closes(kai, tess, server, look)


def check_in(kai: Page) -> None:
    """Session 5: bond 3, a bit off."""
    kai.goto(link_from_outbox(kai))
    check_in_as_kai(kai)


def check_in_again(kai: Page) -> None:
    """Session 6: eights, nothing off."""
    kai.goto("/me/")
    reload_until(kai, "How was session 6 with Tess?")
    kai.locator(".waiting").filter(has_text="session 6").get_by_role("link").click()
    thumb = Thumb(kai)
    for item in ("bond", "goal", "task"):
        thumb.choose(item, 8)
    thumb.choose("tension", "no")
    thumb.press("Send to Tess")
    expect(kai.get_by_text(re.compile(r"^Sent 09:\d\d$"))).to_be_visible()


def open_pair_page(tess: Page) -> None:
    """Tess skips her rating of session 6 where it waits, and opens the two over time."""
    tess.goto("/desk/")
    skip = tess.locator("main").get_by_role("article", name="Kai").get_by_role("button", name="Skip")
    if skip.count():
        skip.first.click()
    tess.get_by_role("link", name=re.compile("^Kai")).first.click()
    if "/prep/" in tess.url:
        tess.get_by_role("link", name="Kai over time").click()
    expect(tess.locator("figure")).to_be_visible()


def repair_together(kai: Page, tess: Page, look: Look) -> None:
    """4 and 5: one page, each their own side; what Tess will change, answered partly, then yes."""
    tess.get_by_role("link", name="Open the page for you two").click()
    kai.get_by_role("link", name="See where it stands between you two").click()
    for page, field, words in (
        (kai, "client", "I spoke about my father, and then we did the diary."),
        (tess, "therapist", "I moved on because I was worried about time."),
        (tess, "try", "Ten quiet minutes at the start."),
    ):
        part = page.locator(f"#part-{field}")
        part.get_by_text("Write it").click()
        part.get_by_role("textbox").fill(words)
        part.get_by_role("button", name="Keep this").click()
    kai.reload()
    expect(kai.locator("#part-therapist")).to_contain_text("I was worried about time")
    expect(kai.locator("#part-therapist form")).to_have_count(0)
    part = kai.locator("#part-again")
    part.get_by_text("Write it").click()
    part.get_by_label("On another day").check()
    part.get_by_label("Which day, if another one").fill("2024-05-13")
    part.get_by_role("button", name="Keep this").click()
    expect(kai.locator("#part-again")).to_contain_text("Monday 13 May")
    tess.get_by_role("button", name="We talked about it").click()

    tess.get_by_label("To Kai").fill("I will ask first.")
    tess.get_by_role("button", name="Send to Kai").click()
    kai.reload()
    expect(kai.get_by_text("Did Tess get it right?")).to_be_visible()
    look(kai, "right")
    kai.get_by_label("Partly").check()
    kai.get_by_label("What would fit better, if you like").fill("And please leave the diary until the end.")
    kai.get_by_role("button", name="Answer Tess").click()
    tess.goto("/desk/")
    card = tess.get_by_role("article", name="Kai")
    expect(card).to_contain_text("Kai says you did not get it quite right yet.")
    card.get_by_role("link", name="The page for you two").click()
    expect(tess.get_by_text("And please leave the diary until the end.").first).to_be_visible()
    tess.get_by_label("To Kai").fill(CHANGE)
    tess.get_by_role("button", name="Send to Kai").click()
    kai.reload()
    kai.get_by_label("Yes").check()
    kai.get_by_role("button", name="Answer Tess").click()
    expect(kai.locator(".promises")).to_contain_text("Yes, right")
    look(kai, "repair")
    tess.reload()
    look(tess, "repair-desk")


@pytest.mark.parametrize(("width", "dark", "language"), LOOKS)
def test_let_go_is_respected_and_safety_goes_to_somebody_else(visit: Visit, look: Look, width: int, dark: bool) -> None:
    kai, tess = visit("kai", width=width, dark=dark), visit("tess", width=width, dark=dark)
    write(kai)
    kai.get_by_role("button", name="Send to Tess").click()
    kai.get_by_role("link", name="See where it stands between you two").click()
    kai.get_by_role("button", name="Not resolved, but I want to stop talking about it").click()
    expect(kai.get_by_role("heading", name="Talk to a third person")).to_be_visible()
    expect(kai.get_by_role("heading", name="Meet someone else")).to_be_visible()
    look(kai, "let-go")

    # 9: leaves this path
    kai.goto("/me/say/")
    kai.get_by_label("Something felt wrong or unsafe, and I want to tell someone else").check()
    kai.get_by_role("button", name="Go on").click()
    expect(kai.locator("main")).to_contain_text("What you write here does not go to Tess.")
    expect(kai.locator("main")).to_contain_text("Dora Pinto")
    expect(kai.get_by_role("heading", name="Outside your practice")).to_be_visible()
    look(kai, "concern")
    kai.get_by_label("What felt wrong or unsafe?").fill("canary-12: something was said that felt wrong.")
    kai.get_by_role("button", name="Send it").click()
    expect(kai.get_by_text("Not seen yet")).to_be_visible()
    dora = visit("dora", width=width, dark=dark)
    dora.get_by_role("button", name="I have seen this").click()
    expect(dora.get_by_role("button", name="I have seen this")).to_have_count(0)
    look(dora, "duty")
    kai.reload()
    expect(kai.get_by_text(re.compile(r"^Dora Pinto has seen it, 09:\d\d"))).to_be_visible()
    for path in ("/desk/", *pages_about_kai(tess)):
        tess.goto(path)
        assert "canary-12" not in tess.content()
        assert "Dora" not in tess.content()
    for slug in ("sana", "omar"):
        other = visit(slug, width=width, dark=dark)
        assert "canary-12" not in other.content()
        assert other.goto("/duty/").status == 403  # type: ignore[union-attr]


def pages_about_kai(tess: Page) -> list[str]:
    tess.goto("/desk/")
    links = [link.get_attribute("href") or "" for link in tess.locator("main a[href^='/desk/']").all()]
    return sorted({link for link in links if link.count("/") > 2})


def test_what_is_kept_never_leaves_and_can_be_sent_later(visit: Visit) -> None:
    kai, tess = visit("kai", width=390), visit("tess")
    write(kai, words=PRIVATE, travels="Keep it to myself")
    expect(kai.get_by_role("heading", level=1)).to_have_text("This stays with you")
    kai.get_by_role("button", name="Keep it here").click()
    address = kai.url
    for path in ("/desk/", *pages_about_kai(tess), "/demo/outbox/"):
        tess.goto(path)
        assert PRIVATE not in tess.content(), path
        assert "written you a note" not in tess.content(), path
    code = address.rstrip("/").split("/")[-1]
    answer: Any = tess.goto(f"/desk/note/{code}/")
    assert answer.status == 404
    kai.get_by_role("button", name="Tell Tess now").click()
    expect(kai.get_by_text("Tess has not read it yet")).to_be_visible()
    tess.goto(f"/desk/note/{code}/")
    expect(tess.get_by_text(PRIVATE)).to_be_visible()


def test_taken_back_while_unread_and_not_after(visit: Visit) -> None:
    kai, tess = visit("kai", width=390), visit("tess")
    write(kai, travels="Tell them now")
    kai.get_by_role("button", name="Send to Tess").click()
    tess.goto("/desk/")
    link = tess.get_by_role("link", name="Read it").get_attribute("href") or ""
    kai.get_by_role("button", name="Take it back").click()
    expect(kai.get_by_role("heading", level=1)).to_have_text(re.compile(r"^Taken back 09:\d\d"))
    answer: Any = tess.goto(link)
    assert answer.status == 404
    kai.get_by_role("button", name="Tell Tess now").click()
    tess.goto(link)
    expect(tess.locator(".said-note")).to_contain_text(WORDS)
    kai.get_by_role("button", name="Take it back").click()  # the page is from before it was read
    expect(kai.get_by_role("alert")).to_contain_text("So it cannot be taken back any more.")
    expect(kai.get_by_text(re.compile(r"^Tess read it, 09:\d\d$"))).to_be_visible()


def test_it_works_without_javascript_and_with_one_way_out(visit: Visit) -> None:
    kai = visit("kai", width=320, java_script_enabled=False)
    write(kai)
    kai.get_by_role("button", name="Send to Tess").click()
    expect(kai.get_by_text("Tess has not read it yet")).to_be_visible()
    kai.goto("/me/say/")
    kai.get_by_role("link", name="Leave this page").click()
    assert "Accord" not in kai.content()


def test_escape_three_times_leaves_with_nothing_behind(visit: Visit) -> None:
    kai = visit("kai", width=390)
    kai.goto("/me/say/")
    kai.get_by_label("How we work").check()
    kai.get_by_role("button", name="Go on").click()
    kai.get_by_label("Your words").fill(PRIVATE)
    for _ in range(3):
        kai.keyboard.press("Escape")
    expect(kai).to_have_title(re.compile("eggs"))
    kai.go_back()
    assert PRIVATE not in kai.content()
