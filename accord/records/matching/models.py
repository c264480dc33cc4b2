"""The client's own look at the fit, and what they make of it: a wish to work another way, a wish to meet someone else.

What is the client's alone names its pair `about`, as a concern does: its entries in the audit carry no pair, so no
list of what happened in a pair can show it.
"""

from django.db import models
from django.db.models import Q

from accord.records.accounts.models import User
from accord.records.codes import new_code
from accord.records.pairs.models import CarePair
from accord.records.practices.models import Practice
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
