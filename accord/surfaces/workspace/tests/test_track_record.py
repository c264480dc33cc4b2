"""One's own track record: for whom it is, in words, and whether the search may use it."""

import numpy as np
import pytest

from accord.records.desk.tests.cases import completed
from accord.records.desk.track_records import Record
from accord.records.practices.models import Post
from accord.records.profiles.models import UsedRecord
from accord.science.matching import Interval
from accord.surfaces.workspace.record_words import line_of

PAGE, ALLOW = "/desk/record/", "/desk/record/allow/"
THERAPISTS = {
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


def test_only_a_therapist_opens_it_and_only_their_own(cast, browse, person, now, text):
    assert cast("get", PAGE) == THERAPISTS
    completed(person("tess").posts.get(role="therapist"), person("kai"), at=now)
    assert "1 of 15" in text(browse("tess").get(PAGE))
    assert "1 of 15" not in text(browse("theo").get(PAGE))


def test_only_a_therapist_allows_it_and_only_their_own(cast):
    answers = {slug: 302 if code == 200 else code for slug, code in THERAPISTS.items()} | {"sam": 422}  # has no profile
    assert cast("post", ALLOW, data={"allow": "yes"}) == answers
    allowed = UsedRecord.objects.values_list("profile__post__user__email", flat=True)
    assert sorted(allowed) == ["tess@harbour.example", "theo@harbour.example"]


def test_without_cases_it_says_so(browse, text):
    assert "There is nothing to count yet." in text(browse("theo").get(PAGE))


def test_few_cases_are_counted_and_said_to_be_few(browse, person, now, text):
    for _ in range(6):
        completed(person("tess").posts.get(role="therapist"), person("kai"), at=now)
    read = text(browse("tess").get(PAGE))
    assert "Still too few: 6 of 15." in read
    assert "Worry, fear or panic" in read


def test_with_enough_it_tells_a_difference_and_names_nobody(browse, person, now, text):
    rng = np.random.default_rng(1)
    for post in Post.objects.filter(role="therapist"):
        for _ in range(20):
            last = int(rng.integers(1, 5)) + 5 * (post.user == person("tess"))
            completed(post, person("kai"), at=now, values=(int(rng.integers(0, 4)), last))
    read = text(browse("tess").get(PAGE))
    assert "Goals came further than on average" in read and "From 20 cases" in read
    assert not [name for name in ("Theo", "Thandi", "Tia", "Kai") if name in read]
    assert "Goals came further" not in text(browse("theo").get(PAGE))


@pytest.mark.parametrize(
    ("interval", "cases", "sentence"),
    [
        (None, 6, "Still too few: 6 of 15."),
        (None, 15, "Too few colleagues have such cases for an average."),
        (Interval(-0.2, 0.1, 0.4, 20), 20, "No difference from the average can be told from chance."),
        (Interval(0.1, 0.3, 0.5, 20), 20, "Goals came further than on average, for clients who began alike."),
        (Interval(-0.5, -0.3, -0.1, 20), 20, "Goals came less far than on average, for clients who began alike."),
    ],
)
def test_only_what_can_be_told_is_told(interval, cases, sentence):
    assert line_of(Record("need:sleep", cases, interval)).sentence == sentence


def test_numbers_have_their_sign():
    line = line_of(Record("need:sleep", 20, Interval(-0.52, -0.3, 0.11, 20)))
    assert (line.low, line.high) == ("\N{MINUS SIGN}0.5", "+0.1")


def test_it_is_allowed_and_taken_back_on_the_page(browse, text):
    tess = browse("tess")
    assert "The search does not use it." in text(tess.get(PAGE))
    assert "The search may use it, from the next count on." in text(tess.post(ALLOW, {"allow": "yes"}, follow=True))
    assert UsedRecord.objects.count() == 1
    assert "The numbers are gone." in text(tess.post(ALLOW, {"allow": "no"}, follow=True))
    assert not UsedRecord.objects.exists()
