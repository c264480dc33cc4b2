"""A search: answered a question at a time, sealed, forgotten; nobody's but theirs."""

from datetime import timedelta
from typing import Any

import pytest

from accord.records.audit.models import Entry
from accord.records.errors import Gone, Refused
from accord.records.matching.enquiring import choose_time
from accord.records.matching.models import Enquiry, Letter, Search
from accord.records.matching.queries import answers_of, contact_of, newest_search_of, questions_of, search_by
from accord.records.matching.replying import offer_call
from accord.records.matching.searching import (
    LIFE,
    MOST_QUESTIONS,
    answer_search,
    ask_no_more,
    ask_too,
    begin_search,
    clear_search,
    forget_searches,
    keep_contact,
    relax,
)
from accord.records.matching.tests.conftest import CLEOS, CONTACT, LINK, given

DAY = timedelta(days=1)
pytestmark = pytest.mark.usefixtures("no_search_before")


def test_it_keeps_every_answer_sealed(search) -> None:
    assert answers_of(search) == CLEOS
    stored: Any = Search.objects.values_list("answers", "contact").get(pk=search.pk)
    assert not [word for word in (b"anxiety", b"language", b"marsh") if word in bytes(stored[0]) + bytes(stored[1])]


def test_it_keeps_what_two_tabs_answered(search, now) -> None:
    other = Search.objects.get(pk=search.pk)
    answer_search(search, "who", given("adults"), at=now)
    kept = answer_search(other, "kind", given("therapy"), at=now)
    assert {"who", "kind"} <= set(answers_of(kept))


@pytest.mark.parametrize(
    ("slug", "answer"),
    [
        ("nothing", given("x")),
        ("needs", given("riches")),
        ("needs", given()),
        ("needs", given("anxiety", "anxiety")),
        ("needs", given("anxiety", "skipped")),
        ("needs", given("anxiety", strength="very")),
        ("needs", given("skipped", strength="must")),
        ("who", given("adults", "couples")),
        ("who", given("adults", strength="must")),
        ("language", given("anxiety")),
        ("language", given("language:Not a code")),
        ("pays", given("place:lisbon")),
        ("structure", given("left", strength="must")),
        ("structure", given("middle")),
    ],
)
def test_it_refuses_what_is_no_answer(search, now, slug, answer) -> None:
    with pytest.raises(Refused):
        answer_search(search, slug, answer, at=now)
    assert answers_of(Search.objects.get(pk=search.pk)) == CLEOS


def test_it_lets_go_of_a_must_have_and_of_one_among_several(search, now) -> None:
    assert answers_of(relax(search, "language", "", at=now))["language"]["strength"] == "much"
    answer_search(search, "needs", given("sleep", "grief", strength="must"), at=now)
    soft = answers_of(relax(search, "needs", "grief", at=now))["needs"]
    assert (soft["strength"], soft["soft"]) == ("must", ["grief"])
    for slug, pick in (("needs", "eating"), ("times", ""), ("who", ""), ("nothing", "")):
        with pytest.raises(Refused):
            relax(search, slug, pick, at=now)


def test_its_list_of_questions_holds_each_once(search, now) -> None:
    for text in ("How  long does it take? ", "How long does it take?", "", "  "):
        search = ask_too(search, text, at=now)
    assert questions_of(search) == ["How long does it take?"]
    with pytest.raises(Refused):
        ask_too(search, "x" * 301, at=now)
    for number in range(MOST_QUESTIONS - 1):
        search = ask_too(search, f"{number}?", at=now)
    with pytest.raises(Refused, match="full"):
        ask_too(search, "One more?", at=now)
    assert len(questions_of(ask_no_more(search, "0?", at=now))) == MOST_QUESTIONS - 1


def test_it_is_gone_at_once_with_all_that_was_sent(search, enquiry, now) -> None:
    clear_search(search, by=None, at=now)
    assert (Search.objects.count(), Letter.objects.count()) == (0, 0)
    left = Enquiry.objects.get()
    assert (left.state, left.search, left.name, left.answers) == ("withdrawn", None, None, None)
    with pytest.raises(Gone):
        answer_search(search, "who", given("adults"), at=now)


def test_it_is_forgotten_in_time_unless_somebody_owes_an_answer(search, enquiry, now) -> None:
    lonely = begin_search(by=None, at=now)
    assert search_by(lonely.code, at=now) == lonely
    assert forget_searches(now + LIFE - DAY) == 0
    assert search_by(lonely.code, at=now + LIFE) is None
    assert forget_searches(now + LIFE) == 1
    assert list(Search.objects.all()) == [search]
    Enquiry.objects.update(
        state="expired", over_at=now, **dict.fromkeys(("name", "reach", "address", "words", "answers"))
    )
    assert forget_searches(now + LIFE) == 1


def test_a_call_that_was_booked_gives_it_time_and_then_all_of_it_goes(search, enquiry, person, now) -> None:
    offer_call(enquiry, [now + 20 * DAY], how="I call.", by=person("tess"), at=now, link_url=LINK)
    choose_time(enquiry, now + 20 * DAY, by=None, at=now)
    assert forget_searches(now + 20 * DAY + LIFE - DAY) == 0
    assert forget_searches(now + 20 * DAY + LIFE) == 1
    enquiry.refresh_from_db()
    assert (enquiry.state, enquiry.name, enquiry.search) == ("withdrawn", None, None)


def test_every_answer_gives_it_time(search, now) -> None:
    later = answer_search(search, "who", given("adults"), at=now + 20 * DAY)
    assert later.expires_at == now + 20 * DAY + LIFE


def test_signed_in_it_is_found_on_another_device(person, now) -> None:
    mine = begin_search(by=person("cleo"), at=now)
    assert newest_search_of(person("cleo"), at=now) == mine
    assert newest_search_of(person("kai"), at=now) is None
    assert search_by("", at=now) is None


def test_another_address_has_opened_no_mail_yet(search, now) -> None:
    Search.objects.update(proved_at=now)
    same = keep_contact(search, {**CONTACT, "name": "C."}, at=now)
    assert (contact_of(same)["name"], same.proved_at) == ("C.", now)
    assert keep_contact(search, {**CONTACT, "address": "kai@harbour.example"}, at=now).proved_at is None


def test_the_audit_says_that_and_never_what(search, now) -> None:
    clear_search(search, by=None, at=now)
    mine = Entry.objects.filter(table="matching.search", row=search.code)
    told = [f"{one.verb} {one.detail}" for one in mine]
    assert told == ["search begun {}", "search cleared {}"]
