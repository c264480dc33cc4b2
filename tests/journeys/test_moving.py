"""S7, from the fifth step on: Lena moves from Theo to Tess, and never falls between the two; or stops half-way."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import LOOKS, Look, Server, Visit
from tests.journeys.test_check_in import rows

MESSAGE = "Thank you for the lists. I keep some of them."
DROPPED = "Swimming. Talking to my brother."
OLD = "Sundays are the worst."
MOVED = "You moved. Tess has your note and the goals you brought. Your first session: 14 May, 07:30."
NEW = "Sundays are hard."


def begin(lena: Page) -> None:
    lena.goto("/me/fit/doors/")
    lena.locator(".fit-door").nth(2).click()
    lena.get_by_role("button", name="Look who is open").click()


def as_far_as_sent(lena: Page, look: Look) -> None:
    # 4: asked what to keep and avoid, filled in from before; no why
    expect(lena.get_by_role("heading", name="What should be the same, and what not?")).to_be_visible()
    assert lena.locator("input[name=homework]:checked").get_attribute("value") == "right"
    expect(lena.locator("main")).to_contain_text("English")
    assert not re.search(r"\bwhy\?", lena.locator("main").inner_text(), re.IGNORECASE)
    look(lena, "wishes")
    lena.locator("input[name=homework][value=left]").check()
    lena.get_by_label("What would you like to avoid?").fill("Worksheets every week.")
    lena.get_by_role("button", name="See who is open").click()

    # 5: only true openings; reasons; not the therapist before
    names = lena.locator("article h2").all_inner_texts()
    assert "Tess Carvalho" in names
    assert not {"Theo Brandt", "Thandi Nkosi"} & set(names)
    look(lena, "people")
    lena.get_by_role("button", name="Go on with Tess").click()

    # 6: the note, line by line
    line = lena.get_by_role("textbox", name="How does it show in a normal week?")
    assert OLD in line.input_value()
    line.fill(NEW)
    lena.get_by_role("textbox", name="What has helped you before, even a little?").fill("")
    look(lena, "note")
    lena.get_by_role("button", name="Go on", exact=True).click()

    # 7: the goodbye
    lena.locator("input[name=goodbye][value=message]").check()
    lena.get_by_label("Your message, if you chose one").fill(MESSAGE)
    look(lena, "goodbye")
    lena.get_by_role("button", name="Go on", exact=True).click()
    expect(lena.locator("main")).to_contain_text(MESSAGE)
    expect(lena.locator("main")).to_contain_text(NEW)
    assert DROPPED not in lena.locator("main").inner_text()
    expect(lena.locator("main")).to_contain_text("Vera Lund is there for you meanwhile.")
    look(lena, "check")
    lena.get_by_role("button", name="Send to Tess").click()
    expect(lena.get_by_role("heading", name="You asked Tess")).to_be_visible()
    look(lena, "asked")


def yes_from(tess: Page, look: Look) -> None:
    tess.goto("/desk/")
    tess.get_by_role("region", name="Would like to move to you").get_by_role("link").click()
    assert NEW not in tess.content(), "the note comes with the move, not before"
    look(tess, "desk-asked")
    tess.get_by_label("First session").fill("2024-07-30T10:00")
    tess.get_by_role("button", name="Offer this time").click()
    expect(tess.locator(".error-summary")).to_contain_text("That is more than 14 days without a session.")
    tess.get_by_label("First session").fill("2024-05-14T07:30")
    tess.get_by_role("button", name="Offer this time").click()
    expect(tess.get_by_text("The place is held until Lena says yes.")).to_be_visible()


def told_before(server: Server) -> list[object]:
    """What stands between Lena and Theo."""
    pair = "select p.id from pairs_carepair p join accounts_user u on u.id = p.client_id where u.name = 'Lena Vogt'"
    return [
        rows(server, f"select * from pairs_carepair where id in ({pair})"),
        rows(server, f"select * from therapy_sessions_therapysession where pair_id in ({pair}) order by id"),
        rows(server, "select id, held, capacity from profiles_profile order by id"),
        rows(server, f"select * from agreements_item where pair_id in ({pair}) order by id"),
    ]


@pytest.mark.parametrize(("width", "dark", "language"), LOOKS)
def test_lena_moves_and_is_asked_nothing_twice(
    visit: Visit,
    server: Server,
    look_into: Callable[..., Look],
    width: int,
    dark: bool,
) -> None:
    look = look_into("moving", width, dark)

    lena, tess, theo = (visit(slug, width=width, dark=dark) for slug in ("lena", "tess", "theo"))
    before = told_before(server)
    lena.goto("/me/fit/doors/")
    lena.locator(".fit-door").nth(2).click()
    expect(lena.get_by_role("heading", name="Meet someone else")).to_be_visible()
    look(lena, "start")
    lena.get_by_role("button", name="Look who is open").click()
    as_far_as_sent(lena, look)
    theo.goto("/desk/")
    expect(theo.locator("main")).not_to_contain_text("Lena is moving to another therapist")
    yes_from(tess, look)

    # 8: the old slot stands until the new one is confirmed; the days between are told
    lena.reload()
    expect(lena.get_by_role("heading", name="Tess said yes")).to_be_visible()
    expect(lena.locator(".move-days")).to_contain_text("never more than 14")
    look(lena, "offered")
    assert told_before(server)[:2] == before[:2]
    lena.get_by_role("button", name="Yes, move to Tess").click()
    expect(lena.locator("main")).to_contain_text(MOVED)
    look(lena, "moved")
    lena.goto("/me/")
    expect(lena.locator("main")).to_contain_text("You and Tess meet on Tuesday 14 May at 07:30")
    assert "questions" not in lena.locator(".waiting").all_inner_texts().__str__()

    # 9: Tess has the note and the goals, and asks nothing again
    tess.goto("/desk/find/?q=lena")
    tess.get_by_role("link", name=re.compile("Lena")).first.click()
    tess.get_by_role("link", name="What Lena brought along").click()
    expect(tess.locator("main")).to_contain_text(NEW)
    assert DROPPED not in tess.content()
    expect(tess.get_by_role("region", name="Goals on your board").get_by_role("listitem").first).to_be_visible()
    look(tess, "desk-brought")
    lena.goto("/me/intake/")
    assert lena.get_by_role("button", name="Start").count() == 0

    # 10: neutral for Theo, nothing for Omar but that it happened
    theo.reload()
    theo.get_by_role("link", name="Lena is moving to another therapist").click()
    expect(theo.locator("main")).to_contain_text(MESSAGE)
    for word in ("Worksheets", "score", NEW, OLD):
        assert word not in theo.locator("main").inner_text()
    look(theo, "desk-leaving")
    omar = visit("omar")
    for path in (tess.url, theo.url):
        answered = omar.goto(path)
        assert answered
        assert answered.status == 403
    omar.goto("/practice/")
    assert not [name for name in ("Lena", "Theo", "Tess") if name in omar.locator("main").inner_text()]


def test_stopped_half_way_everything_is_as_before(visit: Visit, server: Server) -> None:
    lena, tess, theo = visit("lena"), visit("tess"), visit("theo")
    before = told_before(server)

    def no_look(page: Page, step: str) -> None:
        """The pages were looked at above."""

    begin(lena)
    as_far_as_sent(lena, no_look)
    yes_from(tess, no_look)
    lena.reload()
    lena.get_by_role("button", name="Stop moving").click()
    expect(lena.get_by_role("button", name="Look who is open")).to_be_visible()
    assert told_before(server) == before
    theo.goto("/desk/")
    expect(theo.locator("main")).not_to_contain_text("Lena is moving to another therapist")
    tess.goto("/desk/")
    assert "Lena" not in tess.locator("main").inner_text()


def test_without_a_script_it_is_as_whole(visit: Visit) -> None:
    lena = visit("lena", width=320, java_script_enabled=False)

    def no_look(page: Page, step: str) -> None:
        """The pages were looked at above."""

    begin(lena)
    as_far_as_sent(lena, no_look)
