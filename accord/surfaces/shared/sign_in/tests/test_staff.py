from datetime import timedelta

import pytest
from django.urls import reverse

from accord.records.accounts.models import User
from accord.records.practices.actions import end_post
from accord.records.practices.queries import posts_of

pytestmark = pytest.mark.usefixtures("at_nine")
SIGN_IN, SECOND = "/staff/sign-in/", "/staff/sign-in/second-step/"
EMAIL = "tess@harbour.example"


def _inside(client) -> bool:
    return bool(client.get("/desk/").status_code == 200)


def _first(client, password, email=EMAIL):
    return client.post(SIGN_IN, {"login": email, "password": password})


@pytest.fixture
def out(secret, client):
    """Tess has set up password and app, and has signed out."""
    client.post("/sign-out/")
    return client


def test_a_password_alone_it_never_lets_in(out, password):
    answer = _first(out, password)
    assert answer["Location"] == SECOND
    assert "_auth_user_id" not in out.session
    assert not _inside(out)


def test_password_and_code_it_lets_in(out, secret, code_of, password):
    _first(out, password)
    assert out.post(SECOND, {"code": code_of(secret)})["Location"] == "/"
    assert _inside(out)


def test_a_wrong_code_it_refuses_and_writes_down(out, secret, code_of, password, written):
    _first(out, password)
    wrong = f"{(int(code_of(secret)) + 1) % 1_000_000:06d}"
    page = out.post(SECOND, {"code": wrong})
    assert "try again with a new code" in page.content.decode()
    assert not _inside(out)
    assert written()[-1] == ("sign-in refused", "Tess Carvalho")


def test_a_code_it_takes_only_once(out, secret, code_of, password):
    _first(out, password)
    code = code_of(secret)
    out.post(SECOND, {"code": code})
    out.post("/sign-out/")
    _first(out, password)
    out.post(SECOND, {"code": code})
    assert not _inside(out)


def test_a_recovery_code_it_takes_once_in_place_of_the_code(begun, secret, password):
    codes = begun.get("/staff/ways-in/codes/").context["unused_codes"]
    for attempt, works in ((codes[0], True), (codes[0], False), (codes[1], True)):
        begun.post("/sign-out/")
        _first(begun, password)
        begun.post(SECOND, {"code": attempt})
        assert _inside(begun) is works


def test_a_wrong_password_it_answers_like_an_unknown_address(out, written):
    wrong = _first(out, "not her password at all")
    unknown = _first(out, "not her password at all", "nobody@else.example")
    assert wrong.context["form"].non_field_errors() == unknown.context["form"].non_field_errors()
    assert wrong.status_code == unknown.status_code
    assert ("sign-in refused", "Tess Carvalho") in written()


def test_a_client_it_gives_no_way_in_by_password(client, kai):
    page = _first(client, "", kai.email)
    assert page.status_code == 200
    assert _first(client, "anything at all", kai.email).context["form"].errors
    assert "_auth_user_id" not in client.session


def test_many_wrong_passwords_it_slows_down_by_name(out, password):
    for _ in range(5):
        _first(out, "not her password at all")
    page = _first(out, password)
    assert "Too many tries" in page.content.decode()
    assert "_auth_user_id" not in out.session


def test_guessing_from_one_address_it_locks_for_that_name_there_and_not_elsewhere(out, password, settings):
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": "1000/m/ip", "login": "1000/m/ip"}
    answers = [_first(out, "not her password at all").status_code for _ in range(9)]
    assert answers[-1] == 429
    assert _first(out, password).status_code == 429
    elsewhere = {"login": EMAIL, "password": password}
    assert out.post(SIGN_IN, elsewhere, REMOTE_ADDR="192.0.2.7")["Location"] == SECOND


def test_a_lock_it_explains_and_keeps_help_and_check_ins_open(out, settings):
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": "1000/m/ip", "login": "1000/m/ip"}
    for _ in range(9):
        page = _first(out, "not her password at all")
    assert "Please wait half an hour" in page.content.decode()
    assert out.get("/help/").status_code == 200
    assert out.get("/sign-in/").status_code == 200
    assert out.get(reverse("portal:check_in_by_link", args=["unknown"])).status_code != 429


def test_somebody_who_left_it_does_not_let_in(out, tess, at_nine, secret, code_of, password, written):
    end_post(posts_of(tess, on=at_nine.date()).get(), on=at_nine.date())
    answer = _first(out, password)
    assert answer["Location"] == SIGN_IN
    assert "closed" in out.get(SIGN_IN).content.decode()
    assert written()[-1] == ("sign-in refused", "Tess Carvalho")
    assert not _inside(out)


def test_somebody_put_on_hold_it_does_not_let_in(out, tess, password):
    User.objects.filter(pk=tess.pk).update(is_active=False)
    assert _first(out, password)["Location"] == SIGN_IN
    assert not _inside(out)


def test_it_changes_the_key_of_the_session(out, secret, code_of, password):
    _first(out, password)
    before = out.cookies["session"].value
    out.post(SECOND, {"code": code_of(secret)})
    assert out.cookies["session"].value != before


def test_a_half_done_sign_in_it_forgets_on_starting_again(out, password):
    _first(out, password)
    out.post("/sign-out/")
    assert out.get(SECOND)["Location"] == SIGN_IN


def test_a_half_done_sign_in_it_forgets_after_a_quarter_of_an_hour(out, password, secret, code_of, monkeypatch):
    _first(out, password)
    session = out.session
    session["account_login"]["initiated_at"] -= 16 * 60
    session.save()
    out.post(SECOND, {"code": code_of(secret)})
    assert not _inside(out)


def test_after_a_quarter_of_an_hour_without_a_page_it_asks_again(out, secret, code_of, password, at_nine, clock_at):
    _first(out, password)
    out.post(SECOND, {"code": code_of(secret)})
    clock_at(at_nine + timedelta(minutes=14))
    assert _inside(out)
    clock_at(at_nine + timedelta(minutes=28))
    assert _inside(out)
    clock_at(at_nine + timedelta(minutes=44))
    assert not _inside(out)
    assert "_auth_user_id" not in out.session


def test_what_happened_it_writes_down(out, secret, code_of, password, written):
    _first(out, password)
    out.post(SECOND, {"code": code_of(secret)})
    out.post("/sign-out/")
    assert written()[-2:] == [("signed in", "Tess Carvalho"), ("signed out", "Tess Carvalho")]


@pytest.mark.parametrize(
    "path",
    [
        "/accounts/signup/",
        "/staff/signup/",
        "/staff/password/reset/",
        "/staff/email/",
        "/accounts/login/",
        "/staff/login/code/",
        "/admin/",
    ],
)
def test_what_allauth_also_offers_it_does_not_mount(client, db, path):
    assert client.get(path).status_code == 404
