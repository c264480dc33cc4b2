"""Who did what, and who looked. Database triggers refuse to change or remove a row."""

from django.db import models

from accord.records.accounts.models import User
from accord.records.practices.models import Practice


class Entry(models.Model):
    class Kind(models.TextChoices):
        WRITE = "write"
        READ = "read"
        DENIED = "denied"

    at = models.DateTimeField()
    kind = models.CharField(max_length=8, choices=Kind)
    actor = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")  # none: Accord itself
    practice = models.ForeignKey(Practice, null=True, on_delete=models.PROTECT, related_name="+")
    verb = models.CharField(max_length=80)
    table = models.CharField(max_length=64)
    row = models.CharField(max_length=64, db_index=True)  # its public code
    pair = models.CharField(max_length=16, blank=True, db_index=True)  # the care pair's code, so that clients can see
    detail = models.JSONField(default=dict)  # never free text, never a score

    class Meta:
        verbose_name_plural = "entries"
