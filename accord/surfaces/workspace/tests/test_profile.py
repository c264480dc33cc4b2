"""A therapist's own page: written, looked at as people see it, published, confirmed in one click. Nobody else's."""

import pytest
from django.urls import reverse

from accord.records.profiles.actions import begin_profile
from accord.records.profiles.places import take_place
from accord.surfaces.workspace.profile_forms import as_it_is

HOME = reverse("workspace:own_profile")
WRITE, PREVIEW = reverse("workspace:write_profile"), reverse("workspace:preview_profile")
DO = {name: reverse(f"workspace:{name}") for name in ("confirm_places", "publish_profile", "unpublish_profile")}
ROOM = reverse("workspace:make_room")


@pytest.fixture
def typed(profile_of):
    """The form as it stands, with something changed."""
    return lambda slug, **changes: {
        name: value for name, value in (as_it_is(profile_of(slug)) | changes).items() if value is not None
    }


def test_it_tells_the_places_and_confirms_them_in_one_click(browse, profile_of) -> None:
    thandi = browse("thandi")
    page = thandi.get(HOME).content.decode()
    for told in ("Not confirmed lately, ask", "You see 15 people, and 18 at most.", "Still right: 3 places"):
        assert told in page
    assert thandi.post(DO["confirm_places"], {"places": "3"}).status_code == 302
    page = thandi.get(HOME).content.decode()
    assert "Open: 3 places" in page
    assert "Confirmed today." in page


def test_a_number_that_changed_meanwhile_is_shown_first(browse, profile_of, now) -> None:
    take_place(profile_of("thandi"), by=None, at=now)
    thandi = browse("thandi")
    for places in ("3", "", "x"):
        thandi.post(DO["confirm_places"], {"places": places})
        assert "The number changed a moment ago" in thandi.get(HOME).content.decode()
    assert profile_of("thandi").confirmed_at < now


def test_what_is_written_stands_on_the_public_page_at_once(browse, typed, profile_of) -> None:
    tess = browse("tess")
    answer = tess.post(WRITE, typed("tess", hello="We have tea first.", need=["grief"], fee=80, style_now=""))
    assert answer["Location"] == PREVIEW
    public = browse("").get(reverse("profile", args=[profile_of("tess").code])).content.decode()
    preview = tess.get(PREVIEW).content.decode()
    for told in ("We have tea first.", "Loss and grief", "€80 a session", "Tagus Health", "in person in Lisbon"):
        assert told in public
        assert told in preview
    assert "Worry, fear or panic" not in public
    assert "now" not in profile_of("tess").style


def test_the_preview_is_what_people_see(browse, profile_of) -> None:
    def body(page):
        html = page.content.decode()
        return html[html.index('<header class="person-head">') : html.index("</h2>", html.index('id="questions"'))]

    public = browse("").get(reverse("profile", args=[profile_of("tess").code]))
    preview = browse("tess").get(PREVIEW)
    assert body(preview) == body(public)
    for one in (preview, public):
        assert "How do I tell you that something is off?" in one.content.decode()


def test_the_form_shows_what_is_so(browse, harbour) -> None:
    page = browse("tess").get(WRITE).content.decode()
    for told in ('value="es" checked', 'value="0.6" checked', 'value="2024-04-24"', "Tagus Health", 'value="Lisbon"'):
        assert told in page


@pytest.mark.parametrize(
    ("changes", "status", "sentence"),
    [
        ({"need": ["everything"]}, 422, "everything"),
        ({"fee": 40, "fee_reduced": 60}, 422, "The reduced fee is higher"),
        ({"checked_0": ""}, 422, "Say when you last checked this"),
        ({"revision": 0}, 409, "another window"),
    ],
)
def test_what_cannot_be_kept_is_told_and_the_typed_words_stay(browse, typed, changes, status, sentence) -> None:
    answer = browse("tess").post(WRITE, typed("tess", works="My own new words", **changes))
    assert answer.status_code == status
    assert sentence in answer.content.decode()
    assert "My own new words" in answer.content.decode()


def test_it_is_published_and_taken_down(browse, profile_of) -> None:
    tess, address = browse("tess"), reverse("profile", args=[profile_of("tess").code])
    tess.post(DO["unpublish_profile"])
    assert browse("").get(address).status_code == 404
    assert "Nobody sees this yet." in tess.get(PREVIEW).content.decode()
    tess.post(DO["publish_profile"])
    assert browse("").get(address).status_code == 200


def test_an_empty_page_is_not_published(browse, person, now) -> None:
    sam = browse("sam")
    assert "Nobody sees your page yet" in sam.get(HOME).content.decode()
    answer = sam.post(DO["publish_profile"])
    assert (answer.status_code, "Say at least" in answer.content.decode()) == (422, True)
    assert begin_profile(person("sam").posts.get(), by=person("sam"), at=now).published_at is None


def test_more_people_than_places_are_not_kept(browse, profile_of) -> None:
    theo = browse("theo")
    answer = theo.post(ROOM, {"hours": 20, "rhythm": 1, "capacity": 21, "elsewhere": 19})
    assert (answer.status_code, "do not hold 21 people" in answer.content.decode()) == (422, True)
    assert theo.post(ROOM, {"hours": 22, "rhythm": 1, "capacity": 21, "elsewhere": 19}).status_code == 302
    assert "Open: 1 place" in theo.get(HOME).content.decode()


@pytest.mark.parametrize("slug", ["kai", "omar", "sana", "rui", "vera", ""])
def test_it_is_for_therapists(browse, harbour, slug) -> None:
    other = browse(slug)
    answers = [other.get(HOME), other.get(WRITE), other.get(PREVIEW), *(other.post(path) for path in DO.values())]
    assert {answer.status_code for answer in answers} == {403 if slug else 302}


def test_each_therapist_has_their_own(browse, harbour) -> None:
    assert "Still right: 2 places" in browse("tess").get(HOME).content.decode()
    assert "Tess" not in browse("theo").get(PREVIEW).content.decode()
