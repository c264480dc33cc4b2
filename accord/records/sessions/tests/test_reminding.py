"""Reminders and news of changes: once, at the right hour where the client lives, and only what is still so."""

from datetime import datetime, timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accord.records.accounts.actions import take_back_notice
from accord.records.accounts.jobs import send_waiting_notices
from accord.records.accounts.models import Notice, User
from accord.records.errors import Refused
from accord.records.sessions.actions import book, book_series, bring_back, cancel, move
from accord.records.sessions.calendar_actions import choose_reminders, remind, tell_client
from accord.records.sessions.jobs import LOOK_BACK, TIME_TO_UNDO, remind_of_sessions, tell_of_changes
from accord.records.sessions.local_times import is_quiet, moment
from accord.records.sessions.models import Reminder, TherapySession
from accord.records.sessions.planning import remind_at
from accord.records.sessions.queries import reminder_choice, reminders_due

DAY, WEEK, HOUR, MINUTE = timedelta(days=1), timedelta(weeks=1), timedelta(hours=1), timedelta(minutes=1)
ADDRESS = "http://localhost:8000/me/sessions/"
DESK = "http://localhost:8000/desk/week/"
NEVER_IN_A_MAIL = ("therap", "session", "alliance", "check-in", "bond", "tess", "cleo", "harbour", "score", "mental")


@pytest.fixture
def cleo(new_pair):
    """Cleo, alone: everybody else's mails are out of the way."""
    TherapySession.objects.exclude(pair=new_pair).filter(state="booked").update(state="held")
    Notice.objects.all().delete()
    return new_pair.client


@pytest.fixture
def booked(new_pair, cleo, now):
    """Cleo's first session is in three days, at ten in the morning."""
    return book(new_pair, now + 3 * DAY + HOUR, by=None, at=now)


def mails(user: User) -> list[str]:
    return list(Notice.objects.filter(user=user).order_by("pk").values_list("subject", flat=True))


def test_the_day_before_it_reminds_once(booked, cleo, now) -> None:
    due = booked.starts_at - DAY
    assert remind_of_sessions(due - MINUTE, address=ADDRESS) == 0
    assert remind_of_sessions(due, address=ADDRESS) == 1
    assert remind_of_sessions(due, address=ADDRESS) == 0
    assert remind_of_sessions(due + HOUR, address=ADDRESS) == 0
    notice = Notice.objects.get(user=cleo)
    assert notice.subject == "Your appointment"
    body = notice.body or ""
    assert "Thursday 9 May 2024, 10:00 (Europe/Lisbon)" in body
    assert ADDRESS in body


def test_in_neutral_words_it_writes(booked, cleo, person, now) -> None:
    remind_of_sessions(booked.starts_at - DAY, address="/")
    tell_of_changes(now + HOUR, client_address="/", therapist_address="/")
    cancel(booked, by=cleo, at=now + HOUR, words="canary")
    tell_of_changes(now + 2 * HOUR, client_address="/", therapist_address="/")
    written = Notice.objects.filter(user__in=(cleo, person("tess")))
    assert written.count() == 3 - 1, "the reminder was taken back"
    for notice in written:
        text = f"{notice.subject} {notice.body}".lower()
        assert [word for word in (*NEVER_IN_A_MAIL, "canary") if word in text] == []


@pytest.mark.parametrize(("choice", "ahead"), [("day-before", DAY), ("two-hours", 2 * HOUR)])
def test_as_chosen_it_reminds(booked, cleo, now, choice, ahead) -> None:
    choose_reminders(cleo, choice, at=now)
    choose_reminders(cleo, choice, at=now)
    assert reminder_choice(cleo) == choice
    hours = [hour for hour in range(76) if remind_of_sessions(now + hour * HOUR, address=ADDRESS)]
    assert [now + hour * HOUR for hour in hours][:1] == [booked.starts_at - ahead]


def test_switched_off_it_never_reminds(booked, cleo, now) -> None:
    choose_reminders(cleo, "off", at=now)
    for hour in range(80):
        assert remind_of_sessions(now + hour * HOUR, address=ADDRESS) == 0
    with pytest.raises(Refused):
        choose_reminders(cleo, "hourly", at=now)


@pytest.mark.parametrize("zone", ["Europe/Lisbon", "America/New_York", "Asia/Kolkata", "Pacific/Auckland"])
@pytest.mark.parametrize("day", ["2024-03-10", "2024-03-31", "2024-04-07", "2024-09-29", "2024-10-27", "2024-11-03"])
@pytest.mark.parametrize("choice", ["day-before", "two-hours"])
@pytest.mark.parametrize("clock", ["08:15", "10:00", "21:30"])
def test_over_every_change_of_clocks_it_comes_in_waking_hours(new_pair, cleo, zone, day, choice, clock) -> None:
    User.objects.filter(pk=cleo.pk).update(zone=zone)
    starts_at = moment(datetime.fromisoformat(f"{day}T{clock}"), zone)
    session = book(new_pair, starts_at, by=None, at=starts_at - 5 * DAY)
    choose_reminders(cleo, choice, at=starts_at - 5 * DAY)
    days, comes = {
        ("08:15", "day-before"): (1, "08:15"),
        ("10:00", "day-before"): (1, "10:00"),
        ("21:30", "day-before"): (0, "08:00"),
        ("08:15", "two-hours"): (1, "20:00"),
        ("10:00", "two-hours"): (0, "08:00"),
        ("21:30", "two-hours"): (0, "19:30"),
    }[clock, choice]
    wall = datetime.fromisoformat(f"{day}T{comes}") - timedelta(days=days)
    due = moment(wall, zone)
    assert remind_of_sessions(due - MINUTE, address=ADDRESS) == 0
    assert remind_of_sessions(due, address=ADDRESS) == 1
    assert not is_quiet(due, zone)
    assert clock in (Notice.objects.get(user=cleo).body or "")
    assert Reminder.objects.get().starts_at == session.starts_at


def test_after_an_outage_it_is_made_up_for_but_not_at_night(booked, cleo, now) -> None:
    late = booked.starts_at - 11 * HOUR  # eleven at night
    assert remind_of_sessions(late, address=ADDRESS) == 0
    assert remind_of_sessions(booked.starts_at - 2 * HOUR, address=ADDRESS) == 1
    assert remind_of_sessions(booked.starts_at, address=ADDRESS) in (0, 1)
    assert Reminder.objects.filter(notice__sent_at=None, starts_at__lte=booked.starts_at).count() == 0


def test_what_is_not_due_costs_nothing_however_much_of_it_there_is(booked, cleo, now, monkeypatch) -> None:
    """A worker looks every second: it asks once for what is due, by an index, and reads no row that is not."""
    read, first = [], TherapySession.from_db

    def reading(*row) -> TherapySession:
        read.append(row)
        return first(*row)

    monkeypatch.setattr(TherapySession, "from_db", reading)
    costs = []
    for number in (1, 300):
        booked_at = [now + DAY + HOUR + number * MINUTE * 4 for number in range(number)]
        TherapySession.objects.bulk_create(
            TherapySession(
                practice=booked.practice,
                pair=booked.pair,
                number=100 * (1 + number) + place,
                starts_at=start,
                changed_at=now - WEEK,
                # not due yet, due soon, or booked too late for one
                remind_at=remind_at(start, cleo, since=now + DAY if place % 3 else now - WEEK),
            )
            for place, start in enumerate(booked_at)
        )
        read.clear()
        with CaptureQueriesContext(connection) as asked:
            assert remind_of_sessions(now, address=ADDRESS) == 0
        costs.append((len(asked), len(read)))
    assert costs == [(2, 0)] * 2
    if connection.vendor == "sqlite":  # PostgreSQL takes no index for a table of one page
        assert "reminders_to_come" in reminders_due(now, since=now - 2 * DAY).explain()


def test_what_was_booked_before_is_planned_by_the_migration(harbour, now) -> None:
    booked = TherapySession.objects.filter(state="booked")
    planned = dict(booked.values_list("pk", "remind_at"))
    assert any(planned.values())
    booked.update(remind_at=None)
    import_module("accord.records.sessions.migrations.0004_remind_at").plan(apps, None)
    assert dict(booked.values_list("pk", "remind_at")) == planned


def test_after_another_choice_it_plans_anew(booked, cleo, now) -> None:
    for choice, ahead in (("two-hours", 2 * HOUR), ("off", None), ("day-before", DAY)):
        choose_reminders(cleo, choice, at=now)
        booked.refresh_from_db()
        assert booked.remind_at == (booked.starts_at - ahead if ahead else None)


def test_what_could_not_leave_by_nine_waits_until_eight(new_pair, cleo, now) -> None:
    session = book(new_pair, now + 2 * DAY + 11 * HOUR + 30 * MINUTE, by=None, at=now)  # half past eight in the evening
    evening = session.starts_at - DAY
    assert remind_of_sessions(evening, address=ADDRESS) == 1
    assert remind_of_sessions(evening + 29 * MINUTE, address=ADDRESS) == 0
    assert remind_of_sessions(evening + 30 * MINUTE, address=ADDRESS) == 1, "taken back"
    assert mails(cleo) == []
    morning = evening + 11 * HOUR + 30 * MINUTE
    assert remind_of_sessions(morning - MINUTE, address=ADDRESS) == 0
    assert remind_of_sessions(morning, address=ADDRESS) == 1
    assert mails(cleo) == ["Your appointment"]


def test_one_that_was_booked_after_its_time_needs_none(new_pair, cleo, now) -> None:
    book(new_pair, now + 5 * HOUR, by=None, at=now)
    assert remind_of_sessions(now + HOUR, address=ADDRESS) == 0


@pytest.mark.parametrize("change", ["move", "cancel"])
def test_of_what_is_no_longer_so_it_does_not_remind(booked, cleo, person, now, change) -> None:
    due = booked.starts_at - DAY
    remind_of_sessions(due, address=ADDRESS)
    if change == "move":
        move(booked, booked.starts_at + 2 * DAY, by=person("tess"), at=due + MINUTE)
    else:
        cancel(booked, by=person("tess"), at=due + MINUTE)
    assert mails(cleo) == [], "taken back in the same transaction"
    again = remind_of_sessions(due + 2 * DAY, address=ADDRESS)
    assert again == (1 if change == "move" else 0)
    assert remind_of_sessions(due + 2 * DAY, address=ADDRESS) == 0


def test_one_that_left_it_does_not_send_again_after_a_cancellation_was_undone(booked, cleo, mailoutbox, now) -> None:
    due = booked.starts_at - DAY
    remind_of_sessions(due, address=ADDRESS)
    send_waiting_notices(due)
    back = bring_back(cancel(booked, by=cleo, at=due), by=cleo, at=due)
    assert back.state == "booked"
    assert remind_of_sessions(due + HOUR, address=ADDRESS) == 0
    assert [mail.subject for mail in mailoutbox] == ["Your appointment"]


def test_what_changed_since_it_looked_it_does_not_remind_of(booked, cleo, now) -> None:
    seen = TherapySession.objects.select_related("pair__client").get(pk=booked.pk)
    move(booked, booked.starts_at + HOUR, by=None, at=now)
    assert not remind(seen, at=now, address=ADDRESS)
    fresh = TherapySession.objects.select_related("pair__client").get(pk=booked.pk)
    assert remind(fresh, at=now, address=ADDRESS)
    assert not remind(fresh, at=now, address=ADDRESS), "the constraint holds"
    assert len(mails(cleo)) == 1


def test_a_mail_in_a_senders_hand_it_leaves_alone(booked, cleo, now) -> None:
    remind_of_sessions(booked.starts_at - DAY, address=ADDRESS)
    notice = Notice.objects.get(user=cleo)
    Notice.objects.filter(pk=notice.pk).update(claimed_at=now)
    assert not take_back_notice(notice, at=now + 59 * timedelta(seconds=1))
    assert take_back_notice(notice, at=now + 61 * timedelta(seconds=1))
    assert not Reminder.objects.exists()


def tell(at: datetime) -> int:
    return tell_of_changes(at, client_address=ADDRESS, therapist_address=DESK)


def test_a_minute_after_the_last_change_it_tells_the_client_once_of_all(new_pair, cleo, person, now) -> None:
    booked = book_series(new_pair, [now + week * WEEK + 11 * HOUR for week in range(3)], by=person("tess"), at=now)
    assert tell(now + 59 * timedelta(seconds=1)) == 0
    assert tell(now + TIME_TO_UNDO) == 1
    assert tell(now + TIME_TO_UNDO) == 0
    notice = Notice.objects.get(user=cleo)
    assert notice.subject == "A change to your appointments"
    assert (notice.body or "").count("New: Monday") == 3
    later = now + 2 * HOUR
    for one in booked:
        one.refresh_from_db()
    move(booked[0], booked[0].starts_at + DAY, by=person("tess"), at=later)
    cancel(booked[1], by=person("tess"), at=later)
    assert tell(later + TIME_TO_UNDO) == 1
    body = Notice.objects.filter(user=cleo).latest("pk").body or ""
    assert "Moved: Monday 6 May 2024, 20:00 is now Tuesday 7 May 2024, 20:00" in body
    assert "Cancelled: Monday 13 May 2024, 20:00" in body
    assert tell(later + HOUR) == 0


def test_of_what_was_undone_at_once_nobody_hears(booked, cleo, person, now) -> None:
    cancel(booked, by=person("tess"), at=now)
    assert tell(now + TIME_TO_UNDO) == 0, "the client never knew"
    assert mails(cleo) == []
    bring_back(TherapySession.objects.get(pk=booked.pk), by=person("tess"), at=now)
    tell(now + TIME_TO_UNDO)
    session = TherapySession.objects.get(pk=booked.pk)
    moved = move(session, session.starts_at + DAY, by=person("tess"), at=now + HOUR)
    move(moved, booked.starts_at, by=person("tess"), at=now + HOUR)
    assert tell(now + 2 * HOUR) == 0
    assert mails(cleo) == ["A change to your appointments"]


def test_the_therapist_hears_that_the_client_cannot_come(booked, cleo, person, now) -> None:
    cancel(booked, by=cleo, at=now, words="I have a cold")
    assert tell(now + TIME_TO_UNDO) == 1
    assert tell(now + TIME_TO_UNDO) == 0
    assert mails(person("tess")) == ["A change in your calendar"]
    assert mails(cleo) == [], "they know"
    bring_back(TherapySession.objects.get(pk=booked.pk), by=cleo, at=now + HOUR)
    assert mails(person("tess")) == ["A change in your calendar"] * 2
    assert tell(now + 2 * HOUR) == 0


def test_what_another_worker_has_told_it_does_not_tell_again(booked, cleo, now) -> None:
    seen = [TherapySession.objects.select_related("pair__client").get(pk=booked.pk)]
    assert tell_client(cleo, seen, at=now, address=ADDRESS)
    assert not tell_client(cleo, seen, at=now, address=ADDRESS)
    assert len(mails(cleo)) == 1


def test_nobody_is_told_about_last_week_or_the_past(booked, cleo, now) -> None:
    assert tell(now + LOOK_BACK + MINUTE) == 0
    book(booked.pair, now + 4 * DAY, by=None, at=now + 4 * DAY)
    assert tell(now + 4 * DAY + HOUR) == 0


def test_harbour_practice_starts_with_no_news(harbour, now) -> None:
    assert tell(now) == 0
    assert tell(now + HOUR) == 0
