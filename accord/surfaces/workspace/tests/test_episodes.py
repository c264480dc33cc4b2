"""Moving an episode, putting it aside, taking that back: by its therapist, never past the client's last word."""

import pytest
from django.urls import reverse

from accord.records.audit.models import Entry
from accord.records.ruptures.models import Episode, Step


@pytest.fixture
def code(kais_dip, episode_of):
    return episode_of("kai").code


@pytest.fixture
def move(code):
    return reverse("workspace:move_episode", args=[code])


@pytest.mark.parametrize("name", ["move_episode", "snooze", "undo_snooze"])
def test_nobody_but_the_therapist_moves_anything(cast, code, only_tess, name, browse):
    path = reverse(f"workspace:{name}", args=[code])
    found = cast("post", path, data={"state": "looked-at"})
    tess = found.pop("tess")
    assert found == {slug: status for slug, status in only_tess.items() if slug != "tess"}
    assert tess == (409 if name == "undo_snooze" else 302)


def test_nothing_moves_by_looking(browse, move):
    assert browse("tess").get(move).status_code == 405


def test_steps_go_forward_with_words_and_are_written_down(browse, move, code):
    tess = browse("tess")
    for state, words in (("looked-at", ""), ("talked-about", ""), ("agreed", "Slower at the start.")):
        assert tess.post(move, {"state": state, "words": words}).status_code == 302
    steps = Step.objects.filter(episode__code=code).order_by("pk")
    assert [(step.state, step.words) for step in steps][1:] == [
        ("looked-at", None),
        ("talked-about", None),
        ("agreed", "Slower at the start."),
    ]
    assert Entry.objects.filter(row=code, kind="write", actor__email="tess@harbour.example").count() == 3


@pytest.mark.parametrize("state", ["closed", "let-go"])
def test_the_therapist_cannot_end_it(browse, move, code, state):
    assert browse("tess").post(move, {"state": state}).status_code == 403
    assert Episode.objects.get(code=code).ended_at is None


@pytest.mark.parametrize(
    ("sent", "status"), [({}, 422), ({"state": "happy"}, 422), ({"state": "agreed", "words": "x" * 2001}, 422)]
)
def test_what_makes_no_sense_is_refused(browse, move, code, sent, status):
    assert browse("tess").post(move, sent).status_code == status
    assert Episode.objects.get(code=code).state == "noticed"


def test_the_second_of_two_tabs_is_told(browse, move):
    tess = browse("tess")
    assert [tess.post(move, {"state": "talked-about"}).status_code for _ in range(2)] == [302, 409]


def test_it_goes_back_to_the_page_it_came_from_and_nowhere_else(browse, move, pair_of):
    tess, pair = browse("tess"), reverse("workspace:pair", args=[pair_of("kai").code])
    assert tess.post(move, {"state": "looked-at", "back": "/desk/"})["Location"] == "/desk/"
    for foreign in ("https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)"):
        step = {"https": "talked-about"}.get(foreign.split(":")[0], "agreed")
        answer = tess.post(move, {"state": step, "back": foreign})
        assert answer.status_code == 409 or answer["Location"] == pair


def test_a_snooze_can_be_undone_and_both_are_written_down(browse, code):
    tess = browse("tess")
    tess.post(reverse("workspace:snooze", args=[code]))
    assert tess.post(reverse("workspace:undo_snooze", args=[code])).status_code == 302
    verbs = set(Entry.objects.filter(row=code, actor__email="tess@harbour.example").values_list("verb", flat=True))
    assert verbs == {"episode snoozed", "snooze undone"}


def test_it_comes_back_by_itself_the_next_day(browse, code, later, pair_of):
    tess, prep = browse("tess"), reverse("workspace:prep", args=[pair_of("kai").code])
    tess.post(reverse("workspace:snooze", args=[code]))
    assert "flag--talk" not in tess.get(prep).content.decode()
    tess = browse("tess")
    later(hours=20, minutes=10)
    assert "flag--talk" in tess.get(prep).content.decode()
