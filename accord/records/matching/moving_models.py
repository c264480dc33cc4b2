"""A move from one therapist to another: what the client asks, what goes with them, and where it stands.

Its old pair is called `about`: until the client has chosen that it be told, nothing of the old pair shows it.
"""

from django.db import models
from django.db.models import Q

from accord.records.accounts.models import User
from accord.records.codes import new_code
from accord.records.pairs.models import CarePair
from accord.records.practices.models import Practice
from accord.records.profiles.models import Place, Profile
from accord.records.sealing import SealedTextField


class Move(models.Model):
    class State(models.TextChoices):
        BEGUN = "begun"  # the client's alone
        ASKED = "asked"  # one new therapist was asked
        OFFERED = "offered"  # a yes with a first time; the place there is held, the old one stands
        MOVED = "moved"  # old pair ended, new pair begun, in one step
        CANCELLED = "cancelled"

    class Goodbye(models.TextChoices):
        MESSAGE = "message"
        LAST_TALK = "last-talk"
        NONE = "none"

    class Tell(models.TextChoices):
        """When the therapist before may know."""

        DATE = "date"  # as soon as there is a first time with the new one
        MOVED = "moved"

    OPEN = (State.BEGUN, State.ASKED, State.OFFERED)

    code = models.CharField(max_length=16, unique=True, default=new_code, editable=False)
    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="+")
    client = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    about = models.ForeignKey(CarePair, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=12, choices=State, default=State.BEGUN)
    answers = SealedTextField()  # JSON, as in a search: question -> picks and strength
    before = SealedTextField()  # JSON: what was known when the move began
    keep = SealedTextField()  # in own words
    avoid = SealedTextField()
    note = SealedTextField()  # JSON: lines of the hand-over note
    goodbye = models.CharField(max_length=12, choices=Goodbye, blank=True)
    farewell = SealedTextField()  # the message to the therapist before
    tell = models.CharField(max_length=8, choices=Tell, default=Tell.MOVED)
    passed = models.JSONField(default=list)  # codes of profiles that said no, or nothing
    to = models.ForeignKey(Profile, null=True, on_delete=models.PROTECT, related_name="+")
    contact = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")  # the one person meanwhile
    seed = models.PositiveIntegerField()
    begun_at = models.DateTimeField()
    asked_at = models.DateTimeField(null=True)
    reply_by = models.DateTimeField(null=True)
    place = models.OneToOneField(Place, null=True, on_delete=models.PROTECT, related_name="+")
    first_at = models.DateTimeField(null=True)  # the first session with the new one, as offered
    over_at = models.DateTimeField(null=True)
    new_pair = models.OneToOneField(CarePair, null=True, on_delete=models.PROTECT, related_name="move")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["about"], condition=Q(state__in=["begun", "asked", "offered"]), name="one_open_move_of_a_pair"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["begun", "cancelled"], place=None, first_at=None)
                | Q(state="asked", to__isnull=False, asked_at__isnull=False, place=None, first_at=None)
                | Q(state="offered", to__isnull=False, place__isnull=False, first_at__isnull=False)
                | Q(state="moved", place__isnull=False, first_at__isnull=False),
                name="a_place_is_held_from_the_yes_on",
            ),
            models.CheckConstraint(
                condition=Q(state="moved", new_pair__isnull=False) | (~Q(state="moved") & Q(new_pair=None)),
                name="moved_means_a_new_pair",
            ),
            models.CheckConstraint(
                condition=~Q(state="cancelled")
                | Q(answers=None, before=None, keep=None, avoid=None, note=None, farewell=None),
                name="a_cancelled_move_has_no_words",
            ),
        ]

    def __str__(self) -> str:
        return self.code
