"""Muting, "already discussed", and what lies aside: by the pair's therapist alone, each with its way back."""

import pytest
from django.urls import reverse

from accord.records.audit.models import Entry
from accord.records.desk.models import Quiet
from accord.records.pairs.actions import begin_pair

TODAY, ASIDE = "/desk/", "/desk/put-aside/"


@pytest.fixture
def path(pair_of):
    return lambda name, slug: reverse(f"workspace:{name}", args=[pair_of(slug).code])


def article(page, code):
    return page.content.decode().split(f'id="card-{code}"')[1].split("</article>")[0]


@pytest.mark.parametrize(
    ("name", "sent"), [("mute", {"kind": "low"}), ("discussed", {"kind": "low", "after_session": 5})]
)
def test_nobody_but_the_therapist_makes_anything_quiet(cast, path, only_tess, name, sent):
    found = cast("post", path(name, "kai"), data=sent)
    assert found == only_tess | {"tess": 302}
    assert Quiet.objects.count() == 1


def test_the_list_is_for_therapists_and_holds_only_their_own(cast, browse, path, text):
    browse("tess").post(path("mute", "lou"), {"kind": "low"})
    found = cast("get", ASIDE)
    assert {slug for slug, status in found.items() if status == 200} == {"tess", "theo", "sam"}
    assert "Lou" not in text(browse("theo").get(ASIDE))


def test_a_muted_hint_leaves_the_card_and_comes_back_by_undo(browse, path, pair_of):
    tess, code = browse("tess"), pair_of("max").code
    assert "Mute “only full marks” for Max" in article(tess.get(TODAY), code)
    tess.post(path("mute", "max"), {"kind": "ceiling", "back": TODAY})
    page = tess.get(TODAY)
    assert "Only full marks" not in article(page, code)
    undo = reverse("workspace:unquiet", args=[Quiet.objects.get().code])
    assert f'action="{undo}?back=%2Fdesk%2F"' in page.content.decode()
    assert tess.post(f"{undo}?back=%2Fdesk%2F")["Location"] == TODAY
    assert "Only full marks" in article(tess.get(TODAY), code)


def test_it_can_be_found_later_in_the_list_and_on_the_pairs_page(browse, path, text):
    tess = browse("tess")
    tess.post(path("mute", "lou"), {"pillar": "bond"})
    tess.post(path("discussed", "max"), {"kind": "ceiling", "after_session": 5})
    read = text(tess.get(ASIDE))
    assert "Lou Ferreira Bond: muted" in read
    assert "Max Adeyemi “only full marks”: discussed, rests until session 9" in read
    assert "Bond: muted" in text(tess.get(path("pair", "lou")))


def test_already_discussed_rests(browse, path, pair_of):
    tess, code = browse("tess"), pair_of("lou").code
    assert "Already discussed" in article(tess.get(TODAY), code)
    tess.post(path("discussed", "lou"), {"kind": "low", "after_session": 5, "back": TODAY})
    assert "Steady but low" not in article(tess.get(TODAY), code)


def test_a_muted_pillar_takes_the_dip_and_leaves_what_kai_said(browse, kais_dip, path, text):
    tess = browse("tess")
    tess.post(path("mute", "kai"), {"pillar": "bond"})
    read = text(tess.get(path("prep", "kai")))
    assert "3, usually 8–9" not in read
    assert "Kai said that something was a bit off between you two last time" in read
    assert "I left feeling a bit missed" in read


def test_the_pairs_page_still_tells_the_whole_story(browse, kais_dip, path, text):
    tess = browse("tess")
    tess.post(path("mute", "kai"), {"pillar": "bond"})
    assert "Kai felt less understood last time: 3, usually 8–9" in text(tess.get(path("pair", "kai")))


@pytest.mark.parametrize(
    "sent", [{}, {"kind": "said"}, {"kind": "dip", "pillar": "bond"}, {"pillar": "luck"}, {"kind": "x" * 50}]
)
def test_what_makes_no_sense_or_was_said_is_refused(browse, path, sent):
    assert browse("tess").post(path("mute", "kai"), sent).status_code == 422
    assert not Quiet.objects.exists()


def test_words_are_never_offered_for_muting(browse, check_in, work, path):
    check_in("kai", bond=8, goal=8, task=8, tension="a-bit")
    work()
    assert "Mute" not in browse("tess").get(path("prep", "kai")).content.decode().split("<dialog")[0]


def test_only_who_muted_unmutes(cast, browse, path, only_tess):
    browse("tess").post(path("mute", "kai"), {"kind": "low"})
    undo = reverse("workspace:unquiet", args=[Quiet.objects.get().code])
    found = cast("post", undo)
    assert found == only_tess | {"tess": 302}
    assert browse("tess").post(undo).status_code == 409


def test_we_talked_about_it_is_undone_from_the_notice_and_from_the_list(browse, kais_dip, episode_of, path, text):
    tess, code = browse("tess"), episode_of("kai").code
    tess.post(reverse("workspace:move_episode", args=[code]), {"state": "talked-about", "back": TODAY})
    back = reverse("workspace:take_back_talk", args=[code])
    assert back in tess.get(TODAY).content.decode()
    assert back in tess.get(ASIDE).content.decode()
    tess.post(back)
    assert "flag--talk" in tess.get(path("prep", "kai")).content.decode()
    read = text(tess.get(path("pair", "kai")))
    assert "Talked about, noted by you" in read
    assert "You took that back" in read
    assert tess.post(back).status_code == 409


def test_a_snooze_is_in_the_list_with_its_end(browse, kais_dip, episode_of, text):
    tess = browse("tess")
    tess.post(reverse("workspace:snooze", args=[episode_of("kai").code]))
    assert "Kai Moreno until Tue 7 May, 05:00" in text(tess.get(ASIDE))


def test_all_of_it_is_written_down(browse, path):
    tess = browse("tess")
    tess.post(path("mute", "kai"), {"kind": "low"})
    tess.post(reverse("workspace:unquiet", args=[Quiet.objects.get().code]))
    verbs = Entry.objects.filter(actor__email="tess@harbour.example", table="desk.quiet").values_list("verb", flat=True)
    assert list(verbs) == ["note muted", "note told again"]


def test_the_list_costs_the_same_with_more_clients(
    browse, path, newcomers, pair_of, now, django_assert_max_num_queries
):
    tess = browse("tess")
    for client in newcomers(4):
        pair = begin_pair(client, pair_of("kai").therapist, by=None, at=now)
        tess.post(reverse("workspace:mute", args=[pair.code]), {"kind": "low"})
    tess.get(ASIDE)
    with django_assert_max_num_queries(8):
        tess.get(ASIDE)
