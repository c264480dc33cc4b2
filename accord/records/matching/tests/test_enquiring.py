"""An enquiry from both sides: one person sees it, it ends in time, a start takes the place."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from accord.records.accounts.models import Notice, User
from accord.records.audit.models import Entry
from accord.records.errors import Full, Gone, NotAllowed, NotFound, Refused, StateMoved
from accord.records.matching import enquiring, replying
from accord.records.matching.jobs import send_letters
from accord.records.matching.letters import MOST_A_DAY, ask_for_link, come_back, look_at_link, mark_of, write_letter
from accord.records.matching.models import Enquiry, Letter, Search
from accord.records.matching.queries import enquiries_for, enquiry_for, enquiry_of, told_by, told_in
from accord.records.matching.searching import begin_search, keep_contact
from accord.records.matching.tests.conftest import CLEOS, CONTACT, LINK
from accord.records.pairs.models import CarePair
from accord.records.pairs.queries import Seen
from accord.records.profiles.places import take_place
from accord.records.profiles.queries import places_of

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
URLS = ("http://localhost/sign-in/", LINK)


@pytest.fixture
def tess(person):
    return person("tess")


@pytest.fixture
def offered(enquiry, tess, now):
    """Tess has read it and offers two times."""
    replying.see(enquiry, by=tess, at=now)
    replying.offer_call(enquiry, [now + DAY, now + 2 * DAY], how="I call you.", by=tess, at=now, link_url=LINK)
    return enquiry


def token_in(letter) -> str:
    return str(letter.body).partition("/find/back/")[2].partition("/")[0]


@pytest.mark.parametrize(
    ("sent", "by"),
    [
        ("2024-05-06T09:00", "2024-05-08T09:00"),  # a Monday
        ("2024-05-09T15:30", "2024-05-13T15:30"),  # a Thursday
        ("2024-05-10T15:30", "2024-05-14T15:30"),
        ("2024-05-11T11:00", "2024-05-14T11:00"),  # a Saturday
        ("2024-10-25T12:00", "2024-10-29T12:00"),  # the clocks go back between
    ],
)
def test_an_answer_is_owed_within_two_working_days(sent, by) -> None:
    zone = ZoneInfo("Europe/Lisbon")
    at = datetime.fromisoformat(sent).replace(tzinfo=zone)
    assert enquiring.reply_by(at, "Europe/Lisbon").replace(tzinfo=None).isoformat()[:16] == by


def test_it_goes_to_one_person_with_a_neutral_notice(enquiry, tess, now) -> None:
    assert (enquiry.state, enquiry.to.user, enquiry.name) == ("sent", tess, "Cleo")
    assert told_in(enquiry) == CLEOS
    notice = Notice.objects.get(user=tess, made_at=now)
    assert not [word for word in ("Cleo", "call", "anxiety") if word in f"{notice.subject} {notice.body}"]


def test_a_second_press_sends_nothing_more(search, enquiry, profile_of, now) -> None:
    assert enquiring.send_enquiry(search, profile_of("tess"), CONTACT, by=None, at=now) == enquiry
    assert Enquiry.objects.count() == 1


def test_answers_stay_back_where_they_are_kept_back(search, profile_of, now) -> None:
    sent = enquiring.send_enquiry(search, profile_of("tess"), {**CONTACT, "tells": "no"}, by=None, at=now)
    assert (sent.answers, told_in(sent)) == (None, {})


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": " "},
        {"reach": "", "address": ""},
        {"address": "not an address"},
        {"words": "x" * 601},
        {"tells": ""},
    ],
)
def test_what_can_not_be_answered_is_not_sent(search, profile_of, now, wrong) -> None:
    with pytest.raises(Refused):
        enquiring.send_enquiry(search, profile_of("tess"), {**CONTACT, **wrong}, by=None, at=now)
    assert not Enquiry.objects.exists()


def test_whoever_is_full_is_not_asked(search, profile_of, now) -> None:
    with pytest.raises(Refused, match="no free place"):
        enquiring.send_enquiry(search, profile_of("theo"), CONTACT, by=None, at=now)


def test_only_the_one_who_was_asked_finds_it(enquiry, person, now) -> None:
    assert enquiry_for(person("tess"), enquiry.code, at=now) == enquiry
    for slug in ("thandi", "theo", "omar", "sana", "vera"):
        with pytest.raises(NotAllowed):
            enquiry_for(person(slug), enquiry.code, at=now)
    for slug in ("sam", "kai", "nia"):
        with pytest.raises(NotFound):
            enquiry_for(person(slug), enquiry.code, at=now)
    assert Entry.objects.filter(kind="denied", row=enquiry.code).count() == 8
    assert list(enquiries_for(person("thandi"), at=now)) == []


def test_only_its_own_search_finds_it(enquiry, now) -> None:
    assert enquiry_of(enquiry.search, enquiry.code) == enquiry
    for other in (None, begin_search(by=None, at=now)):
        with pytest.raises(NotFound):
            enquiry_of(other, enquiry.code)


def test_opening_is_reading_once(enquiry, tess, now) -> None:
    replying.see(enquiry, by=tess, at=now)
    replying.see(enquiry, by=tess, at=now + HOUR)
    assert (enquiry.state, enquiry.seen_at) == ("seen", now)
    assert Entry.objects.filter(kind="read", row=enquiry.code, actor=tess).count() == 2


def test_times_are_offered_and_one_is_taken(offered, now) -> None:
    enquiring.choose_time(offered, now + DAY, by=None, at=now)
    assert (offered.state, offered.call_at, offered.call_how) == ("booked", now + DAY, "I call you.")
    assert Letter.objects.get().subject == "There is news for you"
    for moment in (now + DAY, now + 3 * DAY):
        with pytest.raises((Refused, StateMoved)):
            enquiring.choose_time(offered, moment, by=None, at=now)


def test_a_time_that_is_over_is_not_taken(offered, now) -> None:
    with pytest.raises(Refused):
        enquiring.choose_time(offered, now + DAY, by=None, at=now + DAY)


def test_none_of_the_times_fits_and_an_answer_is_owed_again(offered, now) -> None:
    enquiring.ask_other_times(offered, by=None, at=now + DAY)
    assert (offered.state, offered.times, offered.call_how) == ("sent", [], None)
    assert offered.reply_by > now + DAY


@pytest.mark.parametrize("count", [0, 4])
def test_one_to_three_times_are_offered(enquiry, tess, now, count) -> None:
    times = [now + (turn + 1) * DAY for turn in range(count)]
    with pytest.raises(Refused):
        replying.offer_call(enquiry, times, how="I call.", by=tess, at=now, link_url=LINK)


def test_times_that_are_over_or_without_a_how_are_not(enquiry, tess, now) -> None:
    for times, how in (([now], "I call."), ([now + DAY], " "), ([now + DAY], "x" * 301)):
        with pytest.raises(Refused):
            replying.offer_call(enquiry, times, how=how, by=tess, at=now, link_url=LINK)


def end(how, enquiry, tess, now) -> None:
    if how == "declined":
        replying.decline(enquiry, by=tess, at=now, link_url=LINK)
    elif how == "withdrawn":
        enquiring.withdraw(enquiry, by=None, at=now)
    else:
        assert replying.pass_over(enquiry.reply_by, link_url=LINK) == 1
        enquiry.refresh_from_db()


@pytest.mark.parametrize("how", ["declined", "withdrawn", "expired"])
def test_what_was_sent_goes_with_the_end(enquiry, tess, now, how) -> None:
    end(how, enquiry, tess, now)
    assert enquiry.state == how
    assert {getattr(enquiry, name) for name in ("name", "reach", "address", "words", "answers")} == {None}
    assert Letter.objects.count() == (how != "withdrawn")  # who took it back knows
    for again in (
        lambda: replying.decline(enquiry, by=tess, at=now, link_url=LINK),
        lambda: enquiring.withdraw(enquiry, by=None, at=now),
    ):
        with pytest.raises(StateMoved):
            again()


def test_no_answer_in_time_is_told_once_and_never_early(enquiry, now) -> None:
    assert replying.pass_over(enquiry.reply_by - HOUR, link_url=LINK) == 0
    assert [replying.pass_over(enquiry.reply_by, link_url=LINK) for _ in range(2)] == [1, 0]
    assert Letter.objects.count() == 1


def test_who_answered_in_time_is_not_passed_over(offered, now) -> None:
    assert replying.pass_over(now + 30 * DAY, link_url=LINK) == 0


def test_a_start_takes_the_place_and_makes_a_page_of_ones_own(offered, tess, profile_of, now) -> None:
    before = places_of(profile_of("tess"))
    pair = replying.start(offered, CONTACT["address"], by=tess, at=now, urls=URLS)
    assert places_of(profile_of("tess")) == before - 1
    client = User.objects.get(email="c.marsh@example.org")
    assert (pair.client, client.name, client.zone) == (client, "Cleo", "Europe/Lisbon")
    offered.refresh_from_db()
    assert (offered.state, offered.pair, offered.search.client) == ("started", pair, client)
    mail = Notice.objects.get(user=client)
    assert "http://localhost/sign-in/" in (mail.body or "")
    told = told_by(Seen(pair, client, "client"))
    assert told is not None
    assert (told.name, told.answers) == ("Cleo", CLEOS)
    with pytest.raises(StateMoved):
        replying.start(offered, CONTACT["address"], by=tess, at=now, urls=URLS)


def test_a_start_takes_the_other_enquiries_back(search, offered, tess, profile_of, now) -> None:
    other = enquiring.send_enquiry(search, profile_of("thandi"), CONTACT, by=None, at=now)
    replying.start(offered, CONTACT["address"], by=tess, at=now, urls=URLS)
    other.refresh_from_db()
    assert (other.state, other.name) == ("withdrawn", None)


def test_without_a_place_nothing_starts(offered, tess, profile_of, now) -> None:
    for _ in range(2):
        take_place(profile_of("tess"), by=None, at=now)
    with pytest.raises(Full):
        replying.start(offered, CONTACT["address"], by=tess, at=now, urls=URLS)
    offered.refresh_from_db()
    assert offered.state == "offered"
    assert not User.objects.filter(email=CONTACT["address"]).exists()


def test_an_enquiry_nobody_read_does_not_start(enquiry, tess, now) -> None:
    with pytest.raises(StateMoved):
        replying.start(enquiry, CONTACT["address"], by=tess, at=now, urls=URLS)


@pytest.mark.parametrize("slug", ["jo", "theo"])
def test_somebody_elses_address_starts_nothing(search, profile_of, tess, now, slug) -> None:
    """Whoever types an address that is known here must have opened a mail that went there. Staff are no clients."""
    address = f"{slug}@harbour.example"
    contact = {**CONTACT, "address": address}
    search = keep_contact(search, contact, at=now)
    sent = enquiring.send_enquiry(search, profile_of("tess"), contact, by=None, at=now)
    replying.see(sent, by=tess, at=now)
    with pytest.raises(Refused, match="open the link"):
        replying.start(sent, address, by=tess, at=now, urls=URLS)
    come_back(token_in(Letter.objects.get()), at=now)
    sent.refresh_from_db()
    with pytest.raises(Refused, match="already" if slug == "jo" else "another one"):  # Jo works with Tess already
        replying.start(sent, address, by=tess, at=now, urls=URLS)


def test_whose_address_it_is_starts_after_the_link(search, profile_of, person, now) -> None:
    contact = {**CONTACT, "address": "Cleo@harbour.example"}
    search = keep_contact(search, contact, at=now)
    sent = enquiring.send_enquiry(search, profile_of("tess"), contact, by=None, at=now)
    ask_for_link(search, at=now, link_url=LINK)
    come_back(token_in(Letter.objects.get()), at=now)
    replying.see(sent, by=person("tess"), at=now)
    sent.refresh_from_db()
    pair = replying.start(sent, "cleo@harbour.example", by=person("tess"), at=now, urls=URLS)
    assert pair == CarePair.objects.get(client=person("cleo"))


def test_three_people_at_once_and_no_more(search, enquiry, profile_of, now) -> None:
    enquiring.send_enquiry(search, profile_of("thandi"), CONTACT, by=None, at=now)
    enquiring.send_enquiry(search, profile_of("tia"), CONTACT, by=None, at=now)
    assert Enquiry.objects.filter(state="sent").count() == 3
    with pytest.raises(Refused, match="three"):
        enquiring.send_enquiry(search, profile_of("theo"), CONTACT, by=None, at=now)


def test_a_link_brings_the_search_back_until_it_runs_out(search, now) -> None:
    ask_for_link(search, at=now, link_url=LINK)
    token = token_in(Letter.objects.get())
    assert look_at_link(token, at=now).search == search
    assert Search.objects.get(pk=search.pk).proved_at is None
    assert come_back(token, at=now + DAY) == search
    assert Search.objects.get(pk=search.pk).proved_at == now + DAY
    with pytest.raises(Gone):
        come_back(token, at=now + 14 * DAY)
    with pytest.raises(NotFound):
        come_back("nothing", at=now)


def test_a_letterbox_is_not_filled(search, now) -> None:
    for turn in range(MOST_A_DAY):
        assert write_letter(search, "back", at=now + turn * timedelta(minutes=1), link_url=LINK)
    with pytest.raises(Refused):
        ask_for_link(search, at=now + HOUR, link_url=LINK)
    assert write_letter(search, "back", at=now + 2 * DAY, link_url=LINK)
    assert mark_of(" C.Marsh@example.org") == mark_of("c.marsh@example.org")


def test_a_letter_is_sealed_goes_out_once_and_names_nobody(search, now, mailoutbox) -> None:
    write_letter(search, "news", at=now, link_url=LINK)
    stored: Any = Letter.objects.values_list("address", "body").get()
    assert b"marsh" not in bytes(stored[0]) + bytes(stored[1])
    assert [send_letters(now), send_letters(now)] == [1, 0]
    mail = mailoutbox[0]
    assert mail.to == ["c.marsh@example.org"]
    assert not [word for word in ("Cleo", "Tess", "therap", "Harbour") if word in mail.subject + mail.body]
    assert send_letters(now + 15 * DAY) == 0
    assert not Letter.objects.exists()
