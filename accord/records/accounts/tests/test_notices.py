"""The outbox: each notice leaves once, a server that is down costs a delay."""

import smtplib
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail

from accord.records.accounts.actions import send_notice
from accord.records.accounts.jobs import RETRY_AFTER, send_waiting_notices
from accord.records.accounts.models import Notice, User
from accord.records.accounts.queries import undelivered_notices, waiting_notices

WORDS = "there is a note waiting for you"


@pytest.fixture(autouse=True)
def empty_outbox(harbour) -> None:
    Notice.objects.all().delete()


@pytest.fixture
def server_down(monkeypatch):
    """A mail server that refuses, until told otherwise."""

    def refuse(self, fail_silently=False):
        raise smtplib.SMTPServerDisconnected("down")

    monkeypatch.setattr(mail.EmailMessage, "send", refuse)
    return monkeypatch


def test_it_sends_what_waits_once(person, now) -> None:
    send_notice(person("kai"), "A few short questions", WORDS, at=now)
    assert send_waiting_notices(now) == 1
    assert send_waiting_notices(now + timedelta(days=1)) == 0
    (message,) = mail.outbox
    assert (message.to, message.subject, message.body) == (["kai@harbour.example"], "A few short questions", WORDS)


def test_its_words_are_sealed_in_the_outbox(person, now) -> None:
    send_notice(person("kai"), "Subject", WORDS, at=now)
    stored: Any = Notice.objects.values_list("body", flat=True)[0]
    assert WORDS.encode() not in bytes(stored)
    assert Notice.objects.get().body == WORDS


def test_a_claimed_notice_is_left_to_who_claimed_it(person, now) -> None:
    notice = send_notice(person("kai"), "Subject", WORDS, at=now)
    Notice.objects.filter(pk=notice.pk).update(claimed_at=now - RETRY_AFTER + timedelta(seconds=1))
    assert send_waiting_notices(now) == 0
    assert not mail.outbox


def test_a_claim_that_came_to_nothing_is_taken_over(person, now) -> None:
    notice = send_notice(person("kai"), "Subject", WORDS, at=now)
    Notice.objects.filter(pk=notice.pk).update(claimed_at=now - RETRY_AFTER - timedelta(seconds=1))
    assert send_waiting_notices(now) == 1


def test_a_server_that_is_down_costs_a_delay_and_not_the_notice(person, now, server_down) -> None:
    send_notice(person("kai"), "Subject", WORDS, at=now)
    assert send_waiting_notices(now) == 0
    server_down.undo()
    assert send_waiting_notices(now + RETRY_AFTER + timedelta(seconds=1)) == 1
    assert len(mail.outbox) == 1


def test_the_oldest_leaves_first(person, now) -> None:
    send_notice(person("jo"), "second", WORDS, at=now)
    send_notice(person("kai"), "first", WORDS, at=now - timedelta(minutes=1))
    send_waiting_notices(now)
    assert [message.subject for message in mail.outbox] == ["first", "second"]


def test_somebody_who_left_hears_nothing_more(person, now) -> None:
    send_notice(person("kai"), "Subject", WORDS, at=now)
    User.objects.filter(email="kai@harbour.example").update(is_active=False)
    assert send_waiting_notices(now) == 0
    assert not mail.outbox


def test_a_slow_server_does_not_let_a_claim_grow_old_before_its_turn(person, now, monkeypatch) -> None:
    """Each notice is claimed at the moment of its turn, or a second worker would send it again meanwhile."""
    for place in range(3):
        send_notice(person("kai"), str(place), WORDS, at=now + timedelta(seconds=place))
    moments = iter(range(0, 1000, 60))
    monkeypatch.setattr("accord.records.accounts.jobs.monotonic", lambda: next(moments))
    assert send_waiting_notices(now + timedelta(minutes=1)) == 3
    claims: list[Any] = list(Notice.objects.order_by("made_at").values_list("claimed_at", flat=True))
    assert claims[1] - claims[0] == claims[2] - claims[1] == timedelta(minutes=1)


def test_what_has_run_out_is_not_sent_when_the_server_is_back(person, now, server_down) -> None:
    send_notice(person("kai"), "Your link", WORDS, at=now, lasts=timedelta(hours=1))
    send_notice(person("jo"), "Subject", WORDS, at=now)
    assert send_waiting_notices(now) == 0
    server_down.undo()
    later = now + timedelta(hours=2)
    assert (waiting_notices(later).count(), undelivered_notices(later).count()) == (1, 1)
    assert send_waiting_notices(later) == 1
    assert [message.subject for message in mail.outbox] == ["Subject"]
    assert not waiting_notices(later).exists()


@pytest.mark.parametrize(("code", "given_up"), [(550, 1), (450, 0)])
def test_an_address_that_is_refused_for_good_is_not_tried_again(person, now, monkeypatch, code, given_up) -> None:
    tries = []

    def refuse(self, fail_silently=False):
        tries.append(self.to)
        raise smtplib.SMTPRecipientsRefused({self.to[0]: (code, b"no")})

    monkeypatch.setattr(mail.EmailMessage, "send", refuse)
    send_notice(person("kai"), "Subject", WORDS, at=now)
    for minutes in (0, 5, 10):
        send_waiting_notices(now + timedelta(minutes=minutes))
    assert len(tries) == (1 if given_up else 3)
    assert undelivered_notices(now + timedelta(minutes=10)).count() == given_up
