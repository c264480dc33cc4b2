"""People on a practice's waiting list. The practice sees the wishes that each agreed to give it, and nothing else."""

from django.db import models
from django.db.models import F, Q

from accord.records.accounts.models import User
from accord.records.codes import new_code
from accord.records.practices.models import Practice
from accord.records.profiles.models import Place, Profile
from accord.records.sealing import SealedTextField


class Wait(models.Model):
    """One person's wait, from the day they asked until they have a place or leave."""

    class Urgency(models.IntegerChoices):
        USUAL = 0
        SOON = 1
        FIRST = 2

    class End(models.TextChoices):
        PLACED = "placed"
        LEFT = "left"

    code = models.CharField(max_length=16, unique=True, default=new_code, editable=False)
    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="+")
    client = models.ForeignKey(User, on_delete=models.PROTECT, related_name="waits")
    since = models.DateTimeField()
    urgency = models.PositiveSmallIntegerField(choices=Urgency, default=Urgency.USUAL)  # said by a person
    wishes = SealedTextField()  # what the client agreed to give the queue: `asks.pack`
    reach = SealedTextField()  # another way than mail to reach them, until the wait is over
    name = SealedTextField()  # as typed by whoever added them, until the wait is over; none: they asked themselves
    ended_at = models.DateTimeField(null=True)
    ended = models.CharField(max_length=8, choices=End, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "client"], condition=Q(ended_at=None), name="one_open_wait_in_a_practice"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended="") | (Q(ended_at__isnull=False) & ~Q(ended="")),
                name="a_wait_ends_in_some_way",
            ),
            models.CheckConstraint(condition=Q(ended_at=None) | Q(reach=None), name="who_waits_no_more_is_not_called"),
            models.CheckConstraint(condition=Q(ended_at=None) | Q(name=None), name="who_waits_no_more_is_not_named"),
        ]


class Touch(models.Model):
    """The practice was in touch with somebody who waits: a message here, or a call that somebody noted."""

    code = models.CharField(max_length=16, unique=True, default=new_code, editable=False)
    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="+")
    wait = models.ForeignKey(Wait, on_delete=models.PROTECT, related_name="touches")
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    words = SealedTextField()  # of a message; none: they spoke


class PlaceOffer(models.Model):
    """A place that is kept for somebody until they answer. Unanswered, it goes to the next in line."""

    class State(models.TextChoices):
        OPEN = "open"
        TAKEN = "taken"
        DECLINED = "declined"
        PASSED = "passed", "passed on"
        WITHDRAWN = "withdrawn"

    code = models.CharField(max_length=16, unique=True, default=new_code, editable=False)
    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="+")
    wait = models.ForeignKey(Wait, on_delete=models.PROTECT, related_name="offers")
    profile = models.ForeignKey(Profile, on_delete=models.PROTECT, related_name="+")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    line = models.JSONField(default=list)  # the codes of the waits that come next, in order
    days = models.PositiveSmallIntegerField()  # how long each has to answer
    offered_at = models.DateTimeField()
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")  # none: it passed on by itself
    reply_by = models.DateTimeField()
    told_at = models.DateTimeField(null=True)  # the one mail about it
    seen_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["wait"], condition=Q(state="open"), name="one_open_offer_a_wait"),
            models.UniqueConstraint(fields=["place"], condition=Q(state="open"), name="a_place_is_offered_to_one"),
            models.CheckConstraint(condition=Q(reply_by__gt=F("offered_at")), name="an_offer_leaves_time_to_answer"),
            models.CheckConstraint(
                condition=Q(state="open", closed_at=None) | (~Q(state="open") & Q(closed_at__isnull=False)),
                name="an_offer_is_open_or_closed_at_a_time",
            ),
        ]
        indexes = [models.Index(fields=["reply_by"], condition=Q(state="open"), name="place_offers_open")]
