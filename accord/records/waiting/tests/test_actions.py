import pytest

from accord.records.accounts.models import Notice, User
from accord.records.errors import NotAllowed, Refused, StateMoved
from accord.records.practices.actions import appoint, open_practice
from accord.records.waiting.actions import (
    Said,
    add_person,
    join_list,
    leave_list,
    note_contact,
    send_message,
    set_urgency,
)
from accord.records.waiting.asks import unpack
from accord.records.waiting.models import Touch, Wait
from accord.records.waiting.offering import offer_place
from accord.records.waiting.queries import queue, shown_name
from accord.science.matching import Asked, Wish

SPANISH = Asked((Wish("language", frozenset({"language:es"})),))


def test_it_joins_once_with_what_the_client_gave_sealed(harbour, person, now) -> None:
    cleo = person("cleo")
    first = join_list(harbour, cleo, SPANISH, by=cleo, at=now)
    assert join_list(harbour, cleo, Asked(), by=cleo, at=now) == first
    assert unpack(Wait.objects.get(pk=first.pk).wishes) == SPANISH
    stored: object = Wait.objects.values_list("wishes", flat=True).get(pk=first.pk)
    assert b"language" not in bytes(stored)  # type: ignore[call-overload]


def test_it_takes_known_tokens_only(harbour, person, now) -> None:
    with pytest.raises(Refused):
        join_list(harbour, person("cleo"), Asked((Wish("need", frozenset({"need:all"})),)), by=person("cleo"), at=now)
    with pytest.raises(Refused):
        join_list(harbour, person("cleo"), SPANISH, by=person("cleo"), at=now, said=Said(9))


def test_somebody_who_rang_is_on_the_list(harbour, person, now) -> None:
    wait = add_person(harbour, SPANISH, name="Ana Reis", email="ana@mail.example", by=person("vera"), at=now)
    assert (wait.client.name, wait.since) == ("Ana Reis", now)


def test_what_refuses_an_address_does_not_tell_whose_it_is(harbour, person, now) -> None:
    gone = User.objects.create_user("gone@mail.example", "Gone Away", is_active=False)
    elsewhere = User.objects.create_user("works@elsewhere.example", "Works Elsewhere")
    appoint(open_practice("Elsewhere"), elsewhere, "lead", since=now.date())
    told = set()
    for email in ("TESS@harbour.example", elsewhere.email, gone.email):
        with pytest.raises(Refused) as refused:
            add_person(harbour, SPANISH, name="Tess", email=email, by=person("vera"), at=now)
        told.add(str(refused.value))
    assert told == {"Nobody can be put on the list with this mail address. Ask them for another one."}


def test_whose_account_it_is_does_not_show_until_they_ask_themselves(harbour, person, now) -> None:
    known = User.objects.create_user("known@elsewhere.example", "Anna Realname")
    wait = add_person(harbour, SPANISH, name="A. R.", email="KNOWN@elsewhere.example", by=person("vera"), at=now)
    assert wait.client == known
    assert shown_name(_seen(harbour, wait)) == "A. R."
    join_list(harbour, known, Asked(), by=known, at=now)
    assert shown_name(_seen(harbour, wait)) == "Anna Realname"


def test_a_client_of_this_practice_shows_by_their_own_name(harbour, person, now) -> None:
    wait = add_person(harbour, SPANISH, name="K", email=person("kai").email, by=person("vera"), at=now)
    assert shown_name(_seen(harbour, wait)) == person("kai").name


def _seen(practice, wait):
    return next(one for one in queue(practice) if one == wait)


def test_leaving_is_the_clients_own_and_comes_after_an_answer(wait_of, profile_of, person, now) -> None:
    with pytest.raises(NotAllowed):
        leave_list(wait_of("petra"), by=person("vera"), at=now)
    offer_place(wait_of("petra"), profile_of("tess"), by=person("vera"), at=now)
    with pytest.raises(Refused):
        leave_list(wait_of("petra"), by=person("petra"), at=now)
    leave_list(wait_of("ravi"), by=wait_of("ravi").client, at=now)
    assert wait_of("ravi").ended == "left"
    for act in (note_contact, lambda wait, **by: send_message(wait, "Hello", address="", **by)):
        with pytest.raises(StateMoved):
            act(wait_of("ravi"), by=person("vera"), at=now)


def test_what_the_list_held_goes_with_the_wait(wait_of, person, now) -> None:
    wait = wait_of("ravi")
    send_message(wait, "You are second.", by=person("vera"), at=now, address="")
    leave_list(wait, by=wait.client, at=now)
    left = wait_of("ravi")
    assert (left.name, left.reach, set(left.touches.values_list("words", flat=True))) == (None, None, {None})
    assert unpack(left.wishes) == SPANISH  # for the counts; how and when and what about are gone


def test_a_message_is_kept_sealed_and_told_in_neutral_words(wait_of, person, now) -> None:
    send_message(wait_of("noor"), " You wait nine weeks. ", by=person("vera"), at=now, address="https://a.example/w/")
    touch = Touch.objects.order_by("-pk")[0]
    assert (touch.words, touch.at) == ("You wait nine weeks.", now)
    (mail,) = Notice.objects.filter(user=wait_of("noor").client)
    assert "nine" not in (mail.body or "")
    for words in ("  ", "x" * 1501):
        with pytest.raises(Refused):
            send_message(wait_of("noor"), words, by=person("vera"), at=now, address="")


def test_urgency_is_one_of_three(wait_of, person, now) -> None:
    set_urgency(wait_of("noor"), 2, by=person("vera"), at=now)
    assert wait_of("noor").urgency == 2
    with pytest.raises(Refused):
        set_urgency(wait_of("noor"), 3, by=person("vera"), at=now)
