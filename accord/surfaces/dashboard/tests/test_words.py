"""The dashboard's sentences say a number, or that it may not be shown."""

import pytest

from accord.surfaces.dashboard import words


@pytest.mark.parametrize("say", [words.open_pairs, words.sessions, words.answered])
def test_a_number_that_is_kept_back_says_so(say):
    assert say(None).endswith("too few to show.")


def test_a_number_that_may_be_shown_is_about_so_many():
    assert words.open_pairs(20) == "About 20 clients are in care."
    assert words.sessions(45) == "About 45 sessions were held in four weeks."
    assert words.answered(85) == "About 85 of 100 check-ins were answered."


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (0, "No notice is waiting to go out."),
        (1, "1 notice is waiting to go out."),
        (3, "3 notices are waiting to go out."),
    ],
)
def test_waiting_notices_read_like_speech(number, said):
    assert words.waiting(number) == said
