"""An intake and its answers, a sealed row each. The therapist it is for reads it once it was sent, not before."""

from django.db import models
from django.db.models import Q

from accord.records.accounts.models import User
from accord.records.codes import new_code
from accord.records.intake.questions import VERSION
from accord.records.pairs.models import CarePair
from accord.records.practices.models import Post, Practice
from accord.records.sealing import SealedTextField


class Intake(models.Model):
    code = models.CharField(max_length=16, unique=True, default=new_code, editable=False)
    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="+")
    client = models.ForeignKey(User, on_delete=models.PROTECT, related_name="intakes")
    therapist = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="intakes")
    pair = models.ForeignKey(CarePair, null=True, on_delete=models.PROTECT, related_name="intakes")  # once there is one
    version = models.CharField(max_length=40, default=VERSION)
    asked_at = models.DateTimeField()
    begun_at = models.DateTimeField(null=True)
    place = models.CharField(max_length=32, blank=True)  # the question to go on with
    may_read = models.BooleanField(default=False)  # by the therapist: nothing is sent without
    may_supervise = models.BooleanField(default=False)  # the therapist may bring it to supervision
    may_research = models.BooleanField(default=False)
    sent_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["client", "therapist"], name="an_intake_is_asked_once"),
            models.CheckConstraint(
                condition=Q(sent_at=None) | Q(begun_at__isnull=False, may_read=True), name="sent_with_leave_to_read"
            ),
            models.CheckConstraint(
                condition=Q(read_at=None) | Q(sent_at__isnull=False), name="only_a_sent_one_is_read"
            ),
        ]

    def __str__(self) -> str:
        return self.code


class IntakeAnswer(models.Model):
    class State(models.TextChoices):
        DRAFT = "draft"  # typed so far
        GIVEN = "given"
        SKIPPED = "skipped"
        LATER = "later", "will say it when they meet"
        KNOWN = "known"  # not asked: known before, as it stood when the intake was sent

    code = models.CharField(max_length=16, unique=True, default=new_code, editable=False)
    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="+")
    intake = models.ForeignKey(Intake, on_delete=models.PROTECT, related_name="answers")
    question = models.CharField(max_length=48)
    state = models.CharField(max_length=8, choices=State)
    words = SealedTextField()  # own words, or the code of a choice
    revision = models.PositiveIntegerField(default=0)  # counts answers, not what is kept while somebody types
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["intake", "question"], name="one_answer_a_question"),
            models.CheckConstraint(
                condition=Q(words=None) | ~Q(state__in=["skipped", "later"]), name="what_is_skipped_has_no_words"
            ),
        ]
