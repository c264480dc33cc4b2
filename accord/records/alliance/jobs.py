"""Estimates follow the answers: this job looks for sessions whose answers are not in an estimate yet."""

import logging
from collections.abc import Iterable
from datetime import datetime

from django.db.models import Count, F, Max, Min, Q, QuerySet

from accord.records.alliance.actions import estimate
from accord.records.checkins.actions import CLIENT, THERAPIST
from accord.records.checkins.queries import BLIND_FOR, SessionAnswers, answers_of_pairs
from accord.records.sessions.models import TherapySession
from accord.science.errors import ScienceError

log = logging.getLogger(__name__)
AT_MOST = 2000  # sessions a round


def estimate_waiting(now: datetime) -> int:
    """Take in what both sides may see by now, oldest session first. What is still blind waits."""
    waiting = list(_waiting(now)[:AT_MOST])
    due = {session.pk for session in waiting}
    seen = answers_of_pairs({session.pair_id: session.pair for session in waiting}.values(), "therapist", at=now)
    return sum(_take_in((answers for answers in one if answers.session.pk in due), now) for one in seen.values())


def _waiting(now: datetime) -> QuerySet[TherapySession]:
    """Sessions with answers newer than their estimate, less most of those that are blind and would only be in the way.

    Whether answers may be seen is not decided here, but by `answers_of_pairs`.
    """
    ours = Q(check_ins__instrument__in=[CLIENT, THERAPIST])
    counted = TherapySession.objects.annotate(
        newest=Max("check_ins__received_at", filter=ours),
        oldest=Min("check_ins__received_at", filter=ours),
        answered=Count("check_ins__received_at", filter=ours),
        skipped=Count("check_ins__skipped_at", filter=ours),
    )
    behind = Q(estimate=None) | Q(estimate__as_of__lt=F("newest"))
    may_be_open = Q(answered=2) | Q(skipped__gte=1) | Q(oldest__lte=now - BLIND_FOR)
    found = counted.filter(behind, may_be_open, newest__lte=now).exclude(state=TherapySession.State.CANCELLED)
    return found.select_related("pair").order_by("pair_id", "number")


def _take_in(sessions: Iterable[SessionAnswers], now: datetime) -> int:
    """One pair's sessions, oldest first. What the model refuses stops this pair, not the others."""
    made = 0
    try:
        for answers in sessions:
            if not answers.waiting_for and (answers.client or answers.therapist):
                made += estimate(answers, at=now) is not None
    except ScienceError:
        log.exception("one pair cannot be estimated")
    return made
