"""Clocks on walls: summer time comes and goes, ten o'clock stays ten o'clock, and nobody is woken."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from accord.records.errors import Refused
from accord.records.sessions.local_times import is_quiet, moment, reminder_time, weekly

ZONES = ("Europe/Lisbon", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "Pacific/Auckland", "UTC")
DAY, TWO_HOURS = timedelta(days=1), timedelta(hours=2)


def shown(at: datetime, zone: str) -> str:
    return f"{at.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}"


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("day", ["2024-03-05", "2024-10-08"])  # four weeks around both changes, north and south
def test_ten_oclock_it_keeps_at_ten_oclock(zone, day) -> None:
    first = datetime.fromisoformat(f"{day}T10:00")
    starts = weekly(first, zone, count=8)
    assert [shown(start, zone) for start in starts] == [
        f"{first + timedelta(weeks=turn):%Y-%m-%d %H:%M}" for turn in range(8)
    ]


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("Europe/Lisbon", "2024-03-27", 167),
        ("Europe/Lisbon", "2024-10-23", 169),
        ("America/New_York", "2024-03-06", 167),
        ("Australia/Lord_Howe", "2024-04-03", 168.5),  # half an hour
        ("Asia/Kolkata", "2024-03-27", 168),
    ],
)
def test_the_week_of_a_change_it_makes_an_hour_shorter_or_longer(zone, day, hours) -> None:
    one, two = weekly(datetime.fromisoformat(f"{day}T10:00"), zone, count=2)
    assert two - one == timedelta(hours=hours)


@pytest.mark.parametrize(
    ("zone", "wall"),
    [
        ("Europe/Lisbon", "2024-03-31T01:30"),
        ("America/New_York", "2024-03-10T02:00"),
        ("Australia/Lord_Howe", "2024-10-06T02:15"),
    ],
)
def test_a_time_that_the_clocks_skip_it_refuses(zone, wall) -> None:
    with pytest.raises(Refused, match="clocks go forward"):
        moment(datetime.fromisoformat(wall), zone)


def test_a_series_over_a_skipped_time_it_refuses_by_its_day() -> None:
    with pytest.raises(Refused, match="01:30 on 31 March 2024"):
        weekly(datetime.fromisoformat("2024-03-24T01:30"), "Europe/Lisbon", count=3)


def test_of_an_hour_that_comes_twice_it_takes_the_first() -> None:
    assert moment(datetime.fromisoformat("2024-10-27T01:30"), "Europe/Lisbon") == datetime(
        2024, 10, 27, 0, 30, tzinfo=UTC
    )
    assert moment(datetime.fromisoformat("2024-11-03T01:30"), "America/New_York") == datetime(
        2024, 11, 3, 5, 30, tzinfo=UTC
    )


@pytest.mark.parametrize(("clock", "quiet"), [("20:59", False), ("21:00", True), ("07:59", True), ("08:00", False)])
@pytest.mark.parametrize("zone", ZONES)
def test_from_nine_to_eight_it_is_quiet(zone, clock, quiet) -> None:
    assert is_quiet(datetime.fromisoformat(f"2024-05-06T{clock}").replace(tzinfo=ZoneInfo(zone)), zone) is quiet


# Start on the wall, how far ahead, and when the reminder comes on the same wall.
TABLE = [
    ("2024-05-07 10:00", DAY, "2024-05-06 10:00"),
    ("2024-05-07 07:30", DAY, "2024-05-06 08:00"),  # waits for the end of the quiet hours
    ("2024-05-07 21:30", DAY, "2024-05-07 08:00"),
    ("2024-05-07 08:00", DAY, "2024-05-06 08:00"),
    ("2024-05-07 21:00", DAY, "2024-05-07 08:00"),
    ("2024-05-07 20:59", DAY, "2024-05-06 20:59"),
    ("2024-05-07 10:00", TWO_HOURS, "2024-05-07 08:00"),
    ("2024-05-07 09:30", TWO_HOURS, "2024-05-07 08:00"),
    ("2024-05-07 08:30", TWO_HOURS, "2024-05-06 20:00"),  # after the quiet hours less than an hour would be left
    ("2024-05-07 06:00", TWO_HOURS, "2024-05-06 20:00"),
    ("2024-05-07 00:30", TWO_HOURS, "2024-05-06 20:00"),
    ("2024-05-07 23:30", TWO_HOURS, "2024-05-07 20:00"),
    ("2024-05-07 18:00", TWO_HOURS, "2024-05-07 16:00"),
]


@pytest.mark.parametrize(("start", "ahead", "due"), TABLE)
@pytest.mark.parametrize("zone", ZONES)
def test_each_reminder_it_puts_into_waking_hours(zone, start, ahead, due) -> None:
    starts_at = moment(datetime.fromisoformat(start), zone)
    at = reminder_time(starts_at, zone, ahead=ahead)
    assert shown(at, zone) == due
    assert not is_quiet(at, zone)
    assert at < starts_at


@pytest.mark.parametrize(
    ("zone", "start", "due", "hours"),
    [
        ("Europe/Lisbon", "2024-03-31 10:00", "2024-03-30 10:00", 23),  # the night has an hour less
        ("Europe/Lisbon", "2024-10-27 10:00", "2024-10-26 10:00", 25),
        ("America/New_York", "2024-03-10 09:00", "2024-03-09 09:00", 23),
        ("America/New_York", "2024-11-03 09:00", "2024-11-02 09:00", 25),
        ("Pacific/Auckland", "2024-04-07 12:00", "2024-04-06 12:00", 25),
        ("Pacific/Auckland", "2024-09-29 12:00", "2024-09-28 12:00", 23),
    ],
)
def test_the_day_before_it_counts_on_the_wall_over_a_change(zone, start, due, hours) -> None:
    starts_at = moment(datetime.fromisoformat(start), zone)
    at = reminder_time(starts_at, zone, ahead=DAY)
    assert shown(at, zone) == due
    assert starts_at - at == timedelta(hours=hours)
