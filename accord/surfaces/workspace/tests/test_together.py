"""Look at this together: the screen can be turned to the client. What must not be there is not in the source."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from accord.records.checkins.models import CheckIn
from accord.records.desk.actions import About, keep_reflection, mute
from accord.records.pairs.queries import Seen
from accord.records.ruptures.actions import keep_opening
from accord.records.ruptures.openings import PHRASES
from accord.surfaces.workspace.tests.conftest import WORDS

MINE = "My very own way of asking about it"


@pytest.fixture
def path(pair_of):
    return reverse("workspace:together", args=[pair_of("kai").code])


@pytest.fixture
def source(browse, path, kais_dip, person, now):
    keep_opening("bond-missed", MINE, by=person("tess"), at=now)
    return browse("tess").get(path).content.decode()


def test_only_the_pairs_therapist_opens_it(cast, path, only_tess, kais_dip):
    assert cast("get", path) == only_tess


def test_it_shows_the_sentence_the_chart_kais_words_and_the_table(source):
    assert "Bond was lower than usual for you two last time: 3, usually 8–9." in source
    assert re.findall(r'<svg class="chart (\w+)"', source) == ["bond", "goal", "task"]
    assert WORDS in source
    assert "Scores by session" in source


def test_openings_are_absent_from_the_source(source):
    assert MINE not in source
    assert not [phrase.words for phrase in PHRASES if phrase.words in source]
    assert "/desk/openings/" not in source


def test_the_arithmetic_is_absent_from_the_source(source):
    parts = ("flags@", "alliance@", "false alarm", "Why this", "felt less understood", "Worth talking", "limit")
    assert not [part for part in parts if part.lower() in source.lower()]


def test_other_clients_are_absent_from_the_source(source):
    assert not [name for name in ("Jo", "Max", "Lou", "Rosa", "Nuno") if re.search(rf"\b{name}\b", source)]


def test_the_therapists_guess_and_snoozing_are_absent_from_the_source(source):
    assert not [part for part in ("guess", "predicted", "nooze") if part in source]


def test_a_rating_that_is_still_blind_for_kai_is_not_shown_to_him(browse, path, pair_of, now):
    """Tess rated session 5 an hour ago; Kai has not answered. Turned to him, her eight would spoil his answer."""
    mine = CheckIn.objects.filter(session__pair=pair_of("kai"), session__number=5, rater="therapist")
    mine.update(received_at=now - timedelta(hours=1))
    html = browse("tess").get(path).content.decode()
    assert "Session 5, 29 April: Kai: no answer, Tess: no answer" in html


def test_words_kept_private_are_not_turned_to_anybody(browse, path, check_in, work):
    check_in("kai", bond=3, tension="a-bit", note=WORDS, travels="keep")
    work(timedelta(seconds=1))
    assert WORDS not in browse("tess").get(path).content.decode()


def test_with_too_few_check_ins_it_says_what_will_come(browse, pair_of, text):
    read = text(browse("tess").get(reverse("workspace:together", args=[pair_of("rosa").code])))
    assert "What is usual shows after four check-ins." in read


def test_no_private_field_of_the_desk_is_in_the_source(browse, path, kais_dip, person, pair_of, episode_of, now):
    """A string of its own in every private field there is; the client's own sent words are the only free text."""
    tess, pair = Seen(pair_of("kai"), person("tess"), "therapist"), pair_of("kai")
    keep_opening("bond-missed", "canary-opening", by=person("tess"), at=now)
    keep_reflection("canary-pair", by=tess, at=now, version=0)
    keep_reflection("canary-session", by=tess, at=now, version=0, session=pair.sessions.get(number=5))
    mute(About(pillar="task"), by=tess, at=now)
    other = CheckIn.objects.get(session__pair=pair_of("jo"), session__number=5, rater="client")
    note = CheckIn._meta.get_field("note").sealed_for(other, "canary-other-client")
    CheckIn.objects.filter(pk=other.pk).update(note=note, travels="before-next")
    private = CheckIn.objects.get(session__pair=pair, session__number=4, rater="client")
    note = CheckIn._meta.get_field("note").sealed_for(private, "canary-kept-to-myself")
    CheckIn.objects.filter(pk=private.pk).update(note=note, travels="keep")
    source = browse("tess").get(path).content.decode()
    assert WORDS in source
    assert "canary" not in source
    assert not [part for part in ("muted", "reflection", "/guesses/", "data-key", "nooze") if part in source]
