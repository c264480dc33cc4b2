"""People who sign in, and what we send them."""

import hashlib
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import models
from django.db.models.functions import Length, Lower, Trim
from django.db.models.lookups import GreaterThan
from django.utils.translation import gettext as _

from accord.records.codes import new_code
from accord.records.digits import numeral
from accord.records.errors import Refused
from accord.records.sealing import SealedTextField

LONGEST_NAME = 120


class Users(BaseUserManager["User"]):
    def create_user(self, email: str, name: str, password: str | None = None, **extra: Any) -> "User":
        """A password is for staff only; clients get in by a link sent to their address."""
        name = name.strip()
        if not name or len(name) > LONGEST_NAME:
            raise Refused(_("Give a name of 1 to %(most)s characters.") % {"most": numeral(LONGEST_NAME)})
        try:
            validate_email(email)
        except ValidationError as error:
            raise Refused(_("%(address)s is not an email address.") % {"address": email}) from error
        user = self.model(email=self.normalize_email(email), name=name, **extra)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """A person. What they may see follows from their pairs and their posts, never from a field here."""

    code = models.CharField(max_length=16, unique=True, default=new_code, editable=False)
    email = models.EmailField(max_length=254, unique=True)
    name = models.CharField(max_length=LONGEST_NAME)
    zone = models.CharField(max_length=64, default="UTC")
    language = models.CharField(max_length=8, blank=True)  # their own choice; empty: as their browser asks
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[Users] = Users()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("email"), name="user_email_once"),
            models.CheckConstraint(condition=GreaterThan(Length(Trim("name")), 0), name="a_person_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def first_name(self) -> str:
        return self.name.split()[0]


class Link(models.Model):
    """A link that opens one thing for one person for a short while. Only its hash is kept."""

    class Purpose(models.TextChoices):
        SIGN_IN = "sign-in"
        CHECK_IN = "check-in"
        INVITATION = "invitation"

    code = models.CharField(max_length=16, unique=True, default=new_code, editable=False)
    token_hash = models.BinaryField(max_length=32, unique=True, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="links")
    purpose = models.CharField(max_length=16, choices=Purpose)
    about = models.CharField(max_length=16, blank=True)  # the public code of what it opens
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    @staticmethod
    def hash_of(token: str) -> bytes:
        return hashlib.sha256(token.encode()).digest()


class Consent(models.Model):
    """One purpose, said yes to by one person; withdrawing is as easy and takes effect at once."""

    class Purpose(models.TextChoices):
        RESEARCH = "research"
        SUPERVISION = "supervision"

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="consents")
    purpose = models.CharField(max_length=16, choices=Purpose)
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "purpose"], condition=models.Q(withdrawn_at=None), name="one_consent_in_force"
            )
        ]


class Notice(models.Model):
    """A mail waiting to go out, or gone. Its words are neutral: no clinical word, no therapist, no practice."""

    code = models.CharField(max_length=16, unique=True, default=new_code, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="notices")
    subject = models.CharField(max_length=120)
    body = SealedTextField()  # it holds a link
    made_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    give_up_at = models.DateTimeField()  # what it carries has run out, or nobody takes it: not tried any more
    sent_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["made_at"], condition=models.Q(sent_at=None), name="notices_waiting")]
