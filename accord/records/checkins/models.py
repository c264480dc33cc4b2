"""A check-in: one instrument, one session, one rater. Asked, then answered once."""

from django.db import models
from django.db.models import Q

from accord.records.codes import new_code
from accord.records.practices.models import Practice
from accord.records.sealing import SealedTextField
from accord.records.sessions.models import TherapySession


class CheckIn(models.Model):
    class Rater(models.TextChoices):
        CLIENT = "client"
        THERAPIST = "therapist"

    class Travels(models.TextChoices):
        """How the client's own words travel."""

        NOW = "now", "Tell them now"
        BEFORE_NEXT = "before-next", "Before our next session"
        MYSELF = "myself", "I will say it myself"
        KEEP = "keep", "Keep it to myself"

    code = models.CharField(max_length=16, unique=True, default=new_code, editable=False)
    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="+")
    session = models.ForeignKey(TherapySession, on_delete=models.PROTECT, related_name="check_ins")
    rater = models.CharField(max_length=12, choices=Rater)
    instrument = models.CharField(max_length=40)  # with its version: "checkin@1"
    asked_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)

    answers = models.JSONField(null=True)  # item -> number or code; "skipped" and "not-sure" are different codes
    scores = models.JSONField(null=True)  # pillar -> number or null
    modes = models.JSONField(null=True)  # item -> buttons, words, slider
    note = SealedTextField()
    travels = models.CharField(max_length=12, choices=Travels, blank=True)

    answered_at = models.DateTimeField(null=True)  # the rater's own clock, maybe offline
    zone_offset = models.SmallIntegerField(null=True)  # minutes east of UTC on the rater's device
    received_at = models.DateTimeField(null=True)  # ours
    skipped_at = models.DateTimeField(null=True)  # the therapist chose not to rate
    idempotency_key = models.CharField(max_length=64, null=True, unique=True)
    read_at = models.DateTimeField(null=True)  # the other one first saw it
    withdrawn_at = models.DateTimeField(null=True)  # answers that stood here were taken back, the last time then

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["session", "instrument"], name="one_check_in_a_session_and_instrument"),
            models.CheckConstraint(
                condition=Q(received_at=None, answers=None) | Q(received_at__isnull=False, answers__isnull=False),
                name="received_means_answered",
            ),
            models.CheckConstraint(condition=Q(skipped_at=None) | Q(received_at=None), name="skipped_or_answered"),
        ]

    def __str__(self) -> str:
        return f"{self.instrument} of {self.session}"


class TakenBack(models.Model):
    """Answers that stood in a check-in and were taken back. What the other one had read stays; the rest is gone.

    The key stays in any case: a late copy of the same letter must not bring back what was taken back.
    """

    code = models.CharField(max_length=16, unique=True, default=new_code, editable=False)
    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="+")
    check_in = models.ForeignKey(CheckIn, on_delete=models.PROTECT, related_name="taken_back")
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField()
    idempotency_key = models.CharField(max_length=64, unique=True)

    answers = models.JSONField(null=True)
    scores = models.JSONField(null=True)
    note = SealedTextField()
    travels = models.CharField(max_length=12, choices=CheckIn.Travels, blank=True)
    answered_at = models.DateTimeField(null=True)
    zone_offset = models.SmallIntegerField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(read_at__isnull=False)
                | Q(answers__isnull=True, scores__isnull=True, note=None, travels=""),
                name="what_nobody_read_is_gone",
            )
        ]

    def __str__(self) -> str:
        return f"taken back: {self.check_in}"
