"""Busy times out of a calendar file: times only, what repeats laid out, a bad file told by its line."""

from datetime import UTC, datetime, timedelta

import pytest

from accord.records.errors import Refused
from accord.surfaces.shared.calendars.reading import HORIZON, LARGEST, busy_times

AT = datetime(2024, 3, 1, 9, 0, tzinfo=UTC)
ZONE = "Europe/Lisbon"


def file_of(*events: str, more: str = "") -> bytes:
    body = "".join(f"BEGIN:VEVENT\n{event.strip()}\nEND:VEVENT\n" for event in events)
    return f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//test//EN\n{more}{body}END:VCALENDAR\n".replace(
        "\n", "\r\n"
    ).encode()


def read(*events: str, more: str = "", zone: str = ZONE) -> list[str]:
    found = busy_times(file_of(*events, more=more), zone=zone, at=AT)
    return [f"{start:%m-%d %H:%M} {end:%m-%d %H:%M}" for start, end in found]


def test_one_event_it_reads_in_utc_from_any_zone() -> None:
    assert read("UID:1\nDTSTART:20240304T100000Z\nDTEND:20240304T110000Z") == ["03-04 10:00 03-04 11:00"]
    berlin = "UID:1\nDTSTART;TZID=Europe/Berlin:20240304T100000\nDURATION:PT45M"
    assert read(berlin) == ["03-04 09:00 03-04 09:45"]
    floating = "UID:1\nDTSTART:20240404T100000\nDTEND:20240404T110000"
    assert read(floating) == ["04-04 09:00 04-04 10:00"], "where the owner lives"
    assert read(floating, zone="America/New_York") == ["04-04 14:00 04-04 15:00"]


OWN_ZONE = """BEGIN:VTIMEZONE
TZID:Somewhere of our own
BEGIN:STANDARD
DTSTART:20200101T000000
TZOFFSETFROM:+0300
TZOFFSETTO:+0300
END:STANDARD
END:VTIMEZONE
"""


def test_a_zone_that_the_file_describes_it_follows() -> None:
    event = "UID:1\nDTSTART;TZID=Somewhere of our own:20240304T100000\nDURATION:PT1H"
    assert read(event, more=OWN_ZONE) == ["03-04 07:00 03-04 08:00"]


def test_a_whole_day_it_takes_from_midnight_to_midnight_there() -> None:
    assert read("UID:1\nDTSTART;VALUE=DATE:20240405") == ["04-04 23:00 04-05 23:00"]
    short = read("UID:1\nDTSTART;VALUE=DATE:20240331\nDTEND;VALUE=DATE:20240401")
    assert short == ["03-31 00:00 03-31 23:00"], "the day on which the clocks go forward has 23 hours"


def test_what_repeats_keeps_its_hour_on_the_wall() -> None:
    weekly = "UID:1\nDTSTART;TZID=Europe/Lisbon:20240318T100000\nDURATION:PT1H\nRRULE:FREQ=WEEKLY;COUNT=4"
    assert read(weekly) == [
        "03-18 10:00 03-18 11:00",
        "03-25 10:00 03-25 11:00",
        "04-01 09:00 04-01 10:00",  # summer time
        "04-08 09:00 04-08 10:00",
    ]


def test_the_end_of_a_rule_it_takes_in_its_zone() -> None:
    """09:00 in Lisbon in summer is 08:00 UTC: the last day counts."""
    until = "UID:1\nDTSTART;TZID=Europe/Lisbon:20240402T090000\nDURATION:PT1H\nRRULE:FREQ=DAILY;UNTIL=20240404T080000Z"
    assert read(until) == ["04-02 08:00 04-02 09:00", "04-03 08:00 04-03 09:00", "04-04 08:00 04-04 09:00"]


def test_what_was_taken_out_or_moved_it_leaves_out_and_moves() -> None:
    rule = (
        "UID:1\nDTSTART:20240304T100000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=4\n"
        "EXDATE:20240305T100000Z\nRDATE:20240310T100000Z"
    )
    instead = "UID:1\nRECURRENCE-ID:20240306T100000Z\nDTSTART:20240306T150000Z\nDURATION:PT1H"
    assert read(rule, instead) == [
        "03-04 10:00 03-04 11:00",
        "03-06 15:00 03-06 16:00",
        "03-07 10:00 03-07 11:00",
        "03-10 10:00 03-10 11:00",
    ]


def test_only_the_horizon_it_reads() -> None:
    old = "UID:1\nDTSTART:20240229T100000Z\nDURATION:PT1H"
    far = "UID:2\nDTSTART:20250304T100000Z\nDURATION:PT1H"
    endless = "UID:3\nDTSTART:20100101T120000Z\nDURATION:PT1H\nRRULE:FREQ=WEEKLY"
    found = busy_times(file_of(old, far, endless), zone=ZONE, at=AT)
    assert len(found) == 26
    assert all(AT <= start < end <= AT + HORIZON for start, end in found)
    running = read("UID:1\nDTSTART:20240301T080000Z\nDTEND:20240301T100000Z")
    assert running == ["03-01 09:00 03-01 10:00"], "it is on just now"


def test_what_touches_or_overlaps_is_one() -> None:
    one = "UID:1\nDTSTART:20240304T100000Z\nDTEND:20240304T110000Z"
    two = "UID:2\nDTSTART:20240304T103000Z\nDTEND:20240304T120000Z"
    three = "UID:3\nDTSTART:20240304T120000Z\nDTEND:20240304T121500Z"
    assert read(three, one, two) == ["03-04 10:00 03-04 12:15"]


@pytest.mark.parametrize(
    "more",
    ["TRANSP:TRANSPARENT", "STATUS:CANCELLED", "UID:abc@accord", "DURATION:PT0S"],
)
def test_what_keeps_nobody_busy_it_leaves_out(more) -> None:
    lines = {"DTSTART": "20240304T100000Z", "DURATION": "PT1H", "UID": "1"}
    name, _colon, value = more.partition(":")
    lines[name] = value
    assert read("\n".join(f"{key}:{text}" for key, text in lines.items())) == []


def test_nothing_but_times_comes_out() -> None:
    event = "UID:1\nSUMMARY:canary dentist\nLOCATION:canary street\nDTSTART:20240304T100000Z\nDURATION:PT1H"
    assert "canary" not in repr(busy_times(file_of(event), zone=ZONE, at=AT))


def test_folded_lines_and_plain_line_ends_it_reads() -> None:
    text = file_of("UID:1\nSUMMARY:a long\n  title\nDTSTART:20240304T100000Z\nDURATION:PT1H").replace(b"\r\n", b"\n")
    assert len(busy_times(b"\xef\xbb\xbf" + text, zone=ZONE, at=AT)) == 1
    assert busy_times(file_of(), zone=ZONE, at=AT) == []


GOOD = "UID:1\nDTSTART:20240304T100000Z\nDURATION:PT1H"
BAD = [
    (b"", "Line 1 should say BEGIN:VCALENDAR"),
    (b"%PDF-1.7", "Line 1 should say BEGIN:VCALENDAR"),
    (file_of(GOOD).replace(b"UID:1", b"this is nothing"), "Line 5 is no calendar line"),
    (file_of(GOOD).replace(b"END:VEVENT\r\n", b""), "Line 8 ends something"),
    (file_of(GOOD).replace(b"END:VCALENDAR\r\n", b""), "What begins in line 1 has no end"),
    (file_of(GOOD).replace(b"20240304T100000Z", b"tomorrow"), "The event in line 4"),
    (file_of(GOOD, "UID:2\nDURATION:PT1H"), "The event in line 9"),
    (file_of(GOOD + "\nRRULE:FREQ=SECONDLY"), "The event in line 4: it repeats more often"),
    (file_of(GOOD + "\nRRULE:FREQ=NEVER"), "line 4|cannot be read"),
    (file_of("UID:1\nDTSTART:19000101T100000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY"), "thirty years"),
    (file_of(GOOD).replace(b"UID:1", b"UID:\xff\xfe"), "Line 5 is not in UTF-8"),
    (b"x" * (LARGEST + 1), "larger than 2 MB"),
    (file_of("UID:1\nDTSTART;TZID=Nowhere/Nothing:20240304T100000\nDURATION:PT1H"), ""),
]


@pytest.mark.parametrize(("content", "says"), BAD)
def test_a_bad_file_it_tells_by_its_line(content, says) -> None:
    if not says:  # a zone that nobody knows is read as the owner's own
        assert len(busy_times(content, zone=ZONE, at=AT)) == 1
        return
    with pytest.raises(Refused, match=says):
        busy_times(content, zone=ZONE, at=AT)


@pytest.mark.parametrize(
    "rule", ["FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=30", "FREQ=YEARLY;BYWEEKNO=60", "FREQ=DAILY;INTERVAL=0"]
)
def test_a_rule_that_never_comes_true_ends_too(rule) -> None:
    event = f"UID:1\nDTSTART:20000101T100000Z\nDURATION:PT1H\nRRULE:{rule}"
    try:
        assert busy_times(file_of(event), zone=ZONE, at=AT) == []
    except Refused as error:
        assert "line 4" in str(error)


def test_thousands_of_lines_of_noise_raise_nothing_of_their_own() -> None:
    """Cut anywhere, a file is read or refused, never an error of ours."""
    whole = file_of(GOOD, "UID:2\nDTSTART;VALUE=DATE:20240405\nRRULE:FREQ=WEEKLY;COUNT=3", more=OWN_ZONE)
    for end in range(0, len(whole), 3):
        for content in (whole[:end], whole[:end] + b"?" + whole[end + 1 :]):
            try:
                busy_times(content, zone=ZONE, at=AT + timedelta())
            except Refused:
                continue
