"""Links that open one thing for one person: only their hash is kept, they run out, some are spent."""

from datetime import timedelta

import pytest

from accord.records.accounts.actions import LIFE, find_link, make_link, use_link
from accord.records.accounts.models import Link, User
from accord.records.errors import Gone, NotFound

MOMENT = timedelta(microseconds=1)


def test_it_opens_for_its_person_and_its_purpose(person, now) -> None:
    token = make_link(person("kai"), "check-in", about="abc", at=now)
    link = find_link(token, "check-in", at=now)
    assert (link.user, link.about) == (person("kai"), "abc")


def test_only_a_hash_of_it_is_kept(person, now) -> None:
    token = make_link(person("kai"), "check-in", at=now)
    row = Link.objects.order_by("-pk").values()[0]
    assert token not in str(row)
    assert bytes(row["token_hash"]) == Link.hash_of(token)


@pytest.mark.parametrize("purpose", ["sign-in", "invitation"])
def test_it_does_not_open_another_door(person, now, purpose) -> None:
    token = make_link(person("kai"), "check-in", at=now)
    with pytest.raises(NotFound):
        use_link(token, purpose, at=now)


def test_absent_foreign_and_of_a_switched_off_person_read_the_same(person, now) -> None:
    token = make_link(person("kai"), "sign-in", at=now)
    User.objects.filter(pk=person("kai").pk).update(is_active=False)
    said = []
    for wrong, purpose in (("nothing", "sign-in"), (token, "check-in"), (token, "sign-in")):
        with pytest.raises(NotFound) as caught:
            find_link(wrong, purpose, at=now)
        said.append(str(caught.value))
    assert len(set(said)) == 1


@pytest.mark.parametrize("purpose", list(LIFE))
def test_it_runs_out_on_time(person, now, purpose) -> None:
    token = make_link(person("kai"), purpose, at=now)
    assert find_link(token, purpose, at=now + LIFE[purpose] - MOMENT)
    with pytest.raises(Gone):
        find_link(token, purpose, at=now + LIFE[purpose])


def test_it_is_spent_once(person, now) -> None:
    token = make_link(person("kai"), "sign-in", at=now)
    assert use_link(token, "sign-in", at=now) == person("kai")
    with pytest.raises(Gone):
        use_link(token, "sign-in", at=now)


def test_two_links_are_never_alike(person, now) -> None:
    assert len({make_link(person("kai"), "sign-in", at=now) for _ in range(20)}) == 20
