"""Practices and the people who work there."""

from datetime import date

from django.db import models

from accord.records.accounts.models import User
from accord.records.codes import new_code


class Practice(models.Model):
    code = models.CharField(max_length=16, unique=True, default=new_code, editable=False)
    name = models.CharField(max_length=120)
    zone = models.CharField(max_length=64, default="UTC")

    def __str__(self) -> str:
        return self.name


class Post(models.Model):
    """One role that one person holds in one practice, from a day, until a day."""

    class Role(models.TextChoices):
        THERAPIST = "therapist"
        SUPERVISOR = "supervisor"
        LEAD = "lead", "practice lead"
        RESEARCHER = "researcher"
        OPERATOR = "operator"
        DUTY = "duty", "duty person"
        CONTACT = "contact", "named contact"

    code = models.CharField(max_length=16, unique=True, default=new_code, editable=False)
    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="posts")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="posts")
    role = models.CharField(max_length=16, choices=Role)
    since = models.DateField()
    until = models.DateField(null=True)  # the first day on which the post is no longer held

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "user", "role"], condition=models.Q(until=None), name="a_post_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} ({self.get_role_display()})"

    def is_held(self, *, on: date) -> bool:
        """Whether its person holds it on a day; the same as `queries.posts_of`, for a post at hand."""
        return self.user.is_active and self.since <= on and (self.until is None or self.until > on)
