"""From answers to flags, as the worker does it: Kai's drop, and four people whom nobody needs to worry about."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pytest

from accord.config import worker
from accord.records.accounts.models import Notice
from accord.records.alliance.jobs import estimate_waiting
from accord.records.checkins.models import CheckIn
from accord.records.checkins.queries import answers_of
from accord.records.desk.jobs import tell_therapists
from accord.records.pairs.models import CarePair
from accord.records.pairs.queries import Seen, caseload
from accord.records.ruptures.jobs import raise_flags, said_now
from accord.records.ruptures.models import Episode, Flag, Judgement
from accord.records.ruptures.queries import stories, story
from accord.science.alliance import DEFAULT
from accord.science.ruptures import TENSION_CODES, Beside, each_flag, judge_pairs
from tests.plugins.making import asked, given, sheet

DAY, WEEK, HOUR = timedelta(days=1), timedelta(weeks=1), timedelta(hours=1)
ORDER = ("goal", "task", "bond")
NEVER_IN_A_MAIL = ("kai", "tess", "bond", "rupture", "dip", "therap", "client", "harbour practice", "alliance", "score")


def unanswered(pair: CarePair) -> CheckIn:
    return CheckIn.objects.get(session__pair=pair, instrument="checkin@1", received_at=None)


def kinds(pair: CarePair) -> set[tuple[str, str]]:
    return set(Flag.objects.filter(pair=pair).values_list("kind", "pillar"))


@pytest.fixture
def kai_says(pair_of, now, clock_at) -> Any:
    """Kai answers: bond 3, goals 7, tasks 7, and "a bit" is off; then the worker goes one round."""
    clock_at(now)
    pair = pair_of("kai")
    given(unanswered(pair), sheet(3, 7, 7, tension="a-bit", note="a bit missed", travels="before-next"), at=now)
    worker.run_once()
    return pair


def test_one_round_of_the_worker_takes_kai_from_answer_to_episode(kai_says) -> None:
    newest = Flag.objects.filter(pair=kai_says, session__number=5)
    assert {(flag.kind, flag.pillar) for flag in newest} == {("said", ""), ("dip", "bond")}
    episode = Episode.objects.get(pair=kai_says)
    assert episode.state == "noticed"
    assert {flag.episode for flag in newest} == {episode}


def test_the_therapist_gets_one_neutral_notice(kai_says, person) -> None:
    (notice,) = Notice.objects.filter(user=person("tess"))
    written = f"{notice.subject} {notice.body}".lower()
    assert not [word for word in NEVER_IN_A_MAIL if word in written]
    assert notice.sent_at


def test_a_second_round_adds_nothing(kai_says, person) -> None:
    before = Flag.objects.count(), Episode.objects.count(), Notice.objects.count()
    worker.run_once()
    assert (Flag.objects.count(), Episode.objects.count(), Notice.objects.count()) == before


def test_the_story_names_what_was_said_first_and_the_pillar(kai_says, person, now) -> None:
    told = story(Seen(kai_says, person("tess"), "therapist"), at=now + HOUR)
    assert told.shown_flag
    assert told.pillar_flag
    assert (told.shown_flag.kind, told.pillar_flag.pillar) == ("said", "bond")
    assert (told.pillar_flag.band_low, told.pillar_flag.band_high) == (8, 9)
    assert told.wants_talk


def test_a_flag_carries_its_rule_its_numbers_and_what_it_cannot_know(kai_says) -> None:
    dip: Any = Flag.objects.get(pair=kai_says, kind="dip")
    assert (dip.version, dip.params) == ("flags@2", DEFAULT.id)
    assert None not in (dip.size, dip.statistic, dip.limit, dip.expected_false_alarms)
    assert dip.statistic > dip.limit
    assert dip.cannot_know


@pytest.mark.parametrize(
    ("slug", "expected"),
    [("jo", set()), ("rosa", set()), ("max", {"ceiling"}), ("lou", {"low"})],
)
def test_the_others_of_the_fixture(pair_of, slug, expected) -> None:
    pair = pair_of(slug)
    assert {kind for kind, _ in kinds(pair)} == expected
    assert not Episode.objects.filter(pair=pair).exists()


def test_nobody_of_the_fixture_has_an_episode_before_kai_answers(harbour) -> None:
    assert not Episode.objects.exists()


def numbers(values: Iterable[Any]) -> list[float]:
    return [np.nan if value is None else float(value) for value in values]


def judged_at_once(pair: CarePair, at: datetime) -> set[tuple[Any, ...]]:
    """All flags of a pair by judge_pairs over its whole history, read from the check-ins alone."""
    first = pair.sessions.earliest("starts_at").starts_at
    seen = [one for one in answers_of(pair, "therapist", at=at) if one.client or one.therapist]
    scores = [[(side.scores or {}) if side else {} for side in (one.client, one.therapist)] for one in seen]
    flags = judge_pairs(
        DEFAULT,
        days=np.array([[(one.session.starts_at - first) / DAY for one in seen]]),
        readings=np.array([[numbers(side.get(pillar) for side in both for pillar in ORDER) for both in scores]]),
        beside=Beside(
            tension=np.array([[tension(one.client) for one in seen]]),
            waits=np.array([[wait(one.client) for one in seen]]),
        ),
    )
    places = zip(each_flag(flags), flags.session, strict=True)
    return {
        (seen[place].session.number, flag.kind, flag.pillar, *rounded(flag.size, flag.statistic, flag.limit))
        for flag, place in places
    }


def tension(check_in: CheckIn | None) -> int:
    return TENSION_CODES[(check_in.answers or {}).get("tension", "skipped")] if check_in else -1


def wait(check_in: CheckIn | None) -> float:
    if check_in is None or check_in.received_at is None:
        return np.nan
    return (check_in.received_at - check_in.asked_at) / DAY


def rounded(*values: float | None) -> tuple[float | None, ...]:
    return tuple(None if value is None or np.isnan(value) else round(value, 9) for value in values)


def stored(pair: CarePair) -> set[tuple[Any, ...]]:
    flags = Flag.objects.filter(pair=pair).select_related("session")
    return {(f.session.number, f.kind, f.pillar, *rounded(f.size, f.statistic, f.limit)) for f in flags}


def test_stored_flags_are_those_of_the_whole_history_at_once(kai_says, now) -> None:
    found = 0
    for pair in CarePair.objects.all():
        assert stored(pair) == judged_at_once(pair, now + HOUR)
        found += Flag.objects.filter(pair=pair).count()
    assert found >= 4


def test_a_year_of_ups_and_downs_is_judged_as_at_once(new_pair, now) -> None:
    """Drops, tens, skipped items, unanswered sessions: session by session as the whole history at once."""
    draw = np.random.default_rng(5)
    for week in range(24):
        at = now + week * WEEK
        both = asked(new_pair, at)
        if week % 5 != 3:
            bond, goal, task = (int(number) for number in draw.integers(1 if week % 7 == 6 else 6, 11, 3))
            given(
                both.client,
                sheet(bond, goal, task, tension=str(draw.choice(["no", "a-bit", "not-sure"]))),
                at=at + HOUR,
            )
        given(both.therapist, sheet(*map(int, draw.integers(5, 10, 3))), at=at + HOUR)
        estimate_waiting(at + DAY + HOUR)
        raise_flags(at + DAY + HOUR)
    end = now + 24 * WEEK
    assert stored(new_pair) == judged_at_once(new_pair, end)
    assert {"said", "dip"} <= {kind for kind, _ in kinds(new_pair)}


def test_a_pair_judged_by_the_rule_before_goes_on_as_if_judged_by_this_one_all_along(new_pair, now) -> None:
    """The watch of flags@1 means nothing to flags@2: it is made anew from the sessions, and no flag is made twice."""
    for week in range(8):
        at = now + week * WEEK
        both = asked(new_pair, at)
        given(both.client, sheet(3 if week == 7 else 8, 8, 8, tension="a-bit" if week == 4 else "no"), at=at + HOUR)
        given(both.therapist, sheet(7), at=at + HOUR)
        estimate_waiting(at + DAY + HOUR)
        raise_flags(at + DAY + HOUR)
        if week == 5:
            old = {"count": [6], "low_run": [[0, 0, 0]], "perfect_run": [0], "silent_run": [0], "slide": [[0, 0, 0]]}
            Judgement.objects.filter(estimate__pair=new_pair).update(version="flags@1", watch=old)
            Flag.objects.filter(pair=new_pair).update(version="flags@1")
    assert stored(new_pair) == judged_at_once(new_pair, now + 9 * WEEK)
    versions = set(Flag.objects.filter(pair=new_pair).values_list("session__number", "kind", "version"))
    assert versions == {(5, "said", "flags@1"), (8, "dip", "flags@2")}


def test_a_session_that_is_judged_again_by_a_newer_rule_keeps_its_flag(kai_says, now) -> None:
    before = Flag.objects.filter(pair=kai_says).count()
    Flag.objects.filter(pair=kai_says).update(version="flags@1")
    Judgement.objects.filter(estimate__pair=kai_says).update(estimate_made_at=now - DAY, version="flags@1")
    raise_flags(now + HOUR)
    assert Flag.objects.filter(pair=kai_says).count() == before


def test_judging_is_done_once(kai_says, now) -> None:
    assert raise_flags(now + HOUR) == 0
    assert not Judgement.objects.filter(watch={}).exists()


@pytest.mark.parametrize("off", ["a-bit", "yes"])
def test_tell_them_now_does_not_wait_for_the_therapist(new_pair, person, now, off) -> None:
    both = asked(new_pair, now - HOUR)
    given(both.client, sheet(3, tension=off, note="please hear this", travels="now"), at=now)
    assert estimate_waiting(now) == 0
    assert said_now(now) == 1
    assert said_now(now) == 0
    told = story(Seen(new_pair, person("tess"), "therapist"), at=now)
    assert told.wants_talk
    assert told.answers[0].words
    assert told.answers[0].client is None, "the scores are still blind"
    assert kinds(new_pair) == {("said", "")}


@pytest.mark.parametrize(
    ("off", "travels"), [("no", "now"), ("not-sure", "now"), ("yes", "keep"), ("yes", "before-next")]
)
def test_anything_else_waits(new_pair, now, off, travels) -> None:
    both = asked(new_pair, now - HOUR)
    given(both.client, sheet(3, tension=off, note="hm", travels=travels), at=now)
    assert said_now(now) == 0


def test_what_was_said_now_is_not_flagged_again_by_the_rule(new_pair, now) -> None:
    both = asked(new_pair, now - HOUR)
    given(both.client, sheet(8, tension="yes", note="hm", travels="now"), at=now)
    said_now(now)
    given(both.therapist, sheet(8), at=now)
    estimate_waiting(now)
    raise_flags(now)
    assert tell_therapists(now) == 1
    assert Flag.objects.filter(pair=new_pair, kind="said").count() == 1
    assert Notice.objects.filter(user=new_pair.therapist.user).count() == 1


def test_the_desk_of_ten_costs_as_many_queries_as_the_desk_of_one(person, now, django_assert_num_queries) -> None:
    tess = person("tess")
    pairs = list(caseload(tess, at=now))
    assert len(pairs) == 18
    for some in (pairs[:1], pairs[:10], pairs):
        with django_assert_num_queries(5):
            told = stories(some, viewer=tess, at=now)
            assert [one.learning for one in told]
            assert [(one.shown_flag, one.pillar_flag, one.wants_talk) for one in told]
