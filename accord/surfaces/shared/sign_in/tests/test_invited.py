from datetime import timedelta

import pytest

from accord.records.accounts.actions import make_link
from accord.records.accounts.models import Link
from accord.records.practices.actions import end_post
from accord.records.practices.queries import posts_of

pytestmark = pytest.mark.usefixtures("at_nine")


@pytest.fixture
def address(tess, at_nine):
    return f"/invitation/{make_link(tess, Link.Purpose.INVITATION, at=at_nine)}/"


def test_looking_at_an_invitation_it_does_not_spend(client, address):
    assert "Welcome, Tess" in client.get(address).content.decode()
    assert "_auth_user_id" not in client.session
    assert client.post(address)["Location"] == "/staff/ways-in/"


def test_an_invitation_it_takes_once(client, address):
    client.post(address)
    client.post("/sign-out/")
    again = client.post(address)
    assert again.status_code == 410
    assert "used before" in again.content.decode()
    assert "_auth_user_id" not in client.session


def test_an_invitation_it_takes_within_a_week(client, address, at_nine, clock_at):
    clock_at(at_nine + timedelta(days=7, minutes=1))
    assert client.post(address).status_code == 410


def test_with_an_invitation_alone_it_opens_only_the_pages_for_setting_up(client, address):
    client.post(address)
    assert client.get("/staff/ways-in/").status_code == 200
    for path in ("/desk/", "/staff/ways-in/codes/new/"):
        assert client.get(path)["Location"] == "/staff/ways-in/"


def test_a_second_factor_it_never_goes_around(client, secret, tess, at_nine):
    client.post("/sign-out/")
    again = f"/invitation/{make_link(tess, Link.Purpose.INVITATION, at=at_nine)}/"
    for page in (client.get(again), client.post(again)):
        assert page.status_code == 410
        assert "set up your sign-in before" in page.content.decode()
    assert "_auth_user_id" not in client.session


def test_an_invitation_of_somebody_who_left_it_does_not_open(client, address, tess, at_nine):
    end_post(posts_of(tess, on=at_nine.date()).get(), on=at_nine.date())
    assert client.post(address).status_code == 410


def test_a_link_for_clients_it_does_not_take_for_an_invitation(client, kai, at_nine):
    token = make_link(kai, Link.Purpose.SIGN_IN, at=at_nine)
    assert client.post(f"/invitation/{token}/").status_code == 410
