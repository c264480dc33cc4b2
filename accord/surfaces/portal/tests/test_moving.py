"""Moving on in pages: pre-filled, only true openings, the client's words, nothing sent before it was seen."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from accord.records.matching import moving as actions
from accord.records.matching.models import Move
from accord.records.matching.moving_queries import Line
from accord.records.pairs.actions import begin_pair, end_pair
from accord.records.pairs.models import CarePair
from accord.records.profiles.models import Profile
from accord.surfaces.portal.moving_words import line_title

START, WISHES, PEOPLE, NOTE, GOODBYE, CHECK = (
    reverse(f"portal:{name}")
    for name in ("moving", "moving_wishes", "moving_people", "moving_note", "moving_goodbye", "moving_check")
)
YES, OTHER, STOP = (reverse(f"portal:{name}") for name in ("confirm_move", "other_time", "cancel_move"))
CANARY = "canary-6c1f"


def text(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


@pytest.fixture
def lena(browse, harbour):
    client = browse("lena")
    client.post(START)
    return client


@pytest.fixture
def tess(person):
    return Profile.objects.get(post__user=person("tess"))


def lines_on(page: str) -> dict[str, str]:
    return dict(re.findall(r'name="(about-\d+)" value="([^"]*)"', page))


def sent(lena, tess):
    lena.post(PEOPLE, {"to": tess.code})
    lena.post(GOODBYE, {"goodbye": "message", "words": f"{CANARY} Thank you.", "tell": "moved"})
    assert lena.post(CHECK)["Location"] == START


def test_the_third_door_leads_here_and_a_person_can_still_arrange_it(browse, harbour):
    client = browse("lena")
    assert START in client.get(reverse("portal:fit_doors")).content.decode()
    page = client.get(START).content.decode()
    assert reverse("portal:meet") in page
    assert reverse("portal:concern") in page, "what felt unsafe waits in no line"
    assert not Move.objects.exists(), "a look leaves nothing behind"


def test_it_is_filled_in_and_nobody_asks_why(lena):
    page = lena.get(WISHES)
    assert re.search(r'name="homework" value="right" checked', page.content.decode())
    assert "English" in text(page)
    assert "You need not say why" in text(page)


def test_only_open_people_with_reasons_that_name_the_change(lena):
    lena.post(WISHES, {"homework": "left", "structure": "right", "language": "language:en"})
    page = text(lena.get(PEOPLE))
    assert "Tess Carvalho" in page
    for absent in ("Theo Brandt", "Thandi Nkosi"):
        assert absent not in page
    for shaming in ("fail", "wrong", "bad fit", "score"):
        assert shaming not in page.lower()


def test_what_changed_stands_first_among_the_reasons(lena):
    lena.post(WISHES, {"homework": "right-much", "structure": "right-much", "language": "language:en"})
    page = text(lena.get(PEOPLE))
    assert "What you want to be different Likes structure, like you" in page


def test_somebody_who_is_not_open_cannot_be_chosen(lena, person):
    theo = Profile.objects.get(post__user=person("theo"))
    assert lena.post(PEOPLE, {"to": theo.code}).status_code == 409


def test_the_note_is_edited_line_by_line(lena, tess):
    lena.post(PEOPLE, {"to": tess.code})
    found = lines_on(lena.get(NOTE).content.decode())
    assert len(found) >= 5
    posted = dict(found) | {name.replace("about", "line"): f"{CANARY} {name}" for name in found}
    keeps = [name.replace("about", "keep") for name in list(found)[1:]]
    lena.post(NOTE, posted | dict.fromkeys(keeps, "on") | {"about-own": "own", "line-own": "", "keep-own": "on"})
    lena.post(GOODBYE, {"goodbye": "none", "tell": "moved"})
    page = text(lena.get(CHECK))
    assert f"{CANARY} about-2" in page
    assert f"{CANARY} about-1 " not in page


@pytest.mark.parametrize("goodbye", ["message", "last-talk", "none"])
def test_each_goodbye_is_allowed_and_a_message_is_previewed(goodbye, lena, tess):
    lena.post(PEOPLE, {"to": tess.code})
    words = f"{CANARY} Thank you." if goodbye == "message" else ""
    assert lena.post(GOODBYE, {"goodbye": goodbye, "words": words, "tell": "moved"})["Location"] == CHECK
    page = text(lena.get(CHECK))
    assert "Lena is moving to another therapist." in page
    assert (CANARY in page) == (goodbye == "message")


def test_it_says_who_is_there_meanwhile_and_the_limit(lena, tess):
    lena.post(PEOPLE, {"to": tess.code})
    lena.post(GOODBYE, {"goodbye": "none", "tell": "moved"})
    page = text(lena.get(CHECK))
    assert "Vera Lund is there for you meanwhile" in page
    assert "never more than 14 days" in page


def test_sent_it_says_where_it_stands_and_stops_at_any_time(lena, tess):
    sent(lena, tess)
    assert "You asked Tess" in text(lena.get(START))
    assert "You asked Tess. An answer comes by" in text(lena.get(reverse("portal:home")))
    assert lena.get(WISHES)["Location"] == START
    lena.post(STOP)
    assert "Look who is open" in text(lena.get(START))


def test_yes_moves_once_and_the_second_press_changes_nothing(lena, tess, person, now):
    sent(lena, tess)
    actions.offer_first(Move.objects.get(), now + timedelta(days=8), by=person("tess"), at=now)
    assert "never more than 14" in text(lena.get(START))
    lena.post(YES)
    lena.post(YES)
    assert CarePair.objects.filter(client=person("lena"), ended_on=None).get().therapist == tess.post
    assert "You moved. Tess has your note" in text(lena.get(START))


def test_another_time_can_be_asked_for(lena, tess, person, now):
    sent(lena, tess)
    actions.offer_first(Move.objects.get(), now + timedelta(days=8), by=person("tess"), at=now)
    lena.post(OTHER)
    assert Move.objects.get().state == Move.State.ASKED


def test_nobody_else_gets_a_word_of_it(lena, tess, browse, harbour):
    lena.post(WISHES, {"keep": f"{CANARY} keep", "avoid": f"{CANARY} avoid"})
    sent(lena, tess)
    for slug in ("", "kai", "theo", "tess", "sana", "omar", "rui", "ines", "dora", "vera", "sam"):
        client = browse(slug)
        for url in (START, WISHES, NOTE, CHECK, reverse("workspace:today"), reverse("home")):
            assert CANARY not in client.get(url, follow=True).content.decode(), (slug, url)


def test_without_a_therapist_there_is_nothing_to_move_from(browse, harbour):
    assert browse("cleo").get(START).status_code == 200
    assert browse("cleo").post(STOP)["Location"] == START


@pytest.fixture
def over(lena, tess, person, now):
    """Tess said yes; then the work with Theo ended."""
    sent(lena, tess)
    move = Move.objects.get()
    actions.offer_first(move, now + timedelta(days=8), by=person("tess"), at=now)
    end_pair(move.about, by=None, at=now)
    return move


def test_after_the_end_with_the_old_one_it_is_told_and_the_yes_counts(over, lena, tess, person):
    assert "Tess said yes" in text(lena.get(reverse("portal:home")))
    page = text(lena.get(START))
    assert "You and Theo do not work together any more. Your place with Tess is held." in page
    assert "your sessions with Theo end" not in page
    lena.post(YES)
    assert CarePair.objects.filter(client=person("lena"), ended_on=None).get().therapist == tess.post
    assert "You moved. Tess has your note" in text(lena.get(START))


def test_after_the_end_with_the_old_one_another_time_and_a_stop_go_on_working(over, lena, now):
    lena.post(OTHER)
    over.refresh_from_db()
    assert over.state == Move.State.ASKED
    assert "What you wrote for Tess stands." in text(lena.get(START))
    lena.post(STOP)
    over.refresh_from_db()
    assert over.state == Move.State.CANCELLED
    assert "You do not have a therapist" in text(lena.get(START))


def test_after_the_end_with_the_old_one_every_page_of_the_draft_opens(lena, tess, now):
    end_pair(Move.objects.get().about, by=None, at=now)
    assert "What you wrote here is kept." in text(lena.get(START))
    for url in (WISHES, PEOPLE):
        assert lena.get(url).status_code == 200
    lena.post(PEOPLE, {"to": tess.code})
    assert lena.get(NOTE).status_code == 200
    assert "A last talk" not in text(lena.get(GOODBYE))
    lena.post(GOODBYE, {"goodbye": "none", "tell": "moved"})
    assert "Your place with Theo" not in text(lena.get(CHECK))
    lena.post(CHECK)
    assert "You asked Tess" in text(lena.get(START))


def test_a_yes_to_somebody_they_work_with_already_is_refused_in_plain_words(lena, tess, person, now):
    sent(lena, tess)
    move = Move.objects.get()
    actions.offer_first(move, now + timedelta(days=8), by=person("tess"), at=now)
    begin_pair(move.client, tess.post, by=None, at=now)
    lena.get(reverse("portal:home"), {"with": move.about.code})
    refused = lena.post(YES)
    assert refused.status_code == 409
    assert "You and Tess work together already. You can stop this move." in text(refused)


@pytest.mark.parametrize("about", ["intake:nonsense", "nonsense", ""])
def test_a_line_about_what_there_is_not_is_something_else(about):
    assert line_title(Line(about, "words"), "Theo") == "Something else"
