"""What the check-ins so far say about one pair's alliance, after one session. Can be rebuilt at any time."""

from django.db import models

from accord.records.codes import new_code
from accord.records.pairs.models import CarePair
from accord.records.practices.models import Practice
from accord.records.sessions.models import TherapySession


def unknown() -> list[float | None]:
    """What estimates made by an earlier version did not keep."""
    return [None, None, None]


class Estimate(models.Model):
    code = models.CharField(max_length=16, unique=True, default=new_code, editable=False)
    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="+")
    pair = models.ForeignKey(CarePair, on_delete=models.PROTECT, related_name="estimates")
    session = models.OneToOneField(TherapySession, on_delete=models.PROTECT, related_name="estimate")
    params = models.CharField(max_length=80)  # the versioned parameters, e.g. "alliance@1-default"
    belief = models.BinaryField(editable=False)  # mean, covariance, day, count; continues from here
    readings = models.JSONField()  # six numbers or null: client goal, task, bond, therapist goal, task, bond
    forecast_mean = models.JSONField()  # six: what was expected before this session's readings
    forecast_sd = models.JSONField()
    forecast_shared = models.JSONField(
        default=unknown
    )  # three covariances: goal with task, goal with bond, task with bond
    z = models.JSONField()  # six standardised innovations
    tail = models.JSONField()  # six: chance of a rating this low or lower
    level_mean = models.JSONField()  # three: goal, task, bond after this session
    level_sd = models.JSONField()
    band_low = models.JSONField()  # three: the usual ratings, before this session's
    band_high = models.JSONField()
    as_of = models.DateTimeField()  # the newest check-in that is in it
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.params} after {self.session}"
