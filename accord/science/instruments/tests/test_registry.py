import re

import pytest

from accord.science.instruments import BY_ID

OWN = [instrument for instrument in BY_ID.values() if instrument.owns_texts]
KEYS = [instrument for instrument in BY_ID.values() if not instrument.owns_texts]


def test_own_instruments_are_these_four():
    assert {instrument.id for instrument in OWN} == {
        "checkin@1",
        "checkin-therapist@1",
        "first-impression@1",
        "fit-check@1",
    }


@pytest.mark.parametrize("instrument", BY_ID.values(), ids=BY_ID)
def test_every_instrument_carries_its_version_and_where_it_comes_from(instrument):
    assert re.fullmatch(r"[a-z0-9.-]+@\d+", instrument.id)
    assert BY_ID[instrument.id] is instrument
    assert instrument.source
    assert instrument.note


@pytest.mark.parametrize("instrument", BY_ID.values(), ids=BY_ID)
def test_scales_and_risk_items_name_real_items(instrument):
    items = [item.name for item in instrument.items]
    assert len(set(items)) == len(items)
    named = {name for scale in instrument.scales for name in (*scale.items, *scale.reversed)}
    assert named | set(instrument.risk_items) <= set(items)


@pytest.mark.parametrize("instrument", KEYS, ids=lambda instrument: instrument.id)
def test_a_licensed_instrument_ships_no_words(instrument):
    for item in instrument.items:
        assert not any((item.question, item.low_word, item.high_word, item.why, item.choices))


@pytest.mark.parametrize("instrument", OWN, ids=lambda instrument: instrument.id)
def test_own_instruments_say_that_they_are_no_validated_test(instrument):
    assert instrument.note == "not a validated test"


@pytest.mark.parametrize("instrument", OWN, ids=lambda instrument: instrument.id)
def test_every_own_item_asks_says_why_and_has_a_word_at_each_end(instrument):
    for item in instrument.items:
        assert item.question.endswith("?")
        assert item.why
        assert item.choices or (item.low_word and item.high_word)


def syllables(word):
    """Groups of vowels, less a silent e at the end."""
    count = len(re.findall(r"[aeiouy]+", word))
    silent = word.endswith("e") and not word.endswith(("le", "ee")) and count > 1
    return max(count - silent, 1)


@pytest.mark.parametrize("instrument", OWN, ids=lambda instrument: instrument.id)
def test_texts_read_at_grade_six_or_below(instrument):
    text = " ".join(f"{item.question} {item.why}" for item in instrument.items)
    words = re.findall(r"[a-z']+", text.lower())
    sentences = len(re.findall(r"[.?!]", text))
    grade = 0.39 * len(words) / sentences + 11.8 * sum(map(syllables, words)) / len(words) - 15.59
    assert grade <= 6


def test_the_registry_cannot_be_changed():
    with pytest.raises(TypeError):
        BY_ID["checkin@1"] = None  # type: ignore[index]
