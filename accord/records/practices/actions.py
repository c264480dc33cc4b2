"""Writes about practices and their staff."""

from datetime import date, datetime

from django.db import transaction

from accord.records.accounts.actions import make_link
from accord.records.accounts.models import Link, User
from accord.records.errors import Refused
from accord.records.practices.models import Post, Practice


@transaction.atomic
def open_practice(name: str, *, zone: str = "UTC") -> Practice:
    return Practice.objects.create(name=name, zone=zone)


@transaction.atomic
def appoint(practice: Practice, user: User, role: str, *, since: date) -> Post:
    """Give a person a role in a practice."""
    if role not in Post.Role.values:
        raise Refused(f"{role!r} is not a role; the roles are {', '.join(Post.Role.values)}.")
    return Post.objects.get_or_create(practice=practice, user=user, role=role, until=None, defaults={"since": since})[0]


@transaction.atomic
def end_post(post: Post, *, on: date) -> None:
    """From this day the post opens nothing, on the very next request."""
    Post.objects.filter(pk=post.pk, until=None).update(until=on)


@transaction.atomic
def invite(practice: Practice, email: str, name: str, *, role: str, at: datetime) -> str:
    """A person, a post, and the token of a link with which they set up their sign-in."""
    user = User.objects.filter(email__iexact=email).first() or User.objects.create_user(email, name, zone=practice.zone)
    appoint(practice, user, role, since=at.date())
    return make_link(user, Link.Purpose.INVITATION, at=at)
