"""Muting and "already discussed": for one pair, one person, one thing; never what the client said; all taken back."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from accord.records.audit.models import Entry
from accord.records.desk.actions import RESTS_FOR, About, mute, rest, take_back_talk, unquiet
from accord.records.desk.models import Quiet
from accord.records.desk.queries import desk_stories, is_quiet, put_aside, quiet_for, with_quiet
from accord.records.errors import NotAllowed, NotFound, Refused, StateMoved
from accord.records.pairs.queries import Seen, caseload
from accord.records.ruptures.actions import move, snooze
from accord.records.ruptures.models import Flag, Step
from accord.records.sessions.models import TherapySession

HOUR = timedelta(hours=1)


@pytest.fixture
def told(at_desk, now):
    """told("max"): what the desk would say now."""

    def read(slug, *, at=None):
        seen = at_desk(slug)
        return desk_stories([seen.pair], viewer=seen.viewer, at=at or now)[0]

    return read


def test_a_muted_note_is_gone_until_unmuted(at_desk, told, now) -> None:
    assert told("max").shown_flag.kind == "ceiling"
    quiet = mute(About(kind="ceiling"), by=at_desk("max"), at=now)
    assert told("max", at=now + timedelta(days=300)).shown_flag is None
    unquiet(quiet, by=at_desk("max"), at=now)
    assert told("max").shown_flag.kind == "ceiling"


def test_a_muted_pillar_leaves_the_other_pillars(at_desk, told, now) -> None:
    mute(About(pillar="bond"), by=at_desk("lou"), at=now)
    assert {flag.pillar for flag in told("lou").current_flags} == {"goal", "task"}


def test_a_muted_dip_takes_its_episode_from_the_desk_but_not_what_the_client_said(at_desk, told, flagged, now) -> None:
    flagged("jo", "dip", "bond")
    mute(About(pillar="bond"), by=at_desk("jo"), at=now)
    assert not told("jo").wants_talk
    assert told("jo").episode is None
    flagged("jo", "said")
    assert told("jo").wants_talk
    assert [flag.kind for flag in told("jo").current_flags] == ["said"]


def test_muting_is_for_one_pair_and_for_one_person(at_desk, told, person, pair_of, now) -> None:
    mute(About(kind="low"), by=at_desk("lou"), at=now)
    assert told("max").shown_flag is not None
    stories = desk_stories([pair_of("lou")], viewer=person("theo"), at=now)
    assert stories[0].shown_flag is not None


def test_what_the_client_said_cannot_be_muted_by_any_way(at_desk, pair_of, person, now) -> None:
    with pytest.raises(Refused):
        mute(About(kind="said"), by=at_desk("kai"), at=now)
    with pytest.raises(Refused):
        rest("said", after_session=5, by=at_desk("kai"), at=now)
    pair = pair_of("kai")
    row = {"practice": pair.practice, "pair": pair, "by": person("tess"), "at": now}
    with pytest.raises(IntegrityError), transaction.atomic():
        Quiet.objects.create(**row, why="muted", kind="said")


def test_even_a_mute_of_the_pillar_lets_words_through(at_desk, told, flagged, now) -> None:
    mute(About(pillar="bond"), by=at_desk("kai"), at=now)
    flagged("kai", "said", "bond")
    assert told("kai").wants_talk


@pytest.mark.parametrize("what", [About(), About("dip", "bond"), About(pillar="luck"), About(kind="mood")])
def test_what_makes_no_sense_is_refused(at_desk, now, what) -> None:
    with pytest.raises(Refused):
        mute(what, by=at_desk("kai"), at=now)


def test_already_discussed_rests_for_four_sessions_and_comes_back(at_desk, told, flagged, pair_of, person, now) -> None:
    rest("ceiling", after_session=5, by=at_desk("max"), at=now)
    assert told("max").shown_flag is None
    assert is_quiet(with_quiet(Flag.objects.filter(pair=pair_of("max")), viewer=person("tess"))[0])
    flag = flagged("max", "ceiling", number=6)
    for number, quiet in ((6, True), (5 + RESTS_FOR - 1, True), (5 + RESTS_FOR, False)):
        TherapySession.objects.filter(pk=flag.session_id).update(number=number)
        assert is_quiet(with_quiet(Flag.objects.filter(pk=flag.pk), viewer=person("tess")).get()) == quiet


def test_the_second_time_is_told(at_desk, now) -> None:
    quiet = mute(About(kind="low"), by=at_desk("lou"), at=now)
    with pytest.raises(StateMoved):
        mute(About(kind="low"), by=at_desk("lou"), at=now)
    unquiet(quiet, by=at_desk("lou"), at=now)
    with pytest.raises(StateMoved):
        unquiet(quiet, by=at_desk("lou"), at=now)
    assert mute(About(kind="low"), by=at_desk("lou"), at=now)


def test_the_client_has_no_desk(as_client, now) -> None:
    for act in (
        lambda by: mute(About(kind="low"), by=by, at=now),
        lambda by: rest("low", after_session=5, by=by, at=now),
    ):
        with pytest.raises(NotAllowed):
            act(as_client("lou"))


def test_nobody_else_takes_it_back(at_desk, pair_of, person, now) -> None:
    quiet = mute(About(kind="low"), by=at_desk("lou"), at=now)
    for seen in (at_desk("max"), Seen(pair_of("lou"), person("theo"), "therapist")):
        with pytest.raises(NotFound):
            unquiet(quiet, by=seen, at=now)
    for slug, error in (
        ("sam", NotFound),
        ("jo", NotFound),
        ("sana", NotAllowed),
        ("theo", NotAllowed),
        ("lou", NotAllowed),
    ):
        with pytest.raises(error):
            quiet_for(person(slug), quiet.code, at=now)


def test_all_of_it_is_in_the_audit(at_desk, person, now) -> None:
    quiet = mute(About(kind="low"), by=at_desk("lou"), at=now)
    unquiet(quiet, by=at_desk("lou"), at=now)
    rest("low", after_session=5, by=at_desk("lou"), at=now)
    verbs = list(
        Entry.objects.filter(actor=person("tess"), table="desk.quiet").order_by("pk").values_list("verb", flat=True)
    )
    assert verbs == ["note muted", "note told again", "note discussed"]


@pytest.fixture
def talked(at_desk, flagged, now):
    episode = flagged("kai", "dip", "bond").episode
    move(episode, "talked-about", by=at_desk("kai"), at=now)
    return episode


def test_a_talk_noted_by_mistake_is_taken_back_and_the_history_keeps_both(talked, at_desk, told, now) -> None:
    assert not told("kai").wants_talk
    take_back_talk(talked, by=at_desk("kai"), at=now + HOUR)
    assert told("kai", at=now + HOUR).wants_talk
    assert list(Step.objects.filter(episode=talked).values_list("state", flat=True)) == [
        "noticed",
        "talked-about",
        "noticed",
    ]


def test_it_is_not_taken_back_twice_nor_after_a_day_nor_once_it_moved_on(talked, at_desk, as_client, now) -> None:
    with pytest.raises(StateMoved):
        take_back_talk(talked, by=at_desk("kai"), at=now + timedelta(days=1, seconds=1))
    with pytest.raises(NotAllowed):
        take_back_talk(talked, by=as_client("kai"), at=now)
    move(talked, "agreed", by=at_desk("kai"), at=now)
    with pytest.raises(StateMoved):
        take_back_talk(talked, by=at_desk("kai"), at=now)


def test_what_the_client_noted_is_not_taken_back_by_the_therapist(flagged, at_desk, as_client, now) -> None:
    episode = flagged("kai", "said").episode
    move(episode, "talked-about", by=as_client("kai"), at=now)
    with pytest.raises(StateMoved):
        take_back_talk(episode, by=at_desk("kai"), at=now)


def test_the_list_has_everything_that_lies_aside_in_three_queries(
    talked, flagged, at_desk, person, now, django_assert_num_queries
) -> None:
    snooze(flagged("jo", "said").episode, by=at_desk("jo"), at=now)
    mute(About(kind="low"), by=at_desk("lou"), at=now)
    rest("ceiling", after_session=5, by=at_desk("max"), at=now)
    tess = person("tess")
    pairs = list(caseload(tess, at=now))
    with django_assert_num_queries(3):
        found = put_aside(tess, pairs, at=now + HOUR)
        names = [one.episode.pair.client.first_name for one in found.snoozes]
        names += [one.episode.pair.client.first_name for one in found.talks]
        names += [quiet.pair.client.first_name for quiet in found.quiets]
    assert sorted(names) == ["Jo", "Kai", "Lou", "Max"]


def test_the_desk_costs_five_queries_for_one_pair_and_for_all(person, at_desk, now, django_assert_num_queries) -> None:
    mute(About(kind="low"), by=at_desk("lou"), at=now)
    tess = person("tess")
    pairs = list(caseload(tess, at=now))
    for some in (pairs[:1], pairs):
        with django_assert_num_queries(5):
            assert [story.wants_talk for story in desk_stories(some, viewer=tess, at=now)]
