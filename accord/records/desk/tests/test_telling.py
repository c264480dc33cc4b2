"""How therapists are told: one neutral notice at once, at most three a day, the rest in the morning, or none."""

from datetime import UTC, datetime, timedelta

import pytest

from accord.records.accounts.models import Notice, User
from accord.records.desk.actions import About, choose, mute
from accord.records.desk.jobs import MOST_A_DAY, next_morning, sent_today, tell_therapists
from accord.records.desk.models import Telling
from accord.records.pairs.actions import end_pair
from accord.records.practices.actions import end_post
from accord.records.ruptures.actions import move
from accord.records.ruptures.models import Flag

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
NEVER = ("kai", "tess", "bond", "rupture", "therap", "client", "harbour", "alliance", "session")


@pytest.fixture
def mails(person):
    return lambda slug="tess": list(Notice.objects.filter(user=person(slug)).order_by("pk"))


def how(flag) -> str:
    return str(Telling.objects.get(flag=flag).how)


def test_one_neutral_notice_comes_in_the_round_after(flagged, mails, now) -> None:
    flagged("kai", "dip", "bond")
    assert tell_therapists(now) == 1
    (mail,) = mails()
    assert mail.subject == "You have a note waiting"
    assert not [word for word in NEVER if word in f"{mail.subject} {mail.body}".lower()]


def test_a_second_round_and_a_second_flag_of_the_same_episode_add_nothing(flagged, mails, now) -> None:
    first, second = flagged("kai", "dip", "bond"), flagged("kai", "said")
    tell_therapists(now)
    third = flagged("kai", "slide", "task")
    assert tell_therapists(now + MINUTE) == 0
    assert len(mails()) == 1
    assert [how(flag) for flag in (first, second, third)] == ["at-once", "joined", "joined"]


def test_something_new_after_the_two_have_talked_is_told(flagged, at_desk, mails, now) -> None:
    episode = flagged("kai", "dip", "bond").episode
    tell_therapists(now)
    move(episode, "talked-about", by=at_desk("kai"), at=now + MINUTE)
    flagged("kai", "said", at=now + HOUR)
    assert tell_therapists(now + HOUR) == 1
    assert len(mails()) == 2


def test_notes_that_are_only_worth_knowing_are_never_told(flagged, mails, now) -> None:
    flagged("jo", "low", "bond")
    flagged("jo", "ceiling")
    assert tell_therapists(now) == 0
    assert not Telling.objects.exists()


def test_after_three_in_a_day_the_rest_comes_in_the_morning_in_one(flagged, mails, now) -> None:
    for place, slug in enumerate(("kai", "jo", "max", "lou")):
        flagged(slug, "said", at=now + place * HOUR)
        tell_therapists(now + place * HOUR)
    flagged("nuno", "said", number=3, at=now + 5 * HOUR)
    tell_therapists(now + 5 * HOUR)
    assert len(mails()) == MOST_A_DAY
    assert tell_therapists(now + 22 * HOUR) == 0
    assert tell_therapists(now + 22 * HOUR + 30 * MINUTE) == 1  # 07:30
    assert mails()[-1].subject == "You have notes waiting"
    assert "2 notes" in mails()[-1].body
    assert tell_therapists(now + DAY) == 0


def test_the_next_day_has_notices_of_its_own(flagged, mails, now) -> None:
    for place, slug in enumerate(("kai", "jo", "max")):
        flagged(slug, "said", at=now + place * HOUR)
        tell_therapists(now + place * HOUR)
    flagged("lou", "said", at=now + DAY)
    assert tell_therapists(now + DAY) == 1


def test_who_wants_a_morning_gets_one_notice_for_all(flagged, person, mails, now) -> None:
    choose({"notices": "morning"}, by=person("tess"), at=now)
    for slug in ("kai", "jo"):
        flagged(slug, "said")
    assert tell_therapists(now) == 0
    assert tell_therapists(now + DAY) == 1
    assert "2 notes" in mails()[0].body


def test_what_was_dealt_with_before_the_morning_is_not_told(flagged, person, at_desk, as_client, mails, now) -> None:
    choose({"notices": "morning"}, by=person("tess"), at=now)
    talked, closed = flagged("kai", "said").episode, flagged("jo", "said").episode
    tell_therapists(now)
    move(talked, "talked-about", by=at_desk("kai"), at=now + HOUR)
    move(closed, "closed", by=as_client("jo"), at=now + HOUR)
    assert tell_therapists(now + DAY) == 0
    assert mails() == []


def test_who_wants_none_gets_none_and_it_is_written_down(flagged, person, mails, now) -> None:
    choose({"notices": "none"}, by=person("tess"), at=now)
    flag = flagged("kai", "said")
    assert tell_therapists(now) == 0
    assert (mails(), how(flag)) == ([], "none")


def test_who_changes_to_none_overnight_gets_none_in_the_morning(flagged, person, mails, now) -> None:
    choose({"notices": "morning"}, by=person("tess"), at=now)
    flagged("kai", "said")
    tell_therapists(now)
    choose({"notices": "none"}, by=person("tess"), at=now + HOUR)
    assert tell_therapists(now + DAY) == 0
    assert mails() == []


def test_what_is_muted_is_not_told_and_what_was_said_is(flagged, at_desk, mails, now) -> None:
    mute(About(pillar="bond"), by=at_desk("kai"), at=now)
    dip = flagged("kai", "dip", "bond")
    assert tell_therapists(now) == 0
    assert how(dip) == "muted"
    flagged("kai", "said")
    assert tell_therapists(now) == 1


@pytest.mark.parametrize("ended", ["pair", "post"])
def test_who_no_longer_works_with_the_client_is_not_told(flagged, pair_of, person, mails, now, ended) -> None:
    flagged("kai", "said")
    if ended == "pair":
        end_pair(pair_of("kai"), by=person("tess"), at=now)
    else:
        end_post(pair_of("kai").therapist, on=now.date())
    assert tell_therapists(now) == 0
    assert mails() == []


def test_a_flag_that_is_taken_back_leaves_the_days_count_and_no_morning(flagged, person, mails, now) -> None:
    flagged("kai", "said")
    tell_therapists(now)
    choose({"notices": "morning"}, by=person("tess"), at=now)
    flagged("jo", "said")
    tell_therapists(now)
    Flag.objects.all().delete()
    assert sent_today(person("tess"), now) == 1
    assert tell_therapists(now + DAY) == 0
    assert len(mails()) == 1


def test_last_month_is_not_told_today(flagged, now) -> None:
    flagged("kai", "said", at=now - timedelta(days=4))
    assert tell_therapists(now) == 0


def test_each_therapist_is_told_of_their_own(flagged, mails, now) -> None:
    flagged("kai", "said")
    flagged("lena", "said", number=3)
    before = {slug: len(mails(slug)) for slug in ("tess", "theo")}
    assert tell_therapists(now) == 2
    assert {slug: len(mails(slug)) - count for slug, count in before.items()} == {"tess": 1, "theo": 1}


@pytest.mark.parametrize(
    ("utc", "morning"),
    [
        (datetime(2024, 5, 6, 8, 0, tzinfo=UTC), datetime(2024, 5, 7, 6, 30, tzinfo=UTC)),
        (datetime(2024, 5, 6, 6, 0, tzinfo=UTC), datetime(2024, 5, 6, 6, 30, tzinfo=UTC)),
        (datetime(2024, 10, 26, 12, 0, tzinfo=UTC), datetime(2024, 10, 27, 7, 30, tzinfo=UTC)),  # the clocks go back
        (datetime(2024, 3, 30, 12, 0, tzinfo=UTC), datetime(2024, 3, 31, 6, 30, tzinfo=UTC)),  # and forward
    ],
)
def test_the_morning_is_on_their_own_wall_also_when_the_clocks_change(utc, morning) -> None:
    assert next_morning(utc, User(zone="Europe/Lisbon")) == morning
