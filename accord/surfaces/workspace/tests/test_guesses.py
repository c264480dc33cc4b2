"""The guesses: for whoever guessed, in words first, and only as much as so few can tell."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accord.records.checkins.models import CheckIn
from accord.records.desk.queries import Chance
from accord.records.pairs.actions import begin_pair
from accord.science.dyads import lean
from accord.surfaces.workspace.guess_words import by_chance_words, points, told

ALL = "/desk/guesses/"


@pytest.fixture
def path(pair_of):
    return lambda slug: reverse("workspace:pair_guesses", args=[pair_of(slug).code])


def test_only_the_one_who_guessed_opens_them(cast, path, only_tess):
    assert cast("get", path("kai")) == only_tess
    assert cast("get", ALL) == {
        "tess": 200,
        "theo": 200,
        "sam": 200,
        "kai": 403,
        "jo": 403,
        "sana": 403,
        "omar": 403,
        "rui": 403,
        "": 302,
    }


def test_another_therapist_finds_none_of_tesss(browse, text):
    read = text(browse("theo").get(ALL))
    assert "Lena Vogt" in read
    assert not [name for name in ("Kai", "Jo ", "Max") if name in read]


def test_words_come_first_then_a_drawing_then_a_table(browse, path, text):
    page = browse("tess").get(path("jo"))
    read, source = text(page), page.content.decode()
    assert "Your guesses come close to what Jo says. From 5 guesses: this may still change." in read
    assert source.index("guess-lines") < source.index('<svg class="chart') < source.index("<table>")


def test_too_few_are_still_being_learned(browse, path, text):
    assert "Still learning (2 of 5 guesses)" in text(browse("tess").get(path("rosa")))


def test_what_is_blind_is_not_in_the_source(browse, path, pair_of):
    guessed = CheckIn.objects.get(session__pair=pair_of("kai"), session__number=5, rater="therapist")
    assert guessed.received_at
    assert "Session 5" not in browse("tess").get(path("kai")).content.decode()


def test_a_pair_without_guesses_is_told_what_will_be_here(browse, person, pair_of, now, text):
    pair = begin_pair(person("cleo"), pair_of("kai").therapist, by=None, at=now)
    assert "When you rate a session, guess" in text(
        browse("tess").get(reverse("workspace:pair_guesses", args=[pair.code]))
    )
    assert "Cleo" not in text(browse("tess").get(ALL))


def test_clients_stand_in_order_of_names_never_of_anything_else(browse):
    source = browse("tess").get(ALL).content.decode().split('class="names"')[1]
    names = [part.split("</a>")[0].split(">")[-1] for part in source.split("<li>")[1:]]
    assert len(names) > 10
    assert names == sorted(names)


def test_more_clients_cost_no_more_queries(browse, path, newcomers, pair_of, now, django_assert_max_num_queries):
    tess = browse("tess")
    for client in newcomers(5):
        begin_pair(client, pair_of("kai").therapist, by=None, at=now - timedelta(days=3))
    tess.get(ALL)
    with django_assert_max_num_queries(7):
        tess.get(ALL)


@pytest.mark.parametrize(
    ("off", "sentence"),
    [
        (1, "You tend to guess about 1 point higher than Kai says."),
        (-2, "You tend to guess about 2 points lower than Kai says."),
        (0, "Your guesses come close to what Kai says."),
    ],
)
def test_a_clear_lean_is_told_in_half_points(off, sentence):
    assert told(lean([7 + off] * 12 + [7 + off + 0.5], [7] * 13), 13, "Kai") == sentence


def test_to_both_sides_is_no_lean():
    assert told(lean([9, 5] * 8, [7] * 16), 16, "Kai") == "Your guesses lie about 2 points off, now above, now below."
    assert "your clients" in told(lean([8] * 12 + [9], [7] * 13), 13)


def test_points_are_no_finer_than_halves():
    assert [points(value) for value in (0.1, 0.6, 0.9, 1.4, 2.1)] == [
        "half a point",
        "half a point",
        "1 point",
        "1.5 points",
        "2 points",
    ]


def test_chance_is_told_with_the_flags_own_number(now):
    told_all = by_chance_words(Chance(0.25, 80, now))
    assert "about 1 in 40 sessions" in told_all
    assert "80 sessions of yours could be judged: by chance alone, about 2 notes" in told_all
    assert "0.3 notes, so fewer than one" in by_chance_words(Chance(0.25, 12, now))
    assert "four weeks" not in by_chance_words(Chance(0.25, 0, now))
