"""What a therapist keeps at their own desk: nothing here is the client's, and nobody else can open it."""

from django.db import models
from django.db.models import Q

from accord.records.accounts.models import Notice, User
from accord.records.codes import new_code
from accord.records.pairs.models import CarePair
from accord.records.practices.models import Practice
from accord.records.ruptures.models import Flag
from accord.records.sealing import SealedTextField
from accord.records.sessions.models import TherapySession


class Quiet(models.Model):
    """Something that a therapist does not want to be told about one pair: until they say otherwise, or for a while.

    Only what a number brought can be quiet. What the client said never is; the database holds that, too.
    """

    class Why(models.TextChoices):
        MUTED = "muted"  # until unmuted
        DISCUSSED = "discussed"  # the two have talked about it: it rests for some sessions

    KINDS = (Flag.Kind.DIP, Flag.Kind.SLIDE, Flag.Kind.LOW, Flag.Kind.CEILING, Flag.Kind.SILENCE)

    code = models.CharField(max_length=16, unique=True, default=new_code, editable=False)
    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="+")
    pair = models.ForeignKey(CarePair, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    why = models.CharField(max_length=12, choices=Why)
    kind = models.CharField(max_length=12, choices=Flag.Kind, blank=True)
    pillar = models.CharField(max_length=8, blank=True)
    until_session = models.PositiveSmallIntegerField(null=True)  # from this session's number on it is told again
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["pair", "by", "why", "kind", "pillar"],
                condition=Q(undone_at=None),
                name="quiet_about_one_thing_once",
            ),
            models.CheckConstraint(
                condition=(~Q(kind="") & Q(pillar="")) | (Q(kind="") & ~Q(pillar="")), name="quiet_about_one_thing"
            ),
            models.CheckConstraint(condition=~Q(kind="said"), name="what_was_said_is_never_quiet"),
            models.CheckConstraint(
                condition=Q(why="muted", until_session=None)
                | (Q(why="discussed", until_session__isnull=False) & ~Q(kind="")),
                name="discussed_rests_for_a_while",
            ),
        ]


class Reflection(models.Model):
    """What a therapist writes for themselves, about one session or about the pair. Nobody else can open it."""

    code = models.CharField(max_length=16, unique=True, default=new_code, editable=False)
    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="+")
    pair = models.ForeignKey(CarePair, on_delete=models.PROTECT, related_name="+")
    session = models.ForeignKey(TherapySession, null=True, on_delete=models.PROTECT, related_name="+")
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    words = SealedTextField()
    version = models.PositiveIntegerField(default=1)  # two tabs: the second is told, and keeps its text
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["author", "session"], condition=Q(session__isnull=False), name="one_reflection_a_session"
            ),
            models.UniqueConstraint(
                fields=["author", "pair"], condition=Q(session=None), name="one_reflection_about_a_pair"
            ),
        ]


class Preference(models.Model):
    """How one therapist wants their desk to be."""

    class Notices(models.TextChoices):
        AT_ONCE = "at-once", "At once"
        MORNING = "morning", "Once, in the morning"
        NONE = "none", "None"

    class Density(models.TextChoices):
        ROOMY = "roomy"
        CLOSE = "close"

    code = models.CharField(max_length=16, unique=True, default=new_code, editable=False)
    user = models.OneToOneField(User, on_delete=models.PROTECT, related_name="+")
    notices = models.CharField(max_length=12, choices=Notices, default=Notices.AT_ONCE)
    density = models.CharField(max_length=8, choices=Density, default=Density.ROOMY)
    single_keys = models.BooleanField(default=True)
    changed_at = models.DateTimeField()


class Telling(models.Model):
    """How a therapist was, or will be, told that something wants talk; a flag is told once.

    A flag that is taken back leaves it standing: the notice went out, and counts for the day.
    """

    class How(models.TextChoices):
        AT_ONCE = "at-once"
        DIGEST = "digest"  # when it is due
        JOINED = "joined"  # the same episode has been told and not been handled since
        MUTED = "muted"
        NONE = "none"  # they want no notices, or no longer work here

    code = models.CharField(max_length=16, unique=True, default=new_code, editable=False)
    flag = models.OneToOneField(Flag, null=True, on_delete=models.SET_NULL, related_name="telling")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    how = models.CharField(max_length=12, choices=How)
    at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    notice = models.ForeignKey(Notice, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=(Q(how="digest") & Q(due_at__isnull=False)) | (~Q(how="digest") & Q(due_at=None)),
                name="a_digest_is_due",
            )
        ]
        indexes = [models.Index(fields=["due_at"], condition=Q(how="digest", sent_at=None), name="digests_waiting")]
