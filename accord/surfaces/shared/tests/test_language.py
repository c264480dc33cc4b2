"""Choosing a language: signed out and in, without JavaScript, with the database down; and what wins."""

import pytest
from django.db import OperationalError, connection

from accord.records.accounts.models import User


def lang(page) -> str:
    return str(page.content.decode().split("<html lang=")[1][1:3])


@pytest.mark.parametrize(("wish", "given"), [("es", "es"), ("ar-EG,ar;q=0.9", "ar"), ("fr", "en"), ("", "en")])
def test_the_browsers_wish_is_followed_where_we_can(browse, wish, given) -> None:
    page = browse("").get("/help/", headers={"accept-language": wish})
    assert lang(page) == given
    assert page["Content-Language"] == given


def test_arabic_runs_from_the_right(browse) -> None:
    assert b'<html lang="ar" dir="rtl"' in browse("").get("/help/", headers={"accept-language": "ar"}).content


def test_a_choice_outlives_the_browsers_wish(browse) -> None:
    client = browse("")
    done = client.post("/language/", {"language": "ar", "next": "/help/"})
    assert (done.status_code, done["Location"]) == (302, "/help/")
    assert lang(client.get("/help/", headers={"accept-language": "es"})) == "ar"


def test_it_stays_with_the_person_on_another_device(browse, person) -> None:
    first = browse("kai")
    first.get("/me/")
    first.post("/language/", {"language": "es", "next": "/me/"})
    assert User.objects.get(pk=person("kai").pk).language == "es"
    assert lang(browse("kai").get("/me/", headers={"accept-language": "en"})) == "es"


def test_it_changes_nobody_elses(browse, person) -> None:
    browse("").post("/language/", {"language": "es"})
    assert not User.objects.exclude(language="").exists()


@pytest.mark.parametrize("slug", ["", "kai", "tess", "sana", "omar", "rui", "sam"])
def test_everybody_has_the_switch_on_the_help_page(browse, slug) -> None:
    page = browse(slug).get("/help/").content.decode()
    assert all(f'lang="{code}"' in page for code in ("en", "es", "ar"))


@pytest.mark.parametrize("slug", ["kai", "cleo"])
def test_a_client_has_the_switch_on_their_page(browse, slug) -> None:
    assert 'name="language" value="ar"' in browse(slug).get("/me/").content.decode()


@pytest.mark.parametrize("elsewhere", ["https://example.org/", "//example.org", "javascript:alert(1)"])
def test_it_leads_nowhere_else(browse, elsewhere) -> None:
    assert browse("").post("/language/", {"language": "es", "next": elsewhere})["Location"] == "/"


def test_there_is_no_other_language(browse) -> None:
    assert browse("").post("/language/", {"language": "xx"}).status_code == 400


def test_it_works_with_the_database_down(browse, monkeypatch) -> None:
    def down(*args, **kwargs):
        raise OperationalError("down")

    client = browse("")
    with monkeypatch.context() as patch:
        patch.setattr(connection, "cursor", down)
        client.cookies["session"] = "somebody"
        client.post("/language/", {"language": "es", "next": "/help/"})
        assert lang(client.get("/help/")) == "es"
