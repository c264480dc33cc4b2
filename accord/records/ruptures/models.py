"""Flags, rupture episodes, what the two say and write about them, and what a therapist keeps at their own desk."""

from django.db import models
from django.db.models import Q

from accord.records.accounts.models import User
from accord.records.alliance.models import Estimate
from accord.records.checkins.models import CheckIn
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
        ADDRESSED = "addressed", "waiting for the client"
        CLOSED = "closed", "closed by the client"
        LET_GO = "let-go", "let go"

    OPEN = (State.NOTICED, State.LOOKED_AT, State.TALKED_ABOUT, State.AGREED, State.ADDRESSED)

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

    @property
    def sent_notes(self) -> list["Note"]:
        """What the client sent, by the flags that it left."""
        return [flag.note for flag in self.flags.all() if flag.note is not None]


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


class Note(models.Model):
    """What a client wants to say, outside a check-in. Nobody else's until it is sent; then read, or taken back."""

    class About(models.TextChoices):
        BOND = "bond"
        GOAL = "goal"
        TASK = "task"
        OTHER = "other"

    class State(models.TextChoices):
        DRAFT = "draft"
        KEPT = "kept"
        SENT = "sent"

    PRIVATE = (State.DRAFT, State.KEPT)
    SENDING = (CheckIn.Travels.NOW, CheckIn.Travels.BEFORE_NEXT)  # the other two ways stay with the client

    code = models.CharField(max_length=16, unique=True, default=new_code, editable=False)
    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="+")
    pair = models.ForeignKey(CarePair, on_delete=models.PROTECT, related_name="notes")
    episode = models.ForeignKey(Episode, null=True, on_delete=models.PROTECT, related_name="notes")
    state = models.CharField(max_length=8, choices=State, default=State.DRAFT)
    about = models.CharField(max_length=8, choices=About, blank=True)
    asks = models.BooleanField(default=False)  # "please ask me about it": this and nothing else
    words = SealedTextField()
    travels = models.CharField(max_length=12, choices=CheckIn.Travels, blank=True)
    started_at = models.DateTimeField()
    kept_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)  # the therapist got the neutral notice
    read_at = models.DateTimeField(null=True)
    taken_back_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["pair"], condition=Q(state="draft"), name="one_draft_of_a_note_a_pair"),
            models.CheckConstraint(
                condition=Q(state="sent", sent_at__isnull=False, travels__in=["now", "before-next"])
                | (~Q(state="sent") & Q(sent_at=None, told_at=None, read_at=None, episode=None)),
                name="only_a_sent_note_is_told_or_read",
            ),
        ]


class Change(models.Model):
    """ "What I will change", in the therapist's words. The client says whether they got it right."""

    class Answer(models.TextChoices):
        YES = "yes"
        PARTLY = "partly"
        NO = "no"

    code = models.CharField(max_length=16, unique=True, default=new_code, editable=False)
    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="+")
    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="changes")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    words = SealedTextField()
    replaced_at = models.DateTimeField(null=True)  # said anew before it was answered; the first words stay
    answer = models.CharField(max_length=8, choices=Answer, blank=True)
    answered_at = models.DateTimeField(null=True)
    reply = SealedTextField()  # what would be better, in the client's words

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["episode"], condition=Q(answered_at=None, replaced_at=None), name="one_change_waits_for_answer"
            ),
            models.CheckConstraint(
                condition=Q(answer="", answered_at=None) | (~Q(answer="") & Q(answered_at__isnull=False)),
                name="answered_means_yes_partly_or_no",
            ),
        ]


class Passage(models.Model):
    """One field of the repair page in one version. Versions are added, never changed."""

    class Field(models.TextChoices):
        CLIENT = "client", "what happened, the client's side"
        THERAPIST = "therapist", "what happened, the therapist's side"
        TRY = "try", "what we try"
        AGAIN = "again", "when we look again"

    SHARED = (Field.TRY, Field.AGAIN)  # either may write these; the other two each belong to one side

    code = models.CharField(max_length=16, unique=True, default=new_code, editable=False)
    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="+")
    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="passages")
    field = models.CharField(max_length=10, choices=Field)
    version = models.PositiveSmallIntegerField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    words = SealedTextField()
    look_on = models.DateField(null=True)  # of "again" only: the day

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["episode", "field", "version"], name="a_version_of_a_passage_once"),
        ]


class Concern(models.Model):
    """Something felt wrong or unsafe. For the practice's duty person; never for the pair's therapist.

    It hangs on no episode and is told to no page of the pair.
    """

    code = models.CharField(max_length=16, unique=True, default=new_code, editable=False)
    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="+")
    client = models.ForeignKey(User, on_delete=models.PROTECT, related_name="concerns")
    about = models.ForeignKey(CarePair, on_delete=models.PROTECT, related_name="+")
    words = SealedTextField()
    reach = SealedTextField()  # how the client wants to be reached
    raised_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)
    seen_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(seen_at=None, seen_by=None) | Q(seen_at__isnull=False, seen_by__isnull=False),
                name="seen_means_by_somebody",
            ),
        ]


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
    note = models.OneToOneField("Note", null=True, on_delete=models.PROTECT, related_name="flag")  # what was sent
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
            models.UniqueConstraint(
                fields=["session", "kind", "version", "pillar"], condition=Q(note=None), name="a_flag_once"
            ),
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
