"""First calls at the desk: the therapist who was asked sees it, answers, and a start takes the place at once."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accord.records.accounts.models import Notice, User
from accord.records.audit.models import Entry
from accord.records.matching.enquiring import choose_time, send_enquiry, withdraw
from accord.records.matching.models import Enquiry
from accord.records.matching.searching import answer_search, begin_search, keep_contact
from accord.records.profiles.places import take_place
from accord.records.profiles.queries import own_profile

DAY = timedelta(days=1)
LIST, TODAY = reverse("workspace:enquiries"), reverse("workspace:today")
WORDS = "canary-41 It is the nights."
CONTACT = {"name": "Cleo", "reach": "canary-42", "address": "c.marsh@example.org", "words": WORDS, "tells": "yes"}


@pytest.fixture
def enquiry(person, now) -> Enquiry:
    search = keep_contact(begin_search(by=None, at=now), CONTACT, at=now)
    search = answer_search(search, "needs", {"picks": ["grief"], "strength": "must"}, at=now)
    profile = own_profile(person("tess"), at=now)
    assert profile
    return send_enquiry(search, profile, CONTACT, by=None, at=now)


def at(name: str, one: Enquiry) -> str:
    return reverse(f"workspace:{name}", args=[one.code])


def offer(client, one, **changed):
    sent = {"time-1": "2024-05-07T18:00", "time-2": "2024-05-08T18:00", "how": "I call you."}
    return client.post(at("offer_call", one), sent | changed)


def test_it_waits_on_the_desk_and_in_the_list(enquiry, browse):
    tess = browse("tess")
    assert "One person asks for a first call" in tess.get(TODAY).content.decode()
    page = tess.get(LIST).content.decode()
    assert "Cleo" in page
    assert "answer by 8 May, 09:00" in page
    theo = browse("theo")
    assert "asks for a first call" not in theo.get(TODAY).content.decode()
    assert "Nobody is waiting for an answer." in theo.get(LIST).content.decode()


def test_she_reads_what_was_sent_and_reading_is_kept(enquiry, browse, person):
    page = browse("tess").get(at("enquiry", enquiry)).content.decode()
    for words in ("Cleo", WORDS, "canary-42", "c.marsh@example.org", "Loss and grief", "I need this"):
        assert words in page
    enquiry.refresh_from_db()
    assert enquiry.state == "seen"
    assert Entry.objects.filter(kind="read", row=enquiry.code, actor=person("tess")).exists()


@pytest.mark.parametrize("slug", ["thandi", "theo", "sana", "omar", "rui", "dora", "vera", "sam", "kai"])
def test_nobody_else_sees_a_word_or_does_anything(slug, enquiry, browse, person):
    client = browse(slug)
    expected = 404 if slug == "sam" else 403
    for name, method in (
        ("enquiry", "get"),
        ("offer_call", "post"),
        ("decline_enquiry", "post"),
        ("confirm_start", "post"),
    ):
        answer = getattr(client, method)(at(name, enquiry))
        assert answer.status_code == expected
        assert "canary" not in answer.content.decode()
    assert Entry.objects.filter(kind="denied", actor=person(slug)).count() == 4
    enquiry.refresh_from_db()
    assert enquiry.state == "sent"


def test_times_on_her_own_clock_go_out_and_the_call_stands_there(enquiry, browse, now):
    tess = browse("tess")
    assert offer(tess, enquiry).status_code == 302
    enquiry.refresh_from_db()
    assert enquiry.times == ["2024-05-07T17:00:00+00:00", "2024-05-08T17:00:00+00:00"]
    choose_time(enquiry, now.fromisoformat(enquiry.times[0]), by=None, at=now)
    assert "First call 7 May, 18:00" in tess.get(at("enquiry", enquiry)).content.decode()


@pytest.mark.parametrize(
    "wrong", [{"time-1": "", "time-2": ""}, {"time-1": "soon"}, {"time-1": "2024-05-05T18:00"}, {"how": ""}]
)
def test_what_makes_no_sense_is_asked_again_with_what_was_typed(enquiry, browse, wrong):
    again = offer(browse("tess"), enquiry, **wrong)
    assert again.status_code == 422
    assert "2024-05-08T18:00" in again.content.decode() or "time-2" in wrong
    enquiry.refresh_from_db()
    assert enquiry.state in ("sent", "seen")


def test_a_no_owes_no_reason_and_leaves_nothing(enquiry, browse):
    tess = browse("tess")
    assert tess.post(at("decline_enquiry", enquiry))["Location"] == LIST
    page = tess.get(LIST).content.decode()
    assert "You said no" in page
    assert "Cleo" not in page
    assert "What they sent is gone from here." in tess.get(at("enquiry", enquiry)).content.decode()


def test_a_start_takes_the_place_and_opens_the_pair(enquiry, browse, person):
    tess = browse("tess")
    tess.get(at("enquiry", enquiry))
    profile = reverse("profile", args=[enquiry.to.profile.code])
    assert "Open: 2 places" in browse("").get(profile).content.decode()
    began = tess.post(at("confirm_start", enquiry), {"address": "c.marsh@example.org"})
    client = User.objects.get(email="c.marsh@example.org")
    assert began["Location"] == reverse("workspace:pair", args=[client.pairs_as_client.get().code])
    assert "Open: 1 place" in browse("").get(profile).content.decode()
    assert Notice.objects.filter(user=client, subject="Your page is ready").count() == 1
    assert "Cleo" in tess.get(LIST).content.decode()


def test_the_last_place_went_meanwhile(enquiry, browse, person, now):
    tess = browse("tess")
    tess.get(at("enquiry", enquiry))
    profile = own_profile(person("tess"), at=now)
    assert profile
    for _ in range(2):
        take_place(profile, by=None, at=now)
    again = tess.post(at("confirm_start", enquiry), {"address": "c.marsh@example.org"})
    assert again.status_code == 422
    assert "The last place has just gone." in again.content.decode()


def test_an_address_that_is_known_here_must_be_theirs(enquiry, browse):
    tess = browse("tess")
    tess.get(at("enquiry", enquiry))
    again = tess.post(at("confirm_start", enquiry), {"address": "lena@harbour.example"})
    assert "They have to open the link in our mail once." in again.content.decode()
    assert "Lena" not in again.content.decode()


def test_what_was_taken_back_meanwhile_is_said(enquiry, browse, now):
    tess = browse("tess")
    tess.get(at("enquiry", enquiry))
    withdraw(enquiry, by=None, at=now)
    assert "Something has changed in the meantime." in offer(tess, enquiry).content.decode()
    assert tess.post(at("decline_enquiry", enquiry)).status_code == 409
    assert "Cleo" not in tess.get(at("enquiry", enquiry)).content.decode()


def test_many_cost_no_more_queries_than_one(enquiry, browse, person, now, django_assert_max_num_queries):
    tess, profile = browse("tess"), own_profile(person("tess"), at=now)
    assert profile
    tess.get(LIST)
    for _ in range(10):
        search = keep_contact(begin_search(by=None, at=now), CONTACT, at=now)
        send_enquiry(search, profile, CONTACT, by=None, at=now)
    with django_assert_max_num_queries(9):
        assert tess.get(LIST).content.decode().count("<b>Cleo</b>") == 11
