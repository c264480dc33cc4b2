"""The desk's sentences: each kind and pillar, numbers as people write them, and no word that blames."""

import pytest

from accord.surfaces.workspace import words

BLAMING = ("score", "alert", "detect", "predict", "risk", "fail", "complian", "monitor", "wrong", "fault", "bad")
PILLARS = ("bond", "goal", "task")


def all_sentences():
    for pillar in PILLARS:
        yield words.dip("Kai", pillar, when=words.when(5, 5), numbers=words.beside_usual(3, 8, 9))
        yield words.slide("Kai", pillar, numbers=words.beside_usual(6, 7, 8))
    for tension in ("a-bit", "yes", ""):
        yield words.said("Kai", tension, when=words.when(4, 5))
    for tension in ("a-bit", "yes"):
        yield words.also_said("Kai", tension)
    for state in ("talked-about", "agreed"):
        yield words.standing(state, "Kai")
    yield words.low(5)
    yield words.ceiling(5, 5)
    yield words.silence("Kai", 1)
    yield words.silence("Kai", 3)
    yield words.learning(2, 4)
    yield words.blind("Kai", 5, client_is_in=True)
    yield words.blind("Kai", 5, client_is_in=False)
    yield words.together([("bond", 3, 8, 9), ("goal", 7, 7, 8)])


def test_a_bond_dip_reads_as_the_scenario_says_it():
    said = words.dip("Kai", "bond", when=words.when(5, 5), numbers=words.beside_usual(3.0, 8.0, 9.0))
    assert said == "Kai felt less understood last time: 3, usually 8–9"


@pytest.mark.parametrize(
    ("pillar", "part"),
    [("goal", "less sure last time that you two want the same"), ("task", "found the way you work fit less")],
)
def test_a_dip_of_another_pillar_says_which_it_is(pillar, part):
    assert part in words.dip("Kai", pillar, when="last time", numbers="4, usually 7–8")


def test_a_slide_says_now_and_no_single_time():
    said = words.slide("Kai", "bond", numbers=words.beside_usual(6, 7, 8))
    assert said == "Over the last sessions Kai slowly felt less understood: now 6, usually 7–8"


def test_last_time_is_only_said_of_the_last_time():
    assert (words.when(5, 5), words.when(5, 6)) == ("last time", "in session 5")


@pytest.mark.parametrize("tension", ["a-bit", "yes", ""])
def test_what_the_client_said_carries_no_number(tension):
    assert not any(sign.isdigit() for sign in words.said("Kai", tension, when="last time"))


def test_a_bit_is_not_told_as_yes():
    assert "a bit" in words.said("Kai", "a-bit", when="last time")
    assert "a bit" not in words.said("Kai", "yes", when="last time")


def test_ratings_are_written_as_people_write_them():
    assert [words.plain(3.0), words.plain(7.5)] == ["3", "7.5"]
    assert [words.usual(8, 9), words.usual(8, 8)] == ["8–9", "8"]


def test_low_asks_and_does_not_call_it_a_rupture():
    assert words.low(5.0) == "Steady but low: around 5. Worth asking. Not a rupture."


def test_the_ceiling_counts_what_it_saw():
    assert words.ceiling(5, 5).startswith("Only full marks in all 5 check-ins.")
    assert words.ceiling(4, 9).startswith("Only full marks in the last 4 check-ins.")


def test_silence_knows_one_and_many():
    assert "after the last session." in words.silence("Kai", 1)
    assert "after the last 3 sessions." in words.silence("Kai", 3)


def test_the_blind_line_asks_for_the_rating_first():
    assert words.blind("Kai", 5, client_is_in=True) == "Kai has answered. Rate session 5 first (20 seconds), or skip"
    assert "Kai" not in words.blind("Kai", 5, client_is_in=False)


def test_only_the_client_can_say_that_it_is_repaired():
    assert words.standing("talked-about", "Kai").endswith("Only Kai can say that it feels repaired.")
    assert words.standing("noticed", "Kai") == ""


def test_lists_read_like_speech():
    assert [words.listed(["a"]), words.listed(["a", "b"]), words.listed(["a", "b", "c"])] == [
        "a",
        "a and b",
        "a, b and c",
    ]


def test_the_other_pillars_are_said_to_be_within_the_usual():
    assert words.within_usual([("goal", 7), ("task", 7)]) == "Goals 7 and Tasks 7: within the usual."
    assert words.within_usual([]) == ""


def test_the_words_for_both_say_lower_than_usual_for_you_two():
    said = words.together([("bond", 3, 8, 9), ("goal", 7, 7, 8), ("task", 8, 7, 8)])
    assert said == (
        "Bond was lower than usual for you two last time: 3, usually 8–9. Goals 7 and Tasks 8: within the usual."
    )


def test_the_words_for_both_teach_while_nothing_is_known():
    assert "after four check-ins" in words.together([])


@pytest.mark.parametrize(
    ("value", "low", "high", "told"),
    [
        (None, 7, 8, "no answer"),
        (5, None, None, "still learning"),
        (6, 7, 8, "lower than usual"),
        (7, 7, 8, "as usual"),
        (9, 7, 8, "higher than usual"),
    ],
)
def test_the_quiet_list_compares_with_this_pair_only(value, low, high, told):
    assert words.against_usual(value, low, high) == told


def test_no_sentence_blames_or_claims():
    for sentence in all_sentences():
        assert not [word for word in BLAMING if word in sentence.lower()], sentence
