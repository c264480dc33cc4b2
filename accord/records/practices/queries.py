"""Who works where, today."""

from datetime import date

from django.db.models import Q, QuerySet

from accord.records.accounts.models import User
from accord.records.practices.models import Post, Practice


def posts_of(user: User, *, on: date) -> QuerySet[Post]:
    """The posts that a person holds on a day; a departed colleague holds none."""
    held = Q(until=None) | Q(until__gt=on)
    return Post.objects.select_related("practice").filter(held, user=user, user__is_active=True, since__lte=on)


def practices_where(user: User, role: str, *, on: date) -> QuerySet[Practice]:
    """The practices in which a person holds a role on a day."""
    held = posts_of(user, on=on).filter(role=role)
    return Practice.objects.filter(pk__in=held.values("practice")).order_by("name")


def roles_of(user: User, *, on: date) -> frozenset[str]:
    return frozenset(posts_of(user, on=on).values_list("role", flat=True))


def has_worked(user: User) -> bool:
    """Whether this person ever held a post, here or elsewhere."""
    return Post.objects.filter(user=user).exists()


def is_or_was_colleague(user: User, practice: Practice, *, on: date) -> bool:
    """Works anywhere now, or worked in this practice before."""
    return posts_of(user, on=on).exists() or Post.objects.filter(user=user, practice=practice).exists()


def people_in(practice_id: int, role: str, *, on: date) -> QuerySet[User]:
    """Who holds a role in a practice on a day: whom a client is told by name."""
    held = Q(posts__until=None) | Q(posts__until__gt=on)
    mine = User.objects.filter(
        held, posts__practice=practice_id, posts__role=role, posts__since__lte=on, is_active=True
    )
    return mine.order_by("name", "pk").distinct()
