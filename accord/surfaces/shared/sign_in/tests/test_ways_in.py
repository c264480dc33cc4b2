import json

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from accord.records.accounts.actions import make_link
from accord.records.accounts.models import Link, User

pytestmark = pytest.mark.usefixtures("at_nine")


def _reached(client, path):
    return client.get(path).status_code


@pytest.fixture
def later(monkeypatch):
    """Let allauth believe that an hour has gone by since the person was last asked."""
    monkeypatch.setattr("allauth.account.app_settings.REAUTHENTICATION_TIMEOUT", -1, raising=False)


def test_password_then_app_it_leads_to_the_codes_and_to_the_desk(begun, password, code_of):
    assert begun.get("/staff/ways-in/app/")["Location"] == "/staff/ways-in/password/"
    assert begun.post("/staff/ways-in/password/", {"password": password})["Location"] == "/staff/ways-in/app/"
    assert _reached(begun, "/desk/") == 302
    page = begun.get("/staff/ways-in/app/")
    done = begun.post("/staff/ways-in/app/", {"code": code_of(str(page.context["form"].secret))})
    assert done["Location"] == "/staff/ways-in/codes/"
    assert len(begun.get("/staff/ways-in/codes/").context["unused_codes"]) == 10
    assert _reached(begun, "/desk/") == 200


def test_recovery_codes_it_shows_once(begun, secret):
    first = begun.get("/staff/ways-in/codes/").context["unused_codes"]
    page = begun.get("/staff/ways-in/codes/").content.decode()
    assert not any(code in page for code in first)
    assert "They were shown once" in page


def test_new_codes_it_makes_and_the_old_ones_stop(begun, secret, password):
    old = begun.get("/staff/ways-in/codes/").context["unused_codes"]
    begun.post("/staff/ways-in/codes/new/")
    new = begun.get("/staff/ways-in/codes/").context["unused_codes"]
    assert not set(old) & set(new)
    begun.post("/sign-out/")
    begun.post("/staff/sign-in/", {"login": "tess@harbour.example", "password": password})
    begun.post("/staff/sign-in/second-step/", {"code": old[0]})
    assert "_auth_user_id" not in begun.session


@pytest.mark.parametrize("weak", ["short", "elevenlette", "qwerty123456"])
def test_a_weak_password_it_refuses(begun, weak):
    page = begun.post("/staff/ways-in/password/", {"password": weak})
    assert page.status_code == 422
    assert not User.objects.get(email="tess@harbour.example").has_usable_password()


def test_a_code_that_does_not_match_it_does_not_set_up(begun, password):
    begun.post("/staff/ways-in/password/", {"password": password})
    begun.get("/staff/ways-in/app/")
    page = begun.post("/staff/ways-in/app/", {"code": "000000"})
    assert page.context["form"].errors
    assert not Authenticator.objects.exists()
    assert _reached(begun, "/desk/") == 302


def test_the_secret_of_the_app_it_keeps_sealed(secret):
    kept = json.dumps(list(Authenticator.objects.values_list("data", flat=True)))
    assert secret not in kept


def test_the_seed_of_the_codes_it_keeps_sealed(secret):
    kept = Authenticator.objects.get(type="recovery_codes").data["seed"]
    assert len(kept) > 80
    with pytest.raises(ValueError, match="non-hexadecimal"):
        bytes.fromhex(kept)


MADE = {"clientDataJSON": "e30", "attestationObject": "oA"}
KEY = {"id": "YQ", "rawId": "YQ", "type": "public-key"}


@pytest.mark.parametrize(
    "forged", [{}, [], [1], "words", KEY, KEY | {"response": {}}, KEY | {"response": MADE}, {"rawId": "a"}]
)
def test_a_passkey_that_the_device_did_not_make_it_refuses(begun, forged):
    begun.get("/staff/ways-in/passkey/")
    page = begun.post("/staff/ways-in/passkey/", {"name": "x", "credential": json.dumps(forged)})
    assert page.status_code == 200
    assert page.context["form"].errors
    assert not Authenticator.objects.exists()


SIGNED = {"clientDataJSON": "e30", "authenticatorData": "AA", "signature": "AA", "userHandle": "MQ"}


@pytest.mark.parametrize("response", [{}, {"userHandle": "MQ"}, SIGNED, SIGNED | {"userHandle": None}, None])
@pytest.mark.parametrize("key", ["YQ", "a", None])
def test_a_forged_passkey_it_does_not_let_in(client, tess, response, key):
    assert client.get("/staff/sign-in/passkey/", HTTP_ACCEPT="application/json").json()["request_options"]
    forged = json.dumps({"id": key, "rawId": key, "type": "public-key", "response": response})
    assert client.post("/staff/sign-in/passkey/", {"credential": forged})["Location"] == "/staff/sign-in/"
    assert "_auth_user_id" not in client.session
    assert "did not work" in client.get("/staff/sign-in/").content.decode()


def test_before_something_delicate_it_asks_again_who_it_is(begun, secret, later):
    for path in ("passkey/", "password/", "codes/new/", "codes/", "app/remove/"):
        answer = begun.get(f"/staff/ways-in/{path}")
        assert answer.status_code == 302
        assert answer["Location"].startswith("/staff/again/?next=")


def test_asked_again_it_takes_the_password_and_goes_on(begun, secret, password, monkeypatch):
    session = begun.session
    session["account_authentication_methods"] = []
    session.save()
    asked = begun.get("/staff/ways-in/codes/new/")["Location"]
    assert "not right" in begun.post(asked, {"password": "wrong password here"}).content.decode()
    assert begun.post(asked, {"password": password})["Location"] == "/staff/ways-in/codes/new/"
    assert _reached(begun, "/staff/ways-in/codes/new/") == 200


def test_a_new_password_it_never_puts_aside_while_asking_again(begun, secret, later):
    begun.post("/staff/ways-in/password/", {"password": "another four random words"})
    assert "another" not in json.dumps(dict(begun.session))


def test_a_new_password_it_ends_the_other_sessions_with(begun, secret, code_of, password):
    thief = Client()
    thief.cookies["session"] = _copy(begun)
    assert _reached(thief, "/desk/") == 200
    begun.post("/staff/ways-in/password/", {"password": "another four random words"})
    assert _reached(begun, "/desk/") == 200
    assert _reached(thief, "/desk/") == 302


def _copy(client) -> str:
    """A second session of the same person."""
    session = client.session
    twin = type(session)()
    twin.update(dict(session))
    twin.create()
    return str(twin.session_key)


def test_the_last_way_in_it_does_not_remove(begun, secret):
    page = begun.post("/staff/ways-in/app/remove/")
    assert "only way in" in page.content.decode()
    assert Authenticator.objects.filter(type="totp").exists()


def test_what_was_set_up_it_writes_down(written, secret):
    verbs = [verb for verb, _ in written()]
    assert verbs == ["signed in", "password set", "authenticator app added"]


def test_a_client_it_shows_none_of_these_pages(client, kai, at_nine):
    assert client.post(f"/sign-in/{make_link(kai, Link.Purpose.SIGN_IN, at=at_nine)}/")["Location"] == "/"
    for path in ("", "password/", "passkey/", "app/", "codes/"):
        assert _reached(client, f"/staff/ways-in/{path}") == 403


def test_what_the_page_lists_it_takes_from_what_is_set_up(begun, secret):
    page = begun.get("/staff/ways-in/").content.decode()
    assert "Change the password" in page
    assert "set up" in page
    assert "Remove the app" not in page  # it is the only way in
