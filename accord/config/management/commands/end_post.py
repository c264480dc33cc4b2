"""A colleague leaves: from today their posts open nothing."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from accord.records.accounts.models import User
from accord.records.audit.actions import record
from accord.records.pairs.actions import end_pair
from accord.records.pairs.models import CarePair
from accord.records.practices.actions import end_post
from accord.records.practices.queries import posts_of
from accord.surfaces.shared import clock


class Command(BaseCommand):
    help = "End a colleague's posts today, and their work with clients. On their next page they see nothing any more."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")

    @transaction.atomic
    def handle(self, *args: Any, email: str, **options: Any) -> None:
        now = clock.now()
        user = User.objects.filter(email__iexact=email.strip()).first()
        posts = list(posts_of(user, on=now.date())) if user else []
        if user is None or not posts:
            raise CommandError(f"{email} holds no post here today.")
        for post in posts:
            end_post(post, on=now.date())
            record(None, "post ended", post, at=now, role=post.role)
        left = list(CarePair.objects.filter(therapist__in=posts, ended_on=None).select_related("client"))
        for pair in left:
            end_pair(pair, by=None, at=now)
            self.stdout.write(f"{pair.client.name} is without a therapist here now: find somebody for them.")
        self.stdout.write(f"{user.name} is no longer {', '.join(post.get_role_display() for post in posts)}.")
