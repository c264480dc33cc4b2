"""Finding somebody, and the client's own look at the fit.

A search and what it asks of whom; a wish to work another way, a wish to meet someone else.

What is the client's alone names its pair `about`, as a concern does: its entries in the audit carry no pair, so no
list of what happened in a pair can show it.
"""

import hashlib

from django.db import models
from django.db.models import F, Q

from accord.records.accounts.models import User
from accord.records.codes import new_code
from accord.records.matching.moving_models import Move as Move
from accord.records.pairs.models import CarePair
from accord.records.practices.models import Post, Practice
from accord.records.ruptures.models import Note
from accord.records.sealing import SealedTextField


class FitCheck(models.Model):
    """Four questions about the fit. Nobody but the client sees that it was answered, or how."""

    code = models.CharField(max_length=16, unique=True, default=new_code, editable=False)
    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="+")
    about = models.ForeignKey(CarePair, on_delete=models.PROTECT, related_name="+")
    instrument = models.CharField(max_length=40)  # with its version: "fit-check@1"
    asked_at = models.DateTimeField(null=True)  # by Accord, after the third visit; none: the client came by themselves
    told_at = models.DateTimeField(null=True)  # the one mail about it went out
    begun_at = models.DateTimeField(null=True)
    answers = models.JSONField(default=dict)  # item -> code; "skipped" and "not-sure" are different codes
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["about"], condition=Q(finished_at=None), name="one_open_fit_check_of_a_pair"
            ),
            models.UniqueConstraint(
                fields=["about"], condition=Q(asked_at__isnull=False), name="a_fit_check_is_asked_once"
            ),
            models.CheckConstraint(
                condition=Q(finished_at=None) | Q(begun_at__isnull=False), name="a_finished_fit_check_was_begun"
            ),
        ]


class WayWish(models.Model):
    """ "Change how we work": picked and written by the client, private until it is sent; then its note carries it."""

    code = models.CharField(max_length=16, unique=True, default=new_code, editable=False)
    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="+")
    about = models.ForeignKey(CarePair, on_delete=models.PROTECT, related_name="+")
    picks = models.JSONField(default=list)  # which of our short wishes
    words = SealedTextField()  # the client's own
    begun_at = models.DateTimeField()
    note = models.OneToOneField(Note, null=True, on_delete=models.PROTECT, related_name="way_wish")  # once it was sent
    asked_at = models.DateTimeField(null=True)  # when the agreed tasks were opened again for it

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["about"], condition=Q(note=None), name="one_draft_of_a_way_wish_a_pair"),
            models.CheckConstraint(condition=Q(asked_at=None) | Q(note__isnull=False), name="asked_with_a_note"),
        ]


class MeetWish(models.Model):
    """ "Meet someone else", for the practice's named contact. Told to no page of the pair, and to no one who leads."""

    code = models.CharField(max_length=16, unique=True, default=new_code, editable=False)
    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="+")
    client = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    about = models.ForeignKey(CarePair, on_delete=models.PROTECT, related_name="+")
    words = SealedTextField()
    reach = SealedTextField()  # how the client wants to be reached
    begun_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)  # a contact first saw it
    answered_at = models.DateTimeField(null=True)  # "I have got in touch"
    answered_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    taken_back_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["about"], condition=Q(answered_at=None, taken_back_at=None), name="one_open_wish_to_meet_a_pair"
            ),
            models.CheckConstraint(
                condition=Q(sent_at__isnull=False)
                | Q(read_at=None, answered_at=None, answered_by=None, taken_back_at=None),
                name="only_a_sent_wish_is_read_answered_or_taken_back",
            ),
            models.CheckConstraint(
                condition=Q(answered_at=None, answered_by=None)
                | Q(answered_at__isnull=False, answered_by__isnull=False),
                name="answered_means_by_somebody_in_person",
            ),
            models.CheckConstraint(
                condition=Q(taken_back_at=None) | Q(words=None, reach=None, answered_at=None),
                name="a_wish_taken_back_has_no_words",
            ),
        ]


class Search(models.Model):
    """What somebody looks for. Theirs alone, signed out or in, until they send some of it to one person.

    Whoever holds the code holds the search: it is in a signed cookie and in no address.
    """

    code = models.CharField(max_length=16, unique=True, default=new_code, editable=False)
    client = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="searches")
    answers = SealedTextField()  # JSON: question -> {"picks": [...], "strength": ""}
    contact = SealedTextField()  # JSON: what they typed to be reached, before and after it is sent
    questions = SealedTextField()  # JSON: what they want to ask, in order
    language = models.CharField(max_length=8, blank=True)  # for what is sent by mail
    seed = models.PositiveIntegerField()  # breaks ties in the order of people, the same at every look
    begun_at = models.DateTimeField()
    expires_at = models.DateTimeField()  # then it is erased, unless somebody still owes an answer
    proved_at = models.DateTimeField(null=True)  # a link in a mail to the address was opened

    class Meta:
        indexes = [models.Index(fields=["expires_at"], name="searches_to_forget")]
        constraints = [
            models.CheckConstraint(condition=Q(expires_at__gt=F("begun_at")), name="a_search_lives_for_a_while")
        ]


class Enquiry(models.Model):
    """One search asks one therapist for a free first call. Only that therapist sees what was sent.

    What was sent goes as soon as it ends without a start: then nobody needs it any more.
    """

    class State(models.TextChoices):
        SENT = "sent"
        SEEN = "seen"
        OFFERED = "offered"  # the therapist said yes and named times for the call
        BOOKED = "booked"  # the client took one
        STARTED = "started"  # the two work together: there is a pair
        DECLINED = "declined"
        EXPIRED = "expired"
        WITHDRAWN = "withdrawn"

    OWED = (State.SENT, State.SEEN)  # the therapist owes an answer
    AGREED = (State.OFFERED, State.BOOKED)
    OPEN = (*OWED, *AGREED)
    OVER = (State.DECLINED, State.EXPIRED, State.WITHDRAWN)

    code = models.CharField(max_length=16, unique=True, default=new_code, editable=False)
    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="+")
    search = models.ForeignKey(Search, null=True, on_delete=models.PROTECT, related_name="enquiries")
    to = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="enquiries")
    from_pair = models.ForeignKey(CarePair, null=True, on_delete=models.PROTECT, related_name="+")  # whoever moves
    state = models.CharField(max_length=12, choices=State, default=State.SENT)
    name = SealedTextField()
    reach = SealedTextField()  # a phone number, a good time
    address = SealedTextField()  # of mail, where one was given
    words = SealedTextField()
    answers = SealedTextField()  # JSON, as in the search when it was sent; none: kept back
    sent_at = models.DateTimeField()
    reply_by = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    times = models.JSONField(default=list)  # for the call, as offered
    call_at = models.DateTimeField(null=True)
    call_how = SealedTextField()  # who calls whom, or a link
    over_at = models.DateTimeField(null=True)  # ended, or started
    pair = models.OneToOneField(CarePair, null=True, on_delete=models.PROTECT, related_name="enquiry")

    class Meta:
        indexes = [models.Index(fields=["reply_by"], condition=Q(state__in=["sent", "seen"]), name="answers_owed")]
        constraints = [
            models.UniqueConstraint(
                fields=["search", "to"],
                condition=Q(state__in=["sent", "seen", "offered", "booked"]),
                name="one_open_enquiry_to_a_person",
            ),
            models.CheckConstraint(
                condition=Q(state="started", pair__isnull=False) | (~Q(state="started") & Q(pair=None)),
                name="started_means_a_pair",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["declined", "expired", "withdrawn"])
                | Q(name=None, reach=None, address=None, words=None, answers=None, call_how=None),
                name="what_was_sent_goes_with_the_end",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["sent", "seen", "offered", "booked"], over_at=None)
                | Q(state__in=["started", "declined", "expired", "withdrawn"], over_at__isnull=False),
                name="over_has_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(state="booked") | Q(call_at__isnull=False), name="a_booked_call_has_a_time"
            ),
        ]


class Letter(models.Model):
    """A mail to somebody without an account, with a link back to their search. Gone with either."""

    code = models.CharField(max_length=16, unique=True, default=new_code, editable=False)
    search = models.ForeignKey(Search, on_delete=models.CASCADE, related_name="letters")  # and is forgotten with it
    token_hash = models.BinaryField(max_length=32, unique=True, editable=False)
    address = SealedTextField()
    address_mark = models.BinaryField(max_length=32, editable=False)  # keyed hash: nobody's letterbox is filled
    subject = models.CharField(max_length=120)
    body = SealedTextField()
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()  # when the link stops
    claimed_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["made_at"], condition=Q(sent_at=None), name="letters_waiting"),
            models.Index(fields=["address_mark", "made_at"], name="letters_to_an_address"),
        ]

    @staticmethod
    def hash_of(token: str) -> bytes:
        return hashlib.sha256(token.encode()).digest()
