import pytest
from django.test import RequestFactory
from django.urls import reverse

from accord.surfaces.shared.sign_in.onward import asked_for

HOSTILE = [
    "https://evil.example/",
    "//evil.example/",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "https:evil.example",
    "javascript:alert(1)",
    " //evil.example",
    "/\t/evil.example",
    "http://testserver@evil.example/",
    "http://testserver.evil.example/",
    "ftp://testserver/",
    "desk/",
    "http://testserver/desk/",
]


@pytest.mark.parametrize("url", HOSTILE)
def test_a_page_elsewhere_it_forgets(url):
    assert asked_for(RequestFactory().get("/sign-in/", {"next": url})) == ""
    assert asked_for(RequestFactory().post("/sign-in/", {"next": url})) == ""


@pytest.mark.parametrize("url", ["/", "/desk/", "/desk/?on=2024-05-06#kai"])
def test_a_page_of_ours_it_keeps(url):
    assert asked_for(RequestFactory().get("/sign-in/", {"next": url})) == url


@pytest.mark.parametrize("url", HOSTILE)
def test_after_a_passkey_or_password_it_never_leads_elsewhere(url, secret, code_of, password, client):
    client.logout()
    client.post(reverse("account_login"), {"login": "tess@harbour.example", "password": password, "next": url})
    answer = client.post(reverse("mfa_authenticate"), {"code": code_of(secret), "next": url})
    assert answer.status_code == 302
    assert answer["Location"] == "/"


def test_after_a_password_it_leads_on_to_a_page_of_ours(secret, code_of, password, client):
    client.logout()
    typed = {"login": "tess@harbour.example", "password": password, "next": "/desk/?a=b"}
    client.post(reverse("account_login"), typed)
    answer = client.post(reverse("mfa_authenticate"), {"code": code_of(secret)})
    assert answer["Location"] == "/desk/?a=b"
