"""What Kai took back after Tess had read it stays on the pair's page, and says so; unread it is nowhere."""

from datetime import timedelta

import pytest

from accord.records.checkins.actions import mark_all_read
from accord.records.checkins.models import CheckIn
from accord.records.ruptures.taking_back import take_back
from tests.plugins.making import given, sheet

WORDS = "canary I felt missed"
MINUTE = timedelta(minutes=1)


@pytest.fixture
def sent(pair_of, now) -> CheckIn:
    waiting = CheckIn.objects.get(session__pair=pair_of("kai"), instrument="checkin@1", received_at=None)
    return given(waiting, sheet(3, 7, 7, tension="yes", note=WORDS, travels="now"), at=now - 10 * MINUTE)


@pytest.mark.parametrize("read", [True, False])
def test_only_what_was_read_is_told(sent, browse, person, now, read) -> None:
    if read:
        mark_all_read([sent], by=person("tess"), at=now - 5 * MINUTE)
    take_back(sent, by=person("kai"), at=now - MINUTE)
    page = browse("tess").get(f"/desk/{sent.session.pair.code}/").content.decode()
    assert ("took back" in page) is read
    assert (WORDS in page) is read
    assert ("3 · 7 · 7" in page) is read


@pytest.mark.parametrize("slug", ["theo", "sana", "omar", "rui", "sam", "kai"])
def test_nobody_else_sees_it(sent, browse, person, now, slug) -> None:
    mark_all_read([sent], by=person("tess"), at=now - 5 * MINUTE)
    take_back(sent, by=person("kai"), at=now - MINUTE)
    page = browse(slug).get(f"/desk/{sent.session.pair.code}/")
    assert page.status_code in (302, 403, 404)
    assert WORDS not in page.content.decode()


def test_the_card_speaks_no_more_of_what_was_taken_back(kais_dip, pair_of, browse, person, text, now) -> None:
    card = f"/desk/{pair_of('kai').code}/prep/"
    assert "felt less understood" in text(browse("tess").get(card))  # now it is read
    sent = CheckIn.objects.get(session=kais_dip.session, instrument="checkin@1")
    take_back(sent, by=person("kai"), at=now + MINUTE)
    read = text(browse("tess").get(card))
    assert "Kai took back the answers to session 5" in read
    for gone in (
        "less understood",
        "Worth talking about",
        "felt off",
        "is off between",
        "within the usual",
        "I think I missed",
    ):
        assert gone not in read
