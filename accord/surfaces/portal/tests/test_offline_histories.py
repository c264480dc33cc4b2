"""500 random histories of a phone: loss, repeats, reordering, two tabs, a wrong clock, sudden ends, taking back.

In the end nothing is lost and nothing is doubled. The pages, the address and the database are the real ones; the
phone's side is told again in letterbox.py, and the scripts themselves are tried in a browser elsewhere.
"""

from random import Random

import pytest

from accord.records.accounts.actions import make_link
from accord.records.audit.models import Entry
from accord.records.checkins.models import CheckIn, TakenBack
from accord.surfaces.portal.tests.letterbox import Phone, live, settle
from tests.plugins.making import asked

HISTORIES, STEPS, AT_ONCE = 500, 50, 50


@pytest.mark.parametrize("block", range(HISTORIES // AT_ONCE))
def test_nothing_is_lost_and_nothing_is_doubled(block, new_pair, now, browse) -> None:
    server = browse("")
    for number in range(block * AT_ONCE, (block + 1) * AT_ONCE):
        check_in = asked(
            new_pair, now.replace(hour=1) + number % AT_ONCE * (now - now.replace(hour=8, minute=58))
        ).client
        address = f"/c/{make_link(new_pair.client, 'check-in', about=check_in.code, at=now)}/"
        phone = Phone(check_in, address, server, Random(number), clock=now)
        taken = live(phone, STEPS, taking_back=number % 2 == 0)
        settle(phone)
        told(phone, check_in, taken)


def told(phone: Phone, check_in: CheckIn, taken: int) -> None:
    row = CheckIn.objects.get(pk=check_in.pk)
    accepted = Entry.objects.filter(verb="check-in answered", row=check_in.code).count()
    assert accepted == 1 + taken, "one for each time that it was sent, and not one more"
    assert TakenBack.objects.filter(check_in=row).count() == taken
    letter = next(each for each in phone.sealed if each.body["idempotency_key"] == row.idempotency_key)
    assert row.answers
    assert {name: str(given) for name, given in row.answers.items()} == {
        name: letter.body[name] for name in ("bond", "goal", "task", "tension")
    }
    assert letter.of == phone.wanted or phone.wanted in phone.told, "who changed their answers too late is told"
    assert row.answered_at and row.received_at
    assert row.answered_at <= row.received_at, "a phone that runs fast does not answer from the future"
    assert row.zone_offset == 60
