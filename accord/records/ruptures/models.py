"""Flags, rupture episodes and their steps, and what a therapist keeps at their own desk about them."""

from django.db import models
from django.db.models import Q

from accord.records.accounts.models import User
from accord.records.alliance.models import Estimate
from accord.records.codes import new_code
from accord.records.pairs.models import CarePair
from accord.records.practices.models import Practice
from accord.records.sealing import SealedTextField
from accord.records.sessions.models import TherapySession


class Episode(models.Model):
    """Something came between the two; it is over when the client says so."""

    class State(models.TextChoices):
        NOTICED = "noticed"
        LOOKED_AT = "looked-at", "looked at"
        TALKED_ABOUT = "talked-about", "talked about"
        AGREED = "agreed", "something agreed"
        CLOSED = "closed", "closed by the client"
        LET_GO = "let-go", "let go"

    OPEN = (State.NOTICED, State.LOOKED_AT, State.TALKED_ABOUT, State.AGREED)

    code = models.CharField(max_length=16, unique=True, default=new_code, editable=False)
    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="+")
    pair = models.ForeignKey(CarePair, on_delete=models.PROTECT, related_name="episodes")
    session = models.ForeignKey(TherapySession, on_delete=models.PROTECT, related_name="episodes")
    state = models.CharField(max_length=16, choices=State, default=State.NOTICED)
    opened_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["pair"], condition=Q(ended_at=None), name="one_open_episode_a_pair"),
            models.CheckConstraint(
                condition=Q(state__in=["closed", "let-go"], ended_at__isnull=False)
                | (~Q(state__in=["closed", "let-go"]) & Q(ended_at=None)),
                name="ended_means_closed_or_let_go",
            ),
        ]


class Step(models.Model):
    """One move of an episode, by one person. Steps are added, never changed."""

    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="steps")
    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=16, unique=True, default=new_code, editable=False)
    state = models.CharField(max_length=16, choices=Episode.State)
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")  # none: Accord noticed
    at = models.DateTimeField()
    words = SealedTextField()  # what was agreed, in the words of whoever wrote it

    class Meta:
        ordering = ["at", "pk"]


class Flag(models.Model):
    """Arithmetic with stated error, or what the client said. Never a verdict."""

    class Kind(models.TextChoices):
        SAID = "said"
        DIP = "dip"
        SLIDE = "slide"
        LOW = "low"
        CEILING = "ceiling"
        SILENCE = "silence"

    TALK = (Kind.SAID, Kind.DIP, Kind.SLIDE)  # these open an episode; the others are a line on the card

    code = models.CharField(max_length=16, unique=True, default=new_code, editable=False)
    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="+")
    pair = models.ForeignKey(CarePair, on_delete=models.PROTECT, related_name="flags")
    session = models.ForeignKey(TherapySession, on_delete=models.PROTECT, related_name="flags")
    episode = models.ForeignKey(Episode, null=True, on_delete=models.PROTECT, related_name="flags")
    kind = models.CharField(max_length=12, choices=Kind)
    version = models.CharField(max_length=40)  # the rule that judged: "flags@1"
    params = models.CharField(max_length=80)  # the parameters it judged with
    pillar = models.CharField(max_length=8, blank=True)
    size = models.FloatField(null=True)  # points below what was expected
    statistic = models.FloatField(null=True)
    limit = models.FloatField(null=True)
    band_low = models.FloatField(null=True)
    band_high = models.FloatField(null=True)
    expected_false_alarms = models.FloatField(null=True)  # in ten sessions
    readings = models.JSONField(default=list)  # numbers of the sessions used
    cannot_know = models.CharField(max_length=300)
    raised_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["session", "kind", "version", "pillar"], name="a_flag_once"),
        ]


class Judgement(models.Model):
    """An estimate has been judged; the rule's running state continues from here."""

    estimate = models.OneToOneField(Estimate, on_delete=models.CASCADE, related_name="judgement")
    version = models.CharField(max_length=40)
    watch = models.JSONField()
    estimate_made_at = models.DateTimeField()
    judged_at = models.DateTimeField()


class Snooze(models.Model):
    """The therapist puts an episode aside for a while. It comes back by itself."""

    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="snoozes")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    until = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["episode", "by"], condition=Q(undone_at=None), name="one_snooze_at_a_time")
        ]


class Opening(models.Model):
    """A therapist's own version of an opening, or "not my style". Theirs alone; nothing sends it to anybody."""

    code = models.CharField(max_length=16, unique=True, default=new_code, editable=False)
    therapist = models.ForeignKey(User, on_delete=models.PROTECT, related_name="openings")
    key = models.CharField(max_length=40)  # which of ours it replaces or hides
    words = SealedTextField()
    hidden_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["therapist", "key"], name="one_version_of_an_opening")]
