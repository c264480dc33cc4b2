from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings as in_force
from django.contrib.auth.hashers import identify_hasher, make_password
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accord.config import settings as written
from accord.config.policy import ANYONE, STAFF, table
from accord.config.signing_in import SETTING_UP, SecondFactors, name_for_limits
from accord.records.accounts.actions import make_link
from accord.records.accounts.models import User
from accord.records.audit.models import Entry
from accord.records.practices.actions import appoint, end_post
from accord.records.practices.queries import posts_of
from accord.records.sealing.vault import SealBroken

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture(autouse=True)
def _outside_the_demo(settings):
    reverse("demo")  # the addresses are read once a run: for every test, with those of the demo
    settings.DEMO = False


@pytest.fixture
def at_nine(clock_at, now):
    clock_at(now)
    return now


@pytest.fixture
def enter(at_nine):
    """A browser in which somebody has been signed in, with a stay as the doors leave it."""

    def enter(user: User, *, staff: bool, second_factor: bool = True) -> Client:
        client = Client()
        client.force_login(user, backend=BACKEND)
        session = client.session
        times = {"since": at_nine.isoformat(), "seen": at_nine.isoformat()}
        session["stay"] = times | {"staff": staff, "second_factor": second_factor}
        session.save()
        return client

    return enter


def test_a_session_that_came_through_no_door_it_ends(person, at_nine):
    client = Client()
    client.force_login(person("tess"), backend=BACKEND)
    assert client.get("/desk/").status_code == 302
    assert "_auth_user_id" not in client.session


def test_staff_it_signs_out_after_a_quarter_of_an_hour(person, enter, at_nine, clock_at):
    client = enter(person("tess"), staff=True)
    clock_at(at_nine + timedelta(minutes=14, seconds=50))
    assert client.get("/desk/").status_code == 200
    clock_at(at_nine + timedelta(minutes=30))
    assert client.get("/desk/").status_code == 302
    assert "_auth_user_id" not in client.session
    assert Entry.objects.latest("pk").verb == "signed out by time"


def test_busy_staff_it_signs_out_after_twelve_hours(person, enter, at_nine, clock_at):
    client = enter(person("tess"), staff=True)
    for quarter in range(1, 12 * 6):
        clock_at(at_nine + timedelta(minutes=10 * quarter))
        assert client.get("/stay/").json()["seconds"] > 0, quarter
    clock_at(at_nine + timedelta(hours=12, seconds=1))
    assert client.get("/stay/").json() == {"seconds": 0}


def test_a_client_it_lets_stay_an_hour(person, enter, at_nine, clock_at):
    client = enter(person("kai"), staff=False)
    clock_at(at_nine + timedelta(minutes=59))
    assert client.get("/stay/").json()["seconds"] in {3599, 3600}
    clock_at(at_nine + timedelta(minutes=120))
    assert client.get("/stay/").json() == {"seconds": 0}


def test_somebody_who_leaves_it_lets_see_nothing_on_the_next_page(person, enter, at_nine):
    client = enter(person("tess"), staff=True)
    assert client.get("/desk/").status_code == 200
    end_post(posts_of(person("tess"), on=at_nine.date()).get(), on=at_nine.date())
    assert client.get("/desk/").status_code == 403


def test_somebody_put_on_hold_it_signs_out_on_the_next_page(person, enter):
    client = enter(person("kai"), staff=False)
    assert client.get("/").status_code == 302
    User.objects.filter(pk=person("kai").pk).update(is_active=False)
    assert client.get("/stay/").json() == {"seconds": 0}


def test_a_client_who_begins_to_work_here_it_sends_to_the_staffs_door(person, enter, harbour, at_nine):
    client = enter(person("kai"), staff=False, second_factor=False)
    appoint(harbour, person("kai"), "therapist", since=at_nine.date())
    assert client.get("/desk/")["Location"] == "/staff/sign-in/"
    assert "_auth_user_id" not in client.session


def test_without_a_second_factor_it_opens_no_page_of_the_staff_but_those_for_setting_up(person, enter):
    client = enter(person("tess"), staff=True, second_factor=False)
    closed = [name for name, policy in table().items() if policy.who & STAFF and policy.who != ANYONE]
    assert set(closed) > SETTING_UP
    for path in ("/desk/", "/desk/openings/", "/staff/ways-in/codes/new/", "/staff/ways-in/app/remove/"):
        assert client.get(path)["Location"] == "/staff/ways-in/"


def test_the_pages_for_setting_up_it_names_as_they_are_declared():
    assert set(table()) >= SETTING_UP
    assert all(table()[name].who == STAFF for name in SETTING_UP)


def test_a_stay_it_writes_down_at_most_every_half_minute(person, enter, at_nine, clock_at):
    client = enter(person("tess"), staff=True)
    for seconds, writes in ((10, 0), (40, 1), (50, 0)):
        clock_at(at_nine + timedelta(seconds=seconds))
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get("/stay/")
        changed = [each for each in queries if "django_session" in each["sql"] and each["sql"].startswith("UPDATE")]
        assert len(changed) == writes, seconds


def test_secrets_it_seals_and_opens_again(db):
    adapter = SecondFactors()
    sealed = adapter.encrypt("JBSWY3DPEHPK3PXP")
    assert "JBSWY3DP" not in sealed
    assert adapter.encrypt("JBSWY3DPEHPK3PXP") != sealed
    assert adapter.decrypt(sealed) == "JBSWY3DPEHPK3PXP"
    with pytest.raises(SealBroken):
        adapter.decrypt(sealed[:-8] + ("A" if sealed[-8] != "A" else "B") + sealed[-7:])


def test_passkeys_it_counts_when_it_names_the_next(person):
    adapter = SecondFactors()
    assert adapter.generate_authenticator_name(person("tess"), "webauthn") == "Passkey 1"
    Authenticator.objects.create(user=person("tess"), type="webauthn", data={})
    assert adapter.generate_authenticator_name(person("tess"), "webauthn") == "Passkey 2"


def test_wrong_passwords_it_counts_by_name_whatever_its_case():
    request = RequestFactory().post("/", {"login": " Tess@Harbour.example"})
    assert name_for_limits(request, None) == "tess@harbour.example"
    assert name_for_limits(request, {"email": "OMAR@harbour.example"}) == "omar@harbour.example"


def test_passwords_it_hashes_with_argon2id():
    assert written.PASSWORD_HASHERS == ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    kept = make_password("four random words indeed")
    assert identify_hasher(kept).algorithm == "argon2"
    assert kept.startswith("argon2$argon2id$")


def test_cookies_it_keeps_from_scripts_and_other_sites():
    assert in_force.SESSION_COOKIE_HTTPONLY
    assert in_force.SESSION_COOKIE_SAMESITE == in_force.CSRF_COOKIE_SAMESITE == "Lax"
    assert in_force.SESSION_ENGINE == "django.contrib.sessions.backends.db"


def test_somebody_signed_out_it_sends_to_their_door_and_back_to_the_page(db, client, at_nine):
    assert client.get("/desk/?day=1")["Location"] == "/staff/sign-in/?next=%2Fdesk%2F%3Fday%3D1"
    assert client.get(reverse("portal:home"))["Location"].startswith("/sign-in/?next=%2F")
    assert client.post("/staff/ways-in/password/")["Location"] == "/staff/sign-in/"


def test_a_link_for_a_check_in_it_does_not_take_for_a_way_in(person, client, at_nine):
    token = make_link(person("kai"), "check-in", at=at_nine)
    client.get(f"/c/{token}/")
    assert "_auth_user_id" not in client.session
