"""Who holds which role, on which day."""

from datetime import timedelta

import pytest

from accord.records.accounts.actions import use_link
from accord.records.accounts.models import User
from accord.records.errors import Gone, Refused
from accord.records.practices.actions import appoint, end_post, invite, open_practice
from accord.records.practices.queries import posts_of, practices_where, roles_of

DAY = timedelta(days=1)


def test_a_post_is_held_from_its_first_day_until_the_day_before_its_end(person, now) -> None:
    theo, today = person("theo"), now.date()
    post = theo.posts.get()
    end_post(post, on=today + DAY)
    post.refresh_from_db()
    for day, held in ((today, True), (today + DAY, False), (post.since, True), (post.since - DAY, False)):
        assert post.is_held(on=day) is held
        assert posts_of(theo, on=day).exists() is held


def test_ending_twice_keeps_the_first_day(person, now) -> None:
    post = person("theo").posts.get()
    end_post(post, on=now.date())
    end_post(post, on=now.date() + DAY)
    post.refresh_from_db()
    assert post.until == now.date()


def test_a_role_is_held_once_at_a_time_and_again_later(harbour, person, now) -> None:
    theo = person("theo")
    assert appoint(harbour, theo, "therapist", since=now.date()) == theo.posts.get()
    end_post(theo.posts.get(), on=now.date())
    appoint(harbour, theo, "therapist", since=now.date() + DAY)
    assert theo.posts.count() == 2


def test_a_word_that_is_no_role_is_refused(harbour, person, now) -> None:
    with pytest.raises(Refused, match="therapist, supervisor, lead, researcher, operator"):
        appoint(harbour, person("theo"), "admin", since=now.date())


def test_roles_are_those_of_today(harbour, person, now) -> None:
    assert roles_of(person("tess"), on=now.date()) == {"therapist"}
    assert roles_of(person("kai"), on=now.date()) == frozenset()
    appoint(harbour, person("tess"), "supervisor", since=now.date() + DAY)
    assert roles_of(person("tess"), on=now.date()) == {"therapist"}
    assert roles_of(person("tess"), on=now.date() + DAY) == {"therapist", "supervisor"}


def test_a_switched_off_person_holds_nothing(person, now) -> None:
    User.objects.filter(pk=person("omar").pk).update(is_active=False)
    assert roles_of(person("omar"), on=now.date()) == frozenset()


def test_practices_are_those_where_the_role_is_held(harbour, person, now) -> None:
    omar, elsewhere = person("omar"), open_practice("Elsewhere")
    appoint(elsewhere, omar, "therapist", since=now.date())
    assert list(practices_where(omar, "lead", on=now.date())) == [harbour]


def test_an_invitation_is_a_person_a_post_and_a_link_for_one_use(harbour, now) -> None:
    token = invite(harbour, "new@harbour.example", "New Colleague", role="therapist", at=now)
    user = use_link(token, "invitation", at=now)
    assert roles_of(user, on=now.date()) == {"therapist"}
    assert not user.has_usable_password()
    with pytest.raises(Gone):
        use_link(token, "invitation", at=now)


def test_an_invitation_of_somebody_known_makes_nobody_twice(harbour, person, now) -> None:
    invite(harbour, "TESS@harbour.example", "Somebody", role="supervisor", at=now)
    assert roles_of(person("tess"), on=now.date()) == {"therapist", "supervisor"}
    assert person("tess").name == "Tess Carvalho"


def test_an_invitation_with_a_wrong_role_leaves_nothing_behind(harbour, now) -> None:
    with pytest.raises(Refused):
        invite(harbour, "new@harbour.example", "New Colleague", role="admin", at=now)
    assert not User.objects.filter(email="new@harbour.example").exists()
