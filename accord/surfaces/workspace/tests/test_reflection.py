"""A reflection: its author opens it, nobody else does, and "kept" is said only of what is kept."""

import json

import pytest
from django.urls import reverse

from accord.records.desk.models import Reflection

MINE = "canary-71d3 I hurried when he spoke of his father"
JSON = {"HTTP_ACCEPT": "application/json"}


@pytest.fixture
def path(pair_of):
    return reverse("workspace:reflection", args=[pair_of("kai").code])


def sent(words=MINE, *, session=0, version=0):
    return {"words": words, "session": session, "version": version}


def test_only_the_pairs_therapist_opens_it(cast, path, only_tess):
    assert cast("get", path) == only_tess
    assert cast("post", path, data=sent()) == only_tess | {"tess": 302}


def test_it_is_kept_and_comes_back_to_its_author(browse, path, text):
    tess = browse("tess")
    tess.post(path, sent())
    assert MINE in text(tess.get(path))
    assert "Kept 6 May, 09:00" in text(tess.get(path))


def test_the_script_is_told_the_time_and_the_next_version(browse, path):
    answer = browse("tess").post(path, sent(), **JSON)
    assert json.loads(answer.content) == {"state": "kept", "version": 1, "at": "09:00"}


def test_the_other_window_gets_a_refusal_and_keeps_its_text(browse, path, text):
    tess = browse("tess")
    tess.post(path, sent("first"))
    assert tess.post(path, sent("second"), **JSON).status_code == 409
    page = tess.post(path, sent("second"))
    assert page.status_code == 409
    assert "first" in text(page)
    assert "second" in text(page)
    assert Reflection.objects.get().words == "first"


def test_a_session_has_its_own_and_one_that_is_none_is_not_found(browse, path, text):
    tess = browse("tess")
    tess.post(path, sent("about five", session=5))
    assert "about five" not in text(tess.get(path))
    assert "about five" in text(tess.get(f"{path}?session=5"))
    assert tess.get(f"{path}?session=77").status_code == 404
    assert tess.post(path, sent(session=77)).status_code == 404


@pytest.mark.parametrize("wrong", [{}, {"session": "x", "version": 0}, {"session": 0, "version": -1}])
def test_what_does_not_fit_is_refused_and_nothing_is_said_to_be_kept(browse, path, wrong):
    answer = browse("tess").post(path, {"words": MINE, **wrong}, **JSON)
    assert answer.status_code == 422
    assert not Reflection.objects.exists()


def test_it_is_on_no_other_page_of_the_desk_nor_on_kais(browse, path, pair_of, kais_dip):
    tess, code = browse("tess"), pair_of("kai").code
    tess.post(path, sent())
    tess.post(path, sent(session=5))
    pages = ["/desk/", "/desk/find/", "/desk/put-aside/", "/desk/guesses/", "/desk/openings/"]
    pages += [reverse(f"workspace:{name}", args=[code]) for name in ("pair", "prep", "together", "pair_guesses")]
    assert not [page for page in pages if "canary" in tess.get(page).content.decode()]
    assert "canary" not in browse("kai").get("/me/").content.decode()


def test_questions_come_after_a_rupture_only(browse, path, kais_dip, pair_of, text):
    tess, jo = browse("tess"), reverse("workspace:reflection", args=[pair_of("jo").code])
    assert "What might I have added to it?" in text(tess.get(path))
    assert "What might I have added to it?" in text(tess.get(f"{path}?session=5"))
    assert "What might I have added to it?" not in text(tess.get(f"{path}?session=4"))
    assert "What might I have added to it?" not in text(tess.get(jo))


def test_words_are_escaped(browse, path):
    tess = browse("tess")
    tess.post(path, sent("</textarea><script>alert(1)</script>"))
    assert "<script>alert(1)" not in tess.get(path).content.decode()


def test_a_number_of_any_length_is_only_no_session(browse, pair_of):
    page = reverse("workspace:reflection", args=[pair_of("kai").code])
    assert browse("tess").get(page, {"session": "9" * 5000}).status_code == 200
