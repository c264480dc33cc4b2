"""The model field: sealed in the database, text in Python, an error wherever it cannot be both."""

import pytest
from django.db import connection, transaction

from accord.records.checkins.models import CheckIn
from accord.records.sealing import SealBroken
from tests.plugins.making import given, held, sheet

WORDS = "I left feeling a bit missed — señal ✓"


@pytest.fixture
def check_in(pair_of):
    """Kai's newest check-in, with a note in it."""
    found = CheckIn.objects.get(session__pair=pair_of("kai"), instrument="checkin@1", received_at=None)
    return given(found, sheet(note=WORDS, travels="before-next"), at=found.asked_at)


def stored(check_in: CheckIn) -> bytes | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT note FROM checkins_checkin WHERE code = %s", [check_in.code])
        (value,) = cursor.fetchone()
    return None if value is None else bytes(value)


def test_it_reads_as_text_and_is_stored_sealed(check_in) -> None:
    assert CheckIn.objects.get(pk=check_in.pk).note == WORDS
    assert WORDS.encode() not in (stored(check_in) or b"")


def test_it_stays_open_after_saving_again(check_in) -> None:
    again = CheckIn.objects.get(pk=check_in.pk)
    before = stored(check_in)
    again.save()
    assert stored(check_in) == before
    assert CheckIn.objects.get(pk=check_in.pk).note == WORDS


def test_it_opens_when_it_was_left_out_of_the_query(check_in) -> None:
    assert CheckIn.objects.defer("note").get(pk=check_in.pk).note == WORDS
    assert CheckIn.objects.only("code").get(pk=check_in.pk).note == WORDS


def test_it_keeps_none_and_nothing_apart(check_in) -> None:
    for value in (None, ""):
        check_in.note = value
        check_in.save()
        assert CheckIn.objects.get(pk=check_in.pk).note == value
    check_in.note = None
    check_in.save()
    assert stored(check_in) is None


def test_it_refuses_plain_text_in_an_update(check_in) -> None:
    with pytest.raises(TypeError, match="sealed_for"), transaction.atomic():
        CheckIn.objects.filter(pk=check_in.pk).update(note="in the clear")
    assert CheckIn.objects.get(pk=check_in.pk).note == WORDS


def test_it_refuses_plain_text_in_a_filter(check_in) -> None:
    with pytest.raises(TypeError):
        CheckIn.objects.filter(note=WORDS).exists()


def test_it_refuses_plain_text_in_a_bulk_update(check_in) -> None:
    check_in.note = "in the clear"
    with pytest.raises(TypeError):
        CheckIn.objects.bulk_update([check_in], ["note"])


def test_it_seals_in_a_bulk_create(new_pair, now) -> None:
    session = held(new_pair, now)
    fields = {"practice_id": session.practice_id, "session": session, "rater": "client", "asked_at": now}
    made = CheckIn(instrument="checkin@1", note=WORDS, **fields)
    CheckIn.objects.bulk_create([made])
    assert WORDS.encode() not in (stored(made) or b"")
    assert CheckIn.objects.get(code=made.code).note == WORDS


def test_it_does_not_open_in_another_row(check_in) -> None:
    other = CheckIn.objects.exclude(pk=check_in.pk).filter(practice=check_in.practice)[0]
    CheckIn.objects.filter(pk=other.pk).update(note=stored(check_in))
    with pytest.raises(SealBroken):
        _ = CheckIn.objects.get(pk=other.pk).note


def test_it_does_not_open_in_another_practice(check_in) -> None:
    other = check_in.practice.__class__.objects.exclude(pk=check_in.practice_id).get()
    CheckIn.objects.filter(pk=check_in.pk).update(practice=other)
    with pytest.raises(SealBroken):
        _ = CheckIn.objects.get(pk=check_in.pk).note


def test_it_is_not_part_of_what_a_row_shows_of_itself(check_in) -> None:
    assert WORDS not in repr(check_in) + str(check_in)
