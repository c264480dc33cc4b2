"""Reads of the intake: the client's own at any time, the therapist's once it was sent."""

from datetime import datetime

from django.db.models import Q, QuerySet

from accord.records.accounts.models import User
from accord.records.audit.queries import one_for
from accord.records.intake.models import Intake, IntakeAnswer
from accord.records.intake.questions import KNOWN, Known
from accord.records.pairs.models import CarePair
from accord.records.practices.queries import posts_of


def _with_people() -> QuerySet[Intake]:
    return Intake.objects.select_related("client", "therapist__user", "practice", "pair")


def newest_intake(client: User) -> Intake | None:
    """The one that waits, is half done, or was sent last."""
    return _with_people().filter(client=client).order_by("-pk").first()


def answers_in(intake: Intake) -> dict[str, IntakeAnswer]:
    return {answer.question: answer for answer in intake.answers.all()}


def put_right(known: list[Known], answers: dict[str, IntakeAnswer]) -> list[Known]:
    """What was known before, as the client has changed it here."""
    changed = {name.removeprefix(KNOWN): one.words or "" for name, one in answers.items() if name.startswith(KNOWN)}
    return [one._replace(value=changed.get(one.key) or one.value) for one in known]


def intakes_for(user: User, *, at: datetime) -> QuerySet[Intake]:
    """What was sent to a therapist who still holds the post, about somebody they have not stopped working with."""
    posts = posts_of(user, on=at.date()).filter(role="therapist")
    lasts = Q(pair=None) | Q(pair__ended_on=None)
    return _with_people().filter(lasts, therapist__in=posts, sent_at__isnull=False)


def unread_intakes(user: User, *, at: datetime) -> QuerySet[Intake]:
    return intakes_for(user, at=at).filter(read_at=None).order_by("sent_at")


def intake_of_pair(pair: CarePair) -> Intake | None:
    """What the client sent to this therapist. The caller has looked whether the viewer may see the pair."""
    sent = Intake.objects.filter(client=pair.client_id, therapist=pair.therapist_id, sent_at__isnull=False)
    return sent.first()


def intake_for(user: User, code: str, *, at: datetime) -> Intake:
    """One intake for its therapist; a colleague is refused, a stranger finds nothing; both tries are kept."""
    return one_for(user, intakes_for(user, at=at), code, tried="tried to open an intake", at=at)
