"""Estimates follow the answers: this job looks for sessions whose answers are not in an estimate yet."""

from collections.abc import Iterable
from datetime import datetime
from functools import partial

from django.db.models import Count, F, Max, Min, Q, QuerySet

from accord.records.alliance.actions import estimate
from accord.records.checkins.actions import CLIENT, THERAPIST
from accord.records.checkins.queries import BLIND_FOR, SessionAnswers, answers_of_pairs
from accord.records.one_by_one import one_by_one
from accord.records.sessions.models import TherapySession

AT_MOST = 2000  # sessions a round


def estimate_waiting(now: datetime) -> int:
    """Take in what both sides may see by now, oldest session first. What is still blind waits."""
    waiting = list(_waiting(now)[:AT_MOST])
    due = {session.pk for session in waiting}
    seen = answers_of_pairs({session.pair_id: session.pair for session in waiting}.values(), "therapist", at=now)
    pairs = ([answers for answers in one if answers.session.pk in due] for one in seen.values())
    return one_by_one(pairs, partial(_take_in, now=now))


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
    ready = (each for each in sessions if not each.waiting_for and (each.client or each.therapist))
    return sum(estimate(answers, at=now) is not None for answers in ready)
