"""The page of both at the therapist's desk: its own part, a change to offer, "addressed", and never the last word."""

import re

import pytest
from django.urls import reverse

from accord.records.audit.models import Entry
from accord.records.ruptures.models import Change, Episode, Passage
from accord.records.ruptures.openings import CHANGE


@pytest.fixture
def code(kais_dip, episode_of):
    return episode_of("kai").code


@pytest.fixture
def at(code):
    return lambda name: reverse(f"workspace:{name}", args=[code])


@pytest.fixture
def kais(code):
    return reverse("portal:write_repair", args=[code]), reverse("portal:repair", args=[code])


@pytest.mark.parametrize("name", ["repair", "guide"])
def test_only_tess_opens_it(cast, at, only_tess, name):
    assert cast("get", at(name)) == only_tess


@pytest.mark.parametrize("name", ["write_repair", "write_change"])
def test_only_tess_writes(cast, at, only_tess, name):
    sent = {"field": "try", "version": "0", "words": "slower"}
    assert cast("post", at(name), data=sent) == only_tess | {"tess": 302}


def test_the_look_is_written_down(browse, at, pair_of):
    browse("tess").get(at("repair"))
    assert Entry.objects.filter(verb="opened the repair page", pair=pair_of("kai").code).count() == 1


def test_both_see_both_sides_and_each_writes_one(browse, at, kais, text):
    write, page = kais
    browse("kai").post(write, {"field": "client", "version": "0", "words": "I spoke, and we did the diary."})
    browse("tess").post(at("write_repair"), {"field": "therapist", "version": "0", "words": "I moved on too fast."})
    for read in (text(browse("tess").get(at("repair"))), text(browse("kai").get(page))):
        assert "I spoke, and we did the diary." in read
        assert "I moved on too fast." in read
    html = browse("tess").get(at("repair")).content.decode()
    assert sorted(re.findall(r'name="field" value="(\w+)"', html)) == ["again", "therapist", "try"]
    html = browse("kai").get(page).content.decode()
    assert sorted(re.findall(r'name="field" value="(\w+)"', html)) == ["again", "client", "try"]


def test_words_in_the_others_mouth_are_refused(browse, at, kais):
    for slug, address, field in (("tess", at("write_repair"), "client"), ("kai", kais[0], "therapist")):
        answer = browse(slug).post(address, {"field": field, "version": "0", "words": "hm"})
        assert answer.status_code == 403
    assert not Passage.objects.exists()


def test_older_versions_stay_readable_for_both(browse, at, kais, text):
    tess = browse("tess")
    for version, words in enumerate(("Shorter.", "Slower.")):
        tess.post(at("write_repair"), {"field": "try", "version": str(version), "words": words})
    for read in (text(tess.get(at("repair"))), text(browse("kai").get(kais[1]))):
        assert "Slower." in read
        assert "1 version before" in read
        assert "Shorter." in read


def test_who_was_slower_keeps_their_text_and_sees_the_other(browse, at, kais, text):
    browse("kai").post(kais[0], {"field": "try", "version": "0", "words": "Slower."})
    answer = browse("tess").post(at("write_repair"), {"field": "try", "version": "0", "words": "Shorter."})
    assert answer.status_code == 409
    assert "Slower." in text(answer)
    assert "Shorter." in text(answer)
    assert [passage.words for passage in Passage.objects.all()] == ["Slower."]
    html = answer.content.decode()
    version = re.findall(r'value="try"><input type="hidden" name="version" value="(\d)"', html)[0]
    browse("tess").post(at("write_repair"), {"field": "try", "version": version, "words": "Slower and shorter."})
    assert Passage.objects.count() == 2


@pytest.mark.parametrize(
    ("sent", "told"),
    [({"when": "2024-05-13"}, "Monday 13 May"), ({"when": "day", "day": "2024-05-20"}, "Monday 20 May")],
)
def test_when_we_look_again_is_a_day(browse, at, kais, text, sent, told):
    browse("tess").post(at("write_repair"), {"field": "again", "version": "0", "words": "", **sent})
    for read in (text(browse("tess").get(at("repair"))), text(browse("kai").get(kais[1]))):
        assert told in read


@pytest.mark.parametrize(
    "sent",
    [
        {"field": "again", "version": "0", "when": "soon"},
        {"field": "again", "version": "0", "when": "2024-05-01"},
        {"field": "verdict", "version": "0"},
        {"field": "try", "version": "x"},
        {"field": "try", "version": "0", "words": "x" * 2001},
        {},
    ],
)
def test_what_makes_no_sense_is_refused(browse, at, kais, sent):
    assert browse("tess").post(at("write_repair"), sent).status_code == 422
    assert browse("kai").post(kais[0], sent).status_code == 422
    assert not Passage.objects.exists()


def test_what_i_will_change_goes_to_the_client_and_is_answered(browse, at, kais, text):
    tess, kai = browse("tess"), browse("kai")
    tess.post(at("write_change"), {"words": "I will ask before I move on."})
    assert "I will ask before I move on." in text(kai.get(kais[1]))
    assert "Did Tess get it right?" in text(kai.get(kais[1]))
    answer = reverse("portal:answer_change", args=[Change.objects.get().code])
    assert kai.post(answer, {"answer": ""}).status_code == 422
    assert kai.post(answer, {"answer": "yes"}).status_code == 302
    assert kai.post(answer, {"answer": "no"}).status_code == 409
    assert "Kai: Yes, right" in text(tess.get(at("repair")))
    assert Episode.objects.get(pair=Change.objects.get().episode.pair).state == "agreed"


@pytest.mark.parametrize("words", [CHANGE.words, "  ", "x" * 2001])
def test_an_empty_offer_is_not_sent(browse, at, words):
    assert browse("tess").post(at("write_change"), {"words": words}).status_code == 422
    assert not Change.objects.exists()


def test_i_think_we_have_addressed_it_waits_for_kai(browse, at, kais, code, text):
    tess = browse("tess")
    tess.post(reverse("workspace:move_episode", args=[code]), {"state": "addressed"})
    assert "Waiting for Kai." in text(tess.get(at("repair")))
    assert "Tess thinks you two have addressed it. It stays open until you say" in text(browse("kai").get(kais[1]))
    assert Episode.objects.get(code=code).ended_at is None


def test_there_is_no_button_that_ends_it(browse, at):
    html = browse("tess").get(at("repair")).content.decode()
    assert set(re.findall(r'name="state" value="([\w-]+)"', html)) == {"talked-about", "addressed"}


@pytest.mark.parametrize("end", ["closed", "let-go"])
def test_after_the_end_it_can_be_read_and_not_written(browse, at, code, text, end):
    browse("kai").post(reverse("portal:move_repair", args=[code]), {"to": end})
    html = browse("tess").get(at("repair")).content.decode().split("<main")[1].split("</main>")[0]
    assert "<textarea" not in html
    for name, sent in (
        ("write_repair", {"field": "try", "version": "0", "words": "hm"}),
        ("write_change", {"words": "hm"}),
    ):
        assert browse("tess").post(at(name), sent).status_code == 409


def test_let_go_offers_doors_and_presses_none(browse, at, code, kais, text):
    kai = browse("kai")
    kai.post(reverse("portal:move_repair", args=[code]), {"to": "let-go"})
    read = text(kai.get(kais[1]))
    assert "You owe nobody a reason." in read
    assert "Talk to a third person" in read
    assert "Meet someone else" in read
    assert "Vera Lund" in read
    seen = text(browse("tess").get(at("repair")))
    assert "Kai wants to stop talking about it." in seen
    assert "Meet someone else" not in seen


def test_the_guide_differs_by_how_it_shows_and_by_pillar_and_explains_nothing(browse, at, text):
    tess = browse("tess")
    away, against = (text(tess.get(f"{at('guide')}?shows={kind}")) for kind in ("withdrawal", "confrontation"))
    assert "Short answers" in away
    assert "Hear it to the end" in against
    assert "Hear it to the end" not in away
    for read in (away, against, text(tess.get(f"{at('guide')}?shows=nonsense"))):
        assert "Stay with how it was for them with you" in read  # bond
        assert read.index("First") < read.index("Leave for now")
        assert "No explaining where it comes from" in read


def test_the_page_of_both_holds_nothing_of_the_desk(browse, at):
    html = browse("tess").get(at("repair")).content.decode()
    for private in ("Why this?", "flags@", "You could say", "Short answers", "I think I missed something"):
        assert private not in html


@pytest.mark.parametrize(
    "sent",
    [
        {"field": "again", "version": "0", "when": "day", "day": "31.12.2030"},
        {"field": "again", "version": "0", "when": "2024-05-01"},
        {"field": "again", "version": "x"},
    ],
)
def test_what_could_not_be_kept_is_still_in_the_form_on_both_sides(browse, at, kais, sent):
    for slug, address in (("tess", at("write_repair")), ("kai", kais[0])):
        answer = browse(slug).post(address, sent | {"words": "When the tea is ready."})
        assert answer.status_code == 422
        assert ">When the tea is ready.</textarea>" in answer.content.decode()


def test_a_reply_without_an_answer_stays_in_the_form(browse, at, kais):
    browse("tess").post(at("write_change"), {"words": "I will ask before I move on."})
    answer = reverse("portal:answer_change", args=[Change.objects.get().code])
    html = browse("kai").post(answer, {"reply": "Ask, and wait a little."}).content.decode()
    assert ">Ask, and wait a little.</textarea>" in html
    html = browse("kai").post(answer, {"answer": "partly", "reply": "x" * 2001}).content.decode()
    assert "x" * 2001 in html
    assert 'value="partly" checked' in html


def test_words_that_come_too_late_are_shown_whole(browse, at, kais, code, text):
    """Another tab was faster: there is no form any more, and the words are on the page all the same."""
    browse("tess").post(at("write_change"), {"words": "I will ask before I move on."})
    answer, kai = reverse("portal:answer_change", args=[Change.objects.get().code]), browse("kai")
    kai.post(answer, {"answer": "yes"})
    late = kai.post(answer, {"answer": "no", "reply": "Ask, and wait a little."})
    assert late.status_code == 409
    assert "Your words, not sent Ask, and wait a little." in " ".join(text(late).split())
    kai.post(reverse("portal:move_repair", args=[code]), {"to": "closed"})
    for slug, address in (("tess", at("write_repair")), ("kai", kais[0])):
        late = browse(slug).post(address, {"field": "try", "version": "0", "words": "Slower."})
        assert late.status_code == 409
        assert "Slower." in text(late)
