from datetime import UTC, datetime, timedelta

from accord.surfaces.shared.sign_in.stays import CLIENT, STAFF, Stay

NINE = datetime(2024, 5, 6, 9, 0, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def _stay(*, seen: timedelta = timedelta(0), staff: bool = True) -> Stay:
    return Stay(since=NINE, seen=NINE + seen, staff=staff, second_factor=staff)


def test_the_limits_it_holds_to_are_those_of_the_house():
    assert (STAFF.idle, STAFF.whole) == (15 * MINUTE, 12 * HOUR)
    assert (CLIENT.idle, CLIENT.whole) == (60 * MINUTE, 24 * HOUR)


def test_idle_staff_it_lets_stay_just_under_fifteen_minutes():
    assert not _stay().is_over(NINE + 15 * MINUTE - timedelta(seconds=1))
    assert _stay().is_over(NINE + 15 * MINUTE)


def test_busy_staff_it_ends_after_twelve_hours():
    busy = _stay(seen=12 * HOUR - MINUTE)
    assert not busy.is_over(NINE + 12 * HOUR - timedelta(seconds=1))
    assert busy.is_over(NINE + 12 * HOUR)


def test_a_client_it_lets_stay_an_hour_idle_and_a_day_in_all():
    assert not _stay(staff=False).is_over(NINE + 59 * MINUTE)
    assert _stay(staff=False).is_over(NINE + 60 * MINUTE)
    assert _stay(staff=False, seen=24 * HOUR - MINUTE).is_over(NINE + 24 * HOUR)


def test_a_clock_turned_back_it_does_not_trust():
    assert _stay().is_over(NINE - HOUR)


def test_seconds_left_it_counts_down_to_nought():
    assert _stay().seconds_left(NINE + 13 * MINUTE) == 120
    assert _stay().seconds_left(NINE + HOUR) == 0


def test_what_is_kept_in_the_session_it_reads_back():
    stay = _stay(seen=MINUTE)
    assert Stay.read(stay.kept()) == stay
