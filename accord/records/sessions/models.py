"""Therapy sessions of a pair."""

from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q

from accord.records.codes import new_code
from accord.records.pairs.models import CarePair
from accord.records.practices.models import Practice


class TherapySession(models.Model):
    class State(models.TextChoices):
        BOOKED = "booked"
        HELD = "held"
        CANCELLED = "cancelled"

    code = models.CharField(max_length=16, unique=True, default=new_code, editable=False)
    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="+")
    pair = models.ForeignKey(CarePair, on_delete=models.PROTECT, related_name="sessions")
    number = models.PositiveSmallIntegerField()
    starts_at = models.DateTimeField(db_index=True)
    minutes = models.PositiveSmallIntegerField(default=50)
    state = models.CharField(max_length=12, choices=State, default=State.BOOKED)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["pair", "number"],
                condition=~Q(state="cancelled"),
                name="session_number_once_in_a_pair",
            ),
            models.CheckConstraint(condition=Q(number__gte=1), name="sessions_count_from_one"),
        ]

    def __str__(self) -> str:
        return f"session {self.number}"

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(minutes=self.minutes)
