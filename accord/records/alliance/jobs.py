"""Estimates follow the answers: this job looks for sessions whose answers are not in an estimate yet."""

from datetime import datetime

from django.db.models import F, Max, Q

from accord.records.alliance.actions import estimate
from accord.records.checkins.actions import CLIENT, THERAPIST
from accord.records.checkins.queries import answers_of_pairs
from accord.records.sessions.models import TherapySession


def estimate_waiting(now: datetime) -> int:
    """Take in what both sides may see by now, oldest session first. What is still blind waits."""
    newest = Max("check_ins__received_at", filter=Q(check_ins__instrument__in=[CLIENT, THERAPIST]))
    behind = Q(estimate=None) | Q(estimate__as_of__lt=F("newest"))
    waiting = (
        TherapySession.objects.annotate(newest=newest)
        .filter(behind, newest__lte=now)
        .select_related("pair")
        .order_by("pair_id", "number")[:2000]
    )
    due = {session.pk for session in waiting}
    seen = answers_of_pairs({session.pair_id: session.pair for session in waiting}.values(), "therapist", at=now)
    made = 0
    for sessions in seen.values():
        for answers in sessions:
            if answers.session.pk in due and not answers.waiting_for and (answers.client or answers.therapist):
                made += estimate(answers, at=now) is not None
    return made
