from datetime import timedelta
from typing import Any

import pytest

from accord.records.accounts.models import Notice
from accord.records.audit.models import Entry
from accord.records.errors import NotAllowed, Refused, StateMoved
from accord.records.pairs.actions import begin_pair
from accord.records.profiles.actions import (
    Facts,
    Room,
    ask_to_confirm,
    begin_profile,
    confirm,
    make_room,
    publish,
    unpublish,
    write_profile,
)
from accord.records.profiles.jobs import warn_before_places_turn_stale
from accord.records.profiles.models import Profile
from accord.records.profiles.places import take_place
from accord.records.profiles.queries import places_of, published, standing_of

DAY = timedelta(days=1)
ADDRESS = "https://accord.example/desk/profile/"
LEAST = {"language": ["en"], "need": ["anxiety"], "mode": ["video"]}


def test_it_keeps_what_its_therapist_wrote_sealed(profile_of, person, now) -> None:
    tess = profile_of("tess")
    facts = Facts(LEAST, title="Therapist", words={"helps": "  Worry. "}, style={"now": 1}, fee=60)
    write_profile(tess, facts, revision=tess.revision, by=person("tess"), at=now)
    kept = profile_of("tess")
    assert (kept.helps, kept.works, kept.says, kept.insurances.count()) == ("Worry.", None, LEAST, 0)
    stored: Any = Profile.objects.values_list("helps", flat=True).get(pk=tess.pk)
    assert b"Worry" not in bytes(stored)


def test_it_tells_the_second_of_two_windows(profile_of, person, now) -> None:
    tess = profile_of("tess")
    write_profile(tess, Facts(LEAST), revision=tess.revision, by=person("tess"), at=now)
    with pytest.raises(StateMoved):
        write_profile(tess, Facts({}), revision=tess.revision, by=person("tess"), at=now)
    assert profile_of("tess").says == LEAST


@pytest.mark.parametrize(
    "facts",
    [
        Facts({"need": ["everything"]}),
        Facts({"language": ["Spanish"]}),
        Facts({"horoscope": ["leo"]}),
        Facts(LEAST, style={"warmth": 1}),
        Facts(LEAST, style={"now": 2}),
        Facts(LEAST, words={"helps": "x" * 1201}),
        Facts(LEAST, fee=40, fee_reduced=50),
    ],
)
def test_it_refuses_what_is_not_an_answer(profile_of, person, now, facts) -> None:
    tess = profile_of("tess")
    with pytest.raises(Refused):
        write_profile(tess, facts, revision=tess.revision, by=person("tess"), at=now)


def test_it_is_nobody_elses_to_write_publish_or_confirm(profile_of, person, now) -> None:
    tess, omar = profile_of("tess"), person("omar")
    with pytest.raises(NotAllowed):
        write_profile(tess, Facts(LEAST), revision=tess.revision, by=omar, at=now)
    with pytest.raises(NotAllowed):
        begin_profile(tess.post, by=omar, at=now)
    for act in (publish, unpublish):
        with pytest.raises(NotAllowed):
            act(tess, by=omar, at=now)
    with pytest.raises(NotAllowed):
        confirm(tess, places=2, by=omar, at=now)


@pytest.mark.parametrize(
    ("room", "sentence"),
    [
        (Room(capacity=21, hours=20, elsewhere=19), "20 hours a week do not hold 21 people"),
        (Room(capacity=20, hours=20, elsewhere=20), "21 people would have 20 places"),
        (Room(capacity=19, hours=20, elsewhere=19), "20 people would have 19 places"),
        (Room(capacity=20, hours=20, elsewhere=21), "more people than places"),
        (Room(capacity=20, hours=90), "60"),
    ],
)
def test_it_refuses_more_people_than_places(profile_of, person, now, room, sentence) -> None:
    for by in ("omar", "theo"):
        with pytest.raises(Refused, match=sentence):
            make_room(profile_of("theo"), room, by=person(by), at=now)
    assert (places_of(profile_of("theo")), profile_of("theo").capacity) == (0, 20)


def test_it_holds_twice_the_people_who_come_every_other_week(profile_of, person, now) -> None:
    make_room(profile_of("theo"), Room(22, 11, elsewhere=19, rhythm=2), by=person("theo"), at=now)
    assert places_of(profile_of("theo")) == 2


def test_what_somebody_else_made_larger_waits_for_its_therapists_word(profile_of, person, now) -> None:
    make_room(profile_of("tess"), Room(21, 22), by=person("omar"), at=now)
    assert (standing_of(profile_of("tess"), at=now).state, profile_of("tess").confirmed_at) == ("hidden", None)
    confirm(profile_of("tess"), places=3, by=person("tess"), at=now)
    assert standing_of(profile_of("tess"), at=now)[:2] == ("open", 3)


def test_what_somebody_else_made_smaller_holds_at_once(profile_of, person, now) -> None:
    make_room(profile_of("tess"), Room(19, 22), by=person("omar"), at=now)
    assert standing_of(profile_of("tess"), at=now)[:2] == ("open", 1)


def test_it_confirms_the_number_that_was_seen(profile_of, person, now) -> None:
    thandi = profile_of("thandi")
    begin_pair(person("cleo"), thandi.post, by=None, at=now)
    with pytest.raises(StateMoved):
        confirm(thandi, places=3, by=person("thandi"), at=now)
    confirm(thandi, places=2, by=person("thandi"), at=now)
    assert standing_of(profile_of("thandi"), at=now)[:3] == ("open", 2, 0)


def test_it_is_published_once_it_says_the_least_and_taken_down_at_once(person, now) -> None:
    sam = begin_profile(person("sam").posts.get(), by=person("sam"), at=now)
    with pytest.raises(Refused):
        publish(sam, by=person("sam"), at=now)
    write_profile(sam, Facts(LEAST), revision=0, by=person("sam"), at=now)
    sam.refresh_from_db()
    publish(sam, by=person("sam"), at=now)
    publish(sam, by=person("sam"), at=now)
    assert sam in published(at=now)
    unpublish(sam, by=person("sam"), at=now)
    assert sam not in published(at=now)
    assert Entry.objects.filter(verb="profile published", actor=person("sam")).count() == 1


def test_it_asks_for_a_confirmation_once_in_neutral_words(profile_of, person, now) -> None:
    for _ in range(2):
        ask_to_confirm(profile_of("thandi"), by=person("omar"), at=now, address=ADDRESS)
    (mail,) = Notice.objects.filter(user=person("thandi"))
    assert ADDRESS in (mail.body or "")
    assert not [word for word in ("Thandi", "Harbour", "therap") if word in mail.subject + (mail.body or "")]
    confirm(profile_of("thandi"), places=3, by=person("thandi"), at=now)
    assert profile_of("thandi").asked_at is None


def test_it_warns_two_days_before_a_confirmation_runs_out_once_and_by_day(profile_of, person, now) -> None:
    confirm(profile_of("thandi"), places=3, by=person("thandi"), at=now)
    noon = now.replace(hour=12)
    tia, tess = person("tia"), person("tess")
    assert warn_before_places_turn_stale(noon + 6 * DAY, address=ADDRESS) == 0
    assert warn_before_places_turn_stale((noon + 8 * DAY).replace(hour=2), address=ADDRESS) == 0
    assert warn_before_places_turn_stale(noon + 8 * DAY, address=ADDRESS) == 1
    assert warn_before_places_turn_stale(noon + 9 * DAY, address=ADDRESS) == 0
    assert [mail.user for mail in Notice.objects.filter(user__in=[tia, tess])] == [tia]
    assert warn_before_places_turn_stale(noon + 13 * DAY, address=ADDRESS) == 2
    assert Notice.objects.filter(user=tess).count() == 1


def test_it_warns_nobody_whose_places_are_all_taken(profile_of, person, now) -> None:
    take_place(profile_of("tia"), by=None, at=now)
    assert warn_before_places_turn_stale(now.replace(hour=12) + 8 * DAY, address=ADDRESS) == 0
