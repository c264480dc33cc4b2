import re
from io import StringIO
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command

from accord.records.accounts.models import Link, User
from accord.records.audit.models import Entry
from accord.records.practices.models import Post, Practice


def _say(*words: str, **options: Any) -> str:
    out = StringIO()
    call_command(*words, stdout=out, **options)
    return out.getvalue()


def _invite(practice: Practice, email: str = "ria@pier.example", **options: Any) -> str:
    return _say("invite", email, name="Ria Holt", role="therapist", practice=practice.code, **options)


def _path(said: str) -> str:
    found = re.search(r"http://localhost:8000(/invitation/[\w-]+/)", said)
    assert found, said
    return found[1]


def test_invite_makes_a_person_a_post_and_a_link(harbour, client):
    said = _invite(harbour)
    post = Post.objects.get(user__email="ria@pier.example")
    assert (post.role, post.practice) == ("therapist", harbour)
    assert "Welcome, Ria" in client.get(_path(said)).content.decode()
    assert Entry.objects.latest("pk").verb == "invited"


def test_invite_keeps_no_token_anywhere(harbour):
    token = _path(_invite(harbour)).split("/")[2]
    assert token.encode() not in bytes(Link.objects.latest("pk").token_hash)
    assert token not in str(list(Entry.objects.values_list("detail", flat=True)))


def test_invite_writes_addresses_in_small_letters(harbour):
    _invite(harbour, "Ria@Pier.Example")
    assert User.objects.filter(email="ria@pier.example").exists()


def test_invite_refuses_what_it_does_not_know(harbour):
    with pytest.raises(CommandError, match=f"No practice has the code 'nowhere'. There are: .*{harbour.code}"):
        _say("invite", "ria@pier.example", name="Ria", role="therapist", practice="nowhere")
    with pytest.raises(CommandError, match="not an email address"):
        _invite(harbour, "ria at pier")
    with pytest.raises(CommandError, match="invalid choice"):
        _say("invite", "ria@pier.example", "--name", "Ria", "--role", "king", "--practice", harbour.code)
    assert not User.objects.filter(name="Ria Holt").exists()


def test_invite_does_not_go_around_a_second_factor_by_itself(harbour, person):
    Authenticator.objects.create(user=person("tess"), type="totp", data={})
    before = Link.objects.count()
    with pytest.raises(CommandError, match="add --start-over"):
        _invite(harbour, "tess@harbour.example")
    assert Link.objects.count() == before


def test_starting_over_it_forgets_every_way_in_and_ends_every_session(harbour, browse, person):
    tess = browse("tess")
    assert tess.get("/desk/").status_code == 200
    person("tess").set_password("four random words indeed")
    Authenticator.objects.create(user=person("tess"), type="totp", data={})
    _invite(harbour, "tess@harbour.example", start_over=True)
    assert not Authenticator.objects.filter(user=person("tess")).exists()
    assert tess.get("/desk/").status_code == 302
    verbs = list(Entry.objects.order_by("-pk").values_list("verb", flat=True)[:2])
    assert verbs == ["invited", "sign-in started over"]


def test_open_practice_opens_one_and_invites_its_lead(harbour, client):
    said = _say("open_practice", "Pier Practice", lead="ria@pier.example", name="Ria Holt", zone="Europe/Lisbon")
    opened = Practice.objects.get(name="Pier Practice")
    assert opened.code in said
    assert opened.zone == "Europe/Lisbon"
    assert client.get(_path(said)).status_code == 200
    assert Post.objects.get(user__email="ria@pier.example").role == "lead"


def test_open_practice_refuses_a_second_of_the_name_and_an_unknown_zone(harbour):
    with pytest.raises(CommandError, match="is open already"):
        _say("open_practice", "Harbour Practice", lead="ria@pier.example", name="Ria")
    with pytest.raises(CommandError, match="is not a time zone"):
        _say("open_practice", "Pier Practice", lead="ria@pier.example", name="Ria", zone="Lisbon")
    assert not Practice.objects.filter(name="Pier Practice").exists()
