"""The board of a pair: its goals and tasks, every wording of them, and what each of the two said to each wording.

Nothing here says "agreed". A wording is agreed while both have a standing "agree" to that very row, and the
database takes one such answer a side and one a person. So no one can make an agreement alone.
"""

from django.db import models
from django.db.models import F, Q

from accord.records.accounts.models import User
from accord.records.codes import new_code
from accord.records.pairs.models import CarePair
from accord.records.practices.models import Practice
from accord.records.sealing import SealedTextField


class Side(models.TextChoices):
    CLIENT = "client"
    THERAPIST = "therapist"


class Board(models.Model):
    """What a pair works on. `number` grows with every change: pages watch it, and changes take turns at it."""

    code = models.CharField(max_length=16, unique=True, default=new_code, editable=False)
    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="+")
    pair = models.OneToOneField(CarePair, on_delete=models.PROTECT, related_name="board")
    number = models.PositiveBigIntegerField(default=0)


class Item(models.Model):
    """A goal or a task. What it says stands in its versions."""

    class Kind(models.TextChoices):
        GOAL = "goal"
        TASK = "task"

    code = models.CharField(max_length=16, unique=True, default=new_code, editable=False)
    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="+")
    pair = models.ForeignKey(CarePair, on_delete=models.PROTECT, related_name="agreement_items")
    kind = models.CharField(max_length=8, choices=Kind)
    added_at = models.DateTimeField()
    again_at = models.DateTimeField(null=True)  # the client wished to agree on it anew

    class Meta:
        ordering = ["added_at", "pk"]
        constraints = [models.CheckConstraint(condition=Q(kind__in=["goal", "task"]), name="item_is_goal_or_task")]


class Version(models.Model):
    """One wording, by one of the two. Versions are added; only where they stand ever changes."""

    class Standing(models.TextChoices):
        CURRENT = "current"
        PROPOSED = "proposed"  # beside the current one, until the other has answered
        PAST = "past"
        DECLINED = "declined"
        WITHDRAWN = "withdrawn"

    code = models.CharField(max_length=16, unique=True, default=new_code, editable=False)
    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="+")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    standing = models.CharField(max_length=12, choices=Standing)
    side = models.CharField(max_length=12, choices=Side)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    words = SealedTextField()
    how_known = SealedTextField()  # a goal: how we will know that it is better
    why = SealedTextField()  # a task: why this one
    serves = models.ManyToManyField(Item, related_name="served_by")  # a task: which goals

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["item", "number"], name="versions_are_counted"),
            models.UniqueConstraint(fields=["item"], condition=Q(standing="current"), name="one_current_wording"),
            models.UniqueConstraint(fields=["item"], condition=Q(standing="proposed"), name="one_open_proposal"),
            models.CheckConstraint(condition=Q(side__in=["client", "therapist"]), name="version_has_a_side"),
        ]


class Reply(models.Model):
    """What one of the two says to one wording. A new answer ends the one before; none is removed."""

    class Answer(models.TextChoices):
        AGREE = "agree"
        NOT_SURE = "not-sure"
        NOT_FOR_ME = "not-for-me"
        DECLINED = "declined"

    code = models.CharField(max_length=16, unique=True, default=new_code, editable=False)
    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="replies")
    side = models.CharField(max_length=12, choices=Side)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    answer = models.CharField(max_length=12, choices=Answer)
    words = SealedTextField()  # what would fit better
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "side"], condition=Q(ended_at=None), name="one_standing_answer_a_side"
            ),
            models.UniqueConstraint(
                fields=["version", "by"], condition=Q(ended_at=None), name="nobody_answers_for_both_sides"
            ),
            models.CheckConstraint(condition=Q(side__in=["client", "therapist"]), name="reply_has_a_side"),
            models.CheckConstraint(
                condition=Q(answer__in=["agree", "not-sure", "not-for-me", "declined"]), name="reply_is_one_of_four"
            ),
        ]


class Ending(models.Model):
    """One of the two would like to finish a thing, or put it aside; it is so when the other agrees."""

    class Kind(models.TextChoices):
        FINISHED = "finished"
        ASIDE = "aside"
        TAKEN_BACK = "taken-back"  # by who wrote it, before the other had agreed to anything

    code = models.CharField(max_length=16, unique=True, default=new_code, editable=False)
    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="+")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="endings")
    kind = models.CharField(max_length=12, choices=Kind)
    side = models.CharField(max_length=12, choices=Side)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    agreed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    agreed_at = models.DateTimeField(null=True)
    dropped_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["item"], condition=Q(dropped_at=None), name="one_ending_at_a_time"),
            models.CheckConstraint(
                condition=Q(agreed_by=None) | ~Q(agreed_by=F("by")), name="nobody_ends_a_thing_alone"
            ),
            models.CheckConstraint(
                condition=Q(agreed_by=None, agreed_at=None) | Q(agreed_by__isnull=False, agreed_at__isnull=False),
                name="an_ending_is_agreed_by_somebody",
            ),
        ]


class Rating(models.Model):
    """A number that the client gives a goal: how important it is, or how far it has come."""

    class What(models.TextChoices):
        IMPORTANCE = "importance"
        PROGRESS = "progress"

    code = models.CharField(max_length=16, unique=True, default=new_code, editable=False)
    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="+")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="ratings")
    what = models.CharField(max_length=12, choices=What)
    value = models.PositiveSmallIntegerField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [models.CheckConstraint(condition=Q(value__lte=10), name="rating_is_0_to_10")]


class Visitor(models.Model):
    """Somebody has the board open now. The row goes when they leave, and counts for nothing when it is old."""

    code = models.CharField(max_length=16, unique=True, default=new_code, editable=False)
    board = models.ForeignKey(Board, on_delete=models.CASCADE, related_name="visitors")
    side = models.CharField(max_length=12, choices=Side)
    seen_at = models.DateTimeField()
