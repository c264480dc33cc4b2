"""Therapy sessions of a pair, what is sent about them, and the times at which a person cannot."""

import hashlib
from datetime import datetime, timedelta

from django.db import models
from django.db.models import F, Q

from accord.records.accounts.models import Notice, User
from accord.records.codes import new_code
from accord.records.pairs.models import CarePair
from accord.records.practices.models import Practice
from accord.records.sealing import SealedTextField


class TherapySession(models.Model):
    class State(models.TextChoices):
        BOOKED = "booked"
        HELD = "held"
        CANCELLED = "cancelled"

    class Place(models.TextChoices):
        IN_PERSON = "in-person"
        VIDEO = "video"
        PHONE = "phone"

    code = models.CharField(max_length=16, unique=True, default=new_code, editable=False)
    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="+")
    pair = models.ForeignKey(CarePair, on_delete=models.PROTECT, related_name="sessions")
    number = models.PositiveSmallIntegerField()  # in order of time; a held session keeps its number for good
    starts_at = models.DateTimeField(db_index=True)
    minutes = models.PositiveSmallIntegerField(default=50)
    place = models.CharField(max_length=12, choices=Place, default=Place.IN_PERSON)
    state = models.CharField(max_length=12, choices=State, default=State.BOOKED)
    series = models.CharField(max_length=16, blank=True)  # what was booked together has this in common

    revision = models.PositiveSmallIntegerField(default=0)  # how often it was changed; calendars ask for it
    changed_at = models.DateTimeField(null=True)
    moved_from = models.DateTimeField(null=True)  # where it was before the last move
    moved_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    moved_at = models.DateTimeField(null=True)
    cancelled_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    cancelled_at = models.DateTimeField(null=True)
    words = SealedTextField()  # what the client wrote to the therapist when cancelling
    told_start = models.DateTimeField(null=True)  # when it is, as the client was last told; none: not on, or not told
    cancel_told_at = models.DateTimeField(null=True)  # the therapist was told that the client cannot come
    remind_at = models.DateTimeField(null=True)  # when the client is to be reminded of this start; none: not at all

    class Meta:
        indexes = [
            models.Index(fields=["remind_at"], condition=Q(state="booked"), name="reminders_to_come"),
            models.Index(fields=["starts_at"], condition=Q(state="booked"), name="booked_by_time"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["pair", "number"],
                condition=~Q(state="cancelled"),
                name="session_number_once_in_a_pair",
            ),
            models.CheckConstraint(condition=Q(number__gte=1), name="sessions_count_from_one"),
            models.CheckConstraint(condition=Q(minutes__gte=5, minutes__lte=480), name="session_of_a_sensible_length"),
            models.CheckConstraint(
                condition=Q(state="cancelled") | Q(cancelled_at=None, cancelled_by=None),
                name="cancelled_by_somebody_means_cancelled",
            ),
        ]

    def __str__(self) -> str:
        return f"session {self.number}"

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(minutes=self.minutes)


class BusyTime(models.Model):
    """A span in which a person cannot, taken over from a calendar of theirs. Nothing but the times is kept."""

    code = models.CharField(max_length=16, unique=True, default=new_code, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="busy_times")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="busy_time_ends_after_it_starts")
        ]
        indexes = [models.Index(fields=["user", "starts_at"], name="busy_times_of_a_person")]


class HeldHour(models.Model):
    """An hour that a therapist offers somebody who is not their client yet: while it stands, nobody else gets it."""

    code = models.CharField(max_length=16, unique=True, default=new_code, editable=False)
    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="+")
    therapist = models.ForeignKey(User, on_delete=models.PROTECT, related_name="held_hours")
    client = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["therapist", "starts_at"], name="an_hour_is_held_for_one"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="a_held_hour_ends_after_it_starts"),
        ]


class CalendarAddress(models.Model):
    """A secret address at which a person's own calendar program reads their appointments. Only its hash is kept."""

    code = models.CharField(max_length=16, unique=True, default=new_code, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="calendar_addresses")
    token_hash = models.BinaryField(max_length=32, unique=True, editable=False)
    made_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user"], condition=Q(revoked_at=None), name="one_calendar_address_in_force")
        ]

    @staticmethod
    def hash_of(token: str) -> bytes:
        return hashlib.sha256(token.encode()).digest()


class ReminderChoice(models.Model):
    """When a client wants to be reminded; who chose nothing is reminded the day before."""

    class When(models.TextChoices):
        OFF = "off"
        DAY_BEFORE = "day-before"
        TWO_HOURS = "two-hours"

    code = models.CharField(max_length=16, unique=True, default=new_code, editable=False)
    user = models.OneToOneField(User, on_delete=models.PROTECT, related_name="reminder_choice")
    when = models.CharField(max_length=12, choices=When)
    chosen_at = models.DateTimeField()


class Reminder(models.Model):
    """One reminder of one session at one time. The constraint makes sure that it is written once."""

    code = models.CharField(max_length=16, unique=True, default=new_code, editable=False)
    session = models.ForeignKey(TherapySession, on_delete=models.PROTECT, related_name="reminders")
    starts_at = models.DateTimeField()  # the start that it speaks of; after a move another one may follow
    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="+")  # taken back with its mail
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["session", "starts_at"], name="one_reminder_of_one_start")]
