"""A therapist's profile and the places on it. What is public is what its therapist published, as they wrote it."""

from django.db import models
from django.db.models import F, Q

from accord.records.accounts.models import User
from accord.records.codes import new_code
from accord.records.pairs.models import CarePair
from accord.records.practices.models import Post, Practice
from accord.records.sealing import SealedTextField


class Profile(models.Model):
    """One therapist in one practice. How many places are free is counted (`queries.with_places`), never stored."""

    class Rhythm(models.IntegerChoices):
        WEEKLY = 1
        FORTNIGHTLY = 2

    code = models.CharField(max_length=16, unique=True, default=new_code, editable=False)
    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="+")
    post = models.OneToOneField(Post, on_delete=models.PROTECT, related_name="profile")
    title = models.CharField(max_length=120, blank=True)  # "Psychologist", "In training, supervised by …"
    says = models.JSONField(default=dict)  # kind -> values, as in `vocabulary`
    style = models.JSONField(default=dict)  # side -> −1..1
    helps = SealedTextField()  # what I help with
    works = SealedTextField()  # how I work
    hello = SealedTextField()  # what a first meeting is like
    questions = SealedTextField()  # questions to ask me, one a line
    fee = models.PositiveSmallIntegerField(null=True)  # a session, in whole units of the currency
    fee_reduced = models.PositiveSmallIntegerField(null=True)
    currency = models.CharField(max_length=3, default="EUR")
    changed_at = models.DateTimeField()
    revision = models.PositiveIntegerField(default=0)
    published_at = models.DateTimeField(null=True)

    hours = models.PositiveSmallIntegerField(default=0)  # for sessions, a week
    rhythm = models.PositiveSmallIntegerField(choices=Rhythm, default=Rhythm.WEEKLY)
    capacity = models.PositiveSmallIntegerField(default=0)  # people in all
    elsewhere = models.PositiveSmallIntegerField(default=0)  # of these, people who are not in Accord
    held = models.PositiveSmallIntegerField(default=0)  # places taken and not given back: the rows of `Place`
    confirmed_at = models.DateTimeField(null=True)  # by the therapist: "still right"
    asked_at = models.DateTimeField(null=True)  # somebody who leads asked them to confirm, since then
    warned_at = models.DateTimeField(null=True)  # the one mail before it is no longer shown as open

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(capacity__lte=F("hours") * F("rhythm")), name="no_more_people_than_the_hours_hold"
            ),
            models.CheckConstraint(condition=Q(elsewhere__lte=F("capacity")), name="elsewhere_is_within_capacity"),
            models.CheckConstraint(condition=Q(hours__lte=60), name="a_week_has_sixty_hours_for_sessions_at_most"),
        ]

    def __str__(self) -> str:
        return self.code


class UsedRecord(models.Model):
    """The track record that a therapist lets the search use. Whoever does not allow it has no row, and no numbers."""

    code = models.CharField(max_length=16, unique=True, default=new_code, editable=False)
    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="+")
    profile = models.OneToOneField(Profile, on_delete=models.PROTECT, related_name="used_record")
    allowed_at = models.DateTimeField()
    says = models.JSONField(default=dict)  # need -> low, mean, high, cases
    version = models.CharField(max_length=40, blank=True)
    counted_at = models.DateTimeField(null=True)


class Insurance(models.Model):
    """An insurer who pays for this therapist: who says so, and when they last looked."""

    code = models.CharField(max_length=16, unique=True, default=new_code, editable=False)
    profile = models.ForeignKey(Profile, on_delete=models.PROTECT, related_name="insurances")
    slug = models.CharField(max_length=40)
    name = models.CharField(max_length=80)
    checked_on = models.DateField()
    source = models.CharField(max_length=120)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["profile", "slug"], name="an_insurer_once_a_profile")]


class Place(models.Model):
    """A place that somebody has: from a yes to the first session, and for as long as the two work together."""

    code = models.CharField(max_length=16, unique=True, default=new_code, editable=False)
    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="+")
    profile = models.ForeignKey(Profile, on_delete=models.PROTECT, related_name="places_taken")
    client = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")  # none: not signed up yet
    pair = models.OneToOneField(CarePair, null=True, on_delete=models.PROTECT, related_name="place")
    taken_at = models.DateTimeField()
    released_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["profile"], condition=Q(released_at=None), name="places_held")]
