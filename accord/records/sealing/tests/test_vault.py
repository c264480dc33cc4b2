"""One text, sealed and opened: it opens in its own place only, with its own key only, and never half."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accord.records.sealing import Seal, SealBroken, UnknownKey, open_sealed, seal

HERE = Seal("7", "checkins_checkin", "abc", "note")


@given(text=st.text(st.characters(exclude_categories=["Cs"]), max_size=300))
def test_it_opens_what_it_sealed(text: str) -> None:
    assert open_sealed(seal(text, HERE), HERE) == text


def test_it_never_seals_the_same_way_twice() -> None:
    assert seal("the same", HERE) != seal("the same", HERE)


def test_it_does_not_show_the_text() -> None:
    assert b"missed" not in seal("I felt missed", HERE)


@pytest.mark.parametrize("field", ["tenant", "table", "row", "column"])
def test_it_does_not_open_in_another_place(field: str) -> None:
    with pytest.raises(SealBroken):
        open_sealed(seal("mine", HERE), HERE._replace(**{field: "elsewhere"}))


def test_it_does_not_open_where_two_parts_only_read_alike() -> None:
    with pytest.raises(SealBroken):
        open_sealed(seal("mine", Seal("1", "2", "34", "n")), Seal("1", "23", "4", "n"))


def test_it_notices_every_changed_bit() -> None:
    sealed = seal("I felt missed", HERE)
    for place in range(2, len(sealed)):
        tampered = bytearray(sealed)
        tampered[place] ^= 1
        with pytest.raises(SealBroken):
            open_sealed(bytes(tampered), HERE)


def test_it_notices_every_cut() -> None:
    sealed = seal("I felt missed", HERE)
    for size in range(2, len(sealed)):
        with pytest.raises(SealBroken):
            open_sealed(sealed[:size], HERE)


def test_it_does_not_open_with_another_key(settings) -> None:
    sealed = seal("mine", HERE)
    settings.SEALING_KEYS = {1: bytes(32)}
    with pytest.raises(SealBroken):
        open_sealed(sealed, HERE)


def test_it_seals_with_the_newest_key_and_opens_the_older(settings) -> None:
    old = {1: b"\1" * 32}
    settings.SEALING_KEYS = old
    before = seal("from before", HERE)
    settings.SEALING_KEYS = old | {2: b"\2" * 32}
    after = seal("from now", HERE)
    assert after[:2] == b"\x00\x02"
    assert open_sealed(before, HERE) == "from before"
    assert open_sealed(after, HERE) == "from now"


def test_it_says_which_key_is_missing(settings) -> None:
    settings.SEALING_KEYS = {2: bytes(32)}
    sealed = seal("mine", HERE)
    settings.SEALING_KEYS = {1: bytes(32)}
    with pytest.raises(UnknownKey, match=r"text-2\.key"):
        open_sealed(sealed, HERE)


def test_it_takes_the_version_from_the_seal_and_not_from_a_label(settings) -> None:
    settings.SEALING_KEYS = {1: b"\1" * 32, 2: b"\1" * 32}  # even the same key under another number
    sealed = seal("mine", HERE)
    with pytest.raises(SealBroken):
        open_sealed(b"\x00\x01" + sealed[2:], HERE)
