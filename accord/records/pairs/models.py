"""One client, one therapist, one practice."""

from django.db import models
from django.db.models import F, Q

from accord.records.accounts.models import User
from accord.records.codes import new_code
from accord.records.practices.models import Post, Practice


class CarePair(models.Model):
    code = models.CharField(max_length=16, unique=True, default=new_code, editable=False)
    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="pairs")
    client = models.ForeignKey(User, on_delete=models.PROTECT, related_name="pairs_as_client")
    therapist = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="pairs")
    started_on = models.DateField()
    ended_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["client", "therapist"], condition=Q(ended_on=None), name="one_open_pair_of_two_people"
            ),
            models.CheckConstraint(
                condition=Q(ended_on=None) | Q(ended_on__gte=F("started_on")),
                name="pair_ends_after_it_starts",
            ),
        ]

    def __str__(self) -> str:
        return self.code
