"""A concern goes to the duty person and to nobody of the pair; where nobody is named, nothing is taken."""

from datetime import timedelta
from typing import Any

import pytest

from accord.records.accounts.models import Notice
from accord.records.audit.models import Entry
from accord.records.audit.queries import who_looked
from accord.records.errors import NotAllowed, NotFound, Refused, StateMoved
from accord.records.pairs.actions import begin_pair, end_pair
from accord.records.pairs.queries import Seen
from accord.records.practices.actions import appoint, end_post
from accord.records.practices.models import Post
from accord.records.ruptures.concerns import (
    concern_for,
    concerns_for,
    concerns_of,
    duty_people,
    mark_seen,
    named_contacts,
    raise_concern,
)
from accord.records.ruptures.models import Concern, Episode, Flag, Note

WORDS = "canary-91aa it felt wrong"


@pytest.fixture
def concern(kai, now) -> Concern:
    return raise_concern(WORDS, by=kai, at=now, reach="after six, 555 0101")


def test_the_duty_person_is_told_at_once_and_nobody_else(kai, now) -> None:
    before = set(Notice.objects.values_list("pk", flat=True))
    raise_concern(WORDS, by=kai, at=now)
    fresh = Notice.objects.exclude(pk__in=before)
    assert [notice.user.email for notice in fresh] == ["dora@harbour.example"]
    for word in ("Kai", "Tess", "concern", "safe", "Harbour", "canary"):
        assert word not in f"{fresh[0].subject} {fresh[0].body}"


def test_it_touches_nothing_that_belongs_to_the_pair(concern) -> None:
    assert (Episode.objects.count(), Flag.objects.filter(kind="said").count(), Note.objects.count()) == (0, 0, 0)


def test_it_is_sealed_and_its_entries_carry_no_pair(concern, kai, person, now) -> None:
    raw: Any = Concern.objects.values()[0]
    assert b"canary" not in bytes(raw["words"])
    assert b"555" not in bytes(raw["reach"])
    mark_seen(concern, by=person("dora"), at=now)
    entries = Entry.objects.filter(table="ruptures.concern")
    assert {entry.verb for entry in entries} == {"concern raised", "concern seen"}
    assert {entry.pair for entry in entries} == {""}
    assert not who_looked(kai.pair.code).filter(table="ruptures.concern").exists()


@pytest.mark.parametrize(
    ("slug", "error"),
    [
        ("tess", NotAllowed),
        ("sana", NotAllowed),
        ("omar", NotAllowed),
        ("rui", NotAllowed),
        ("vera", NotAllowed),
        ("kai", NotFound),
        ("jo", NotFound),
        ("sam", NotFound),
    ],
)
def test_nobody_but_the_duty_person_opens_it_and_the_try_is_kept(concern, person, now, slug, error) -> None:
    assert list(concerns_for(person(slug), at=now)) == []
    with pytest.raises(error):
        concern_for(person(slug), concern.code, at=now)
    assert Entry.objects.filter(kind="denied", actor=person(slug), row=concern.code).count() == 1


def test_the_client_sees_who_saw_it_and_when(concern, kai, person, now) -> None:
    dora = person("dora")
    mark_seen(concern_for(dora, concern.code, at=now), by=dora, at=now)
    seen = concerns_of(kai.viewer).get()
    assert (seen.seen_by, seen.seen_at) == (dora, now)
    with pytest.raises(StateMoved):
        mark_seen(concern, by=dora, at=now)


def test_only_the_client_raises_one(tess, now) -> None:
    with pytest.raises(NotAllowed):
        raise_concern(WORDS, by=tess, at=now)


@pytest.mark.parametrize(("words", "reach"), [("  ", ""), ("x" * 2001, ""), ("hm", "x" * 201)])
def test_what_does_not_fit_is_refused(kai, now, words, reach) -> None:
    with pytest.raises(Refused):
        raise_concern(words, by=kai, at=now, reach=reach)
    assert not Concern.objects.exists()


def test_where_nobody_is_named_nothing_is_taken(kai, person, now) -> None:
    end_post(person("dora").posts.get(), on=now.date())
    assert duty_people(kai.pair, at=now) == []
    with pytest.raises(Refused, match="nothing was sent"):
        raise_concern(WORDS, by=kai, at=now)
    assert not Concern.objects.exists()


def test_a_therapist_on_duty_gets_none_about_themselves(kai, person, now) -> None:
    tess = person("tess")
    appoint(kai.pair.practice, tess, Post.Role.DUTY, since=now.date())
    assert duty_people(kai.pair, at=now) == [person("dora")]
    concern = raise_concern(WORDS, by=kai, at=now)
    assert list(concerns_for(tess, at=now)) == []
    with pytest.raises(NotAllowed):
        concern_for(tess, concern.code, at=now)
    end_post(person("dora").posts.get(), on=now.date())
    with pytest.raises(Refused):
        raise_concern(WORDS, by=kai, at=now)


def test_who_left_sees_nothing_any_more(concern, person, now) -> None:
    dora = person("dora")
    end_post(dora.posts.get(), on=now.date())
    assert list(concerns_for(dora, at=now)) == []
    with pytest.raises(NotFound):
        concern_for(dora, concern.code, at=now)


def test_the_named_contact_is_a_third_person(kai, person, now) -> None:
    assert named_contacts(kai.pair, at=now) == [person("vera")]


def test_nobody_who_was_ever_this_clients_therapist_gets_it(kai, pair_of, person, now) -> None:
    """Kai has moved from Tess to Theo; Tess is a duty person, too. What he says about Theo is not hers."""
    end_pair(pair_of("kai"), by=person("tess"), at=now)
    appoint(kai.pair.practice, person("tess"), Post.Role.DUTY, since=now.date())
    pair = begin_pair(person("kai"), person("theo").posts.get(role="therapist"), by=None, at=now)
    assert [one.email for one in duty_people(pair, at=now)] == ["dora@harbour.example"]
    concern = raise_concern(WORDS, by=Seen(pair, person("kai"), "client"), at=now)
    assert not concerns_for(person("tess"), at=now).exists()
    assert list(concerns_for(person("dora"), at=now)) == [concern]


def test_one_that_nobody_has_seen_stands_first(kai, person, now) -> None:
    old = raise_concern(WORDS, by=kai, at=now - timedelta(days=1))
    mark_seen(old, by=person("dora"), at=now)
    new = raise_concern(WORDS, by=kai, at=now)
    assert list(concerns_for(person("dora"), at=now)) == [new, old]
