from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accord.records.accounts.models import User
from accord.records.audit.models import Entry
from accord.records.errors import NotAllowed, NotFound
from accord.records.profiles.actions import confirm
from accord.records.profiles.queries import of_practice, offers_of
from accord.records.waiting.actions import join_list, leave_list, send_message
from accord.records.waiting.models import Wait
from accord.records.waiting.offering import offer_place
from accord.records.waiting.queries import (
    fairness,
    is_silent,
    line_behind,
    own_waits,
    queue,
    queues_of,
    suggestion,
    told,
    wait_for,
)
from accord.science.matching import Asked, Wish

WEEK = timedelta(weeks=1)


def slugs(waits) -> list[str]:
    return [one.client.email.partition("@")[0] for one in waits]


def test_it_is_urgent_first_then_oldest(harbour) -> None:
    assert slugs(queue(harbour)) == ["petra", "noor", "silas", "ravi", "olga"]


def test_it_marks_three_weeks_without_a_word(harbour, wait_of, person, now) -> None:
    assert slugs(one for one in queue(harbour) if is_silent(one, at=now)) == ["noor", "silas"]
    send_message(wait_of("noor"), "Hello", by=person("vera"), at=now, address="")
    assert slugs(one for one in queue(harbour) if is_silent(one, at=now)) == ["silas"]
    assert "olga" in slugs(one for one in queue(harbour) if is_silent(one, at=now + 2 * WEEK))


def test_it_suggests_within_capacity_and_breaks_no_must_have(harbour, profile_of, now) -> None:
    waits = queue(harbour)
    found = suggestion(harbour, waits, at=now)
    by_code = {one.code: slug for one, slug in zip(waits, slugs(waits), strict=True)}
    placed = {by_code[one.client]: one.offer for one in found.proposals}
    offers = {one.id: one for one in offers_of(of_practice(harbour, at=now), at=now)}
    assert placed["petra"] == placed["ravi"] == profile_of("tess").code
    assert placed["olga"] == profile_of("tia").code
    assert placed["noor"] is placed["silas"] is None  # Thandi is not confirmed, Theo is full
    for offer in offers.values():
        assert list(placed.values()).count(offer.id) <= offer.places
    assert suggestion(harbour, list(reversed(waits)), at=now) == found


def test_a_confirmation_opens_a_place_in_the_suggestion(harbour, profile_of, person, now) -> None:
    confirm(profile_of("thandi"), places=3, by=person("thandi"), at=now)
    found = suggestion(harbour, queue(harbour), at=now)
    assert {one.client: one.offer for one in found.proposals}[queue(harbour)[1].code] == profile_of("thandi").code


def test_whoever_has_an_offer_is_not_placed_twice(harbour, wait_of, profile_of, person, now) -> None:
    offer_place(wait_of("petra"), profile_of("tess"), by=person("vera"), at=now)
    found = suggestion(harbour, queue(harbour), at=now)
    assert wait_of("petra").code not in {one.client for one in found.proposals}


def test_the_line_behind_fits_the_same_therapist(harbour, wait_of, profile_of, now) -> None:
    found = suggestion(harbour, queue(harbour), at=now)
    line = line_behind(found.proposals, profile_of("tess").code, first=wait_of("petra").code)
    assert line[0] == wait_of("ravi").code
    assert wait_of("noor").code not in line


def test_where_somebody_stands_is_what_is_so(wait_of, now) -> None:
    assert (told(wait_of("petra"), at=now).before, told(wait_of("olga"), at=now).before) == (0, 4)
    Wait.objects.filter(pk=wait_of("noor").pk).update(ended_at=now, ended="placed")
    assert told(wait_of("olga"), at=now)[1:] == (3, 1)


def test_it_is_for_whoever_leads_and_the_named_contact(harbour, wait_of, person, now) -> None:
    code = wait_of("noor").code
    for slug in ("omar", "vera"):
        assert queues_of(person(slug), on=now) == [harbour]
        assert wait_for(person(slug), code, at=now).code == code
    for slug, error in (("tess", NotAllowed), ("sana", NotAllowed), ("sam", NotFound), ("kai", NotFound)):
        assert queues_of(person(slug), on=now) == []
        with pytest.raises(error):
            wait_for(person(slug), code, at=now)
    assert Entry.objects.filter(verb="tried to open a wait").count() == 4


def test_a_wait_that_is_over_opens_to_nobody(wait_of, person, now) -> None:
    wait = wait_of("petra")
    leave_list(wait, by=wait.client, at=now)
    for slug in ("omar", "vera"):
        with pytest.raises(NotFound):
            wait_for(person(slug), wait.code, at=now)


def test_a_client_sees_their_own_wait_only(person, wait_of) -> None:
    assert list(own_waits(person("petra"))) == [wait_of("petra")]
    assert not own_waits(person("kai"))


def test_small_groups_are_never_shown(harbour, now) -> None:
    assert {one.people for one in fairness(harbour, at=now)} == {None}


def test_large_groups_are_shown_rounded(harbour, person, now) -> None:
    spanish = Asked((Wish("language", frozenset({"language:es"})),))
    for number in range(13):
        client = User.objects.create_user(f"before{number}@mail.example", "Before Now")
        wait = join_list(harbour, client, spanish, by=person("vera"), at=now - 10 * WEEK)
        Wait.objects.filter(pk=wait.pk).update(ended_at=now - 4 * WEEK, ended="placed")
    groups = {one.name: one[1:] for one in fairness(harbour, at=now)}
    assert groups["all"] == (20, 15, 6)
    assert groups["language:es"] == (15, 15, 6)
    assert groups["language:ar"] == (None, None, None)


def test_it_needs_as_many_queries_for_ten_times_as_many(harbour, person, now) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            suggestion(harbour, queue(harbour), at=now)
        return len(seen)

    few = queries()
    for number in range(45):
        client = User.objects.create_user(f"more{number}@mail.example", "One More")
        join_list(harbour, client, Asked(), by=person("vera"), at=now)
    assert queries() == few
