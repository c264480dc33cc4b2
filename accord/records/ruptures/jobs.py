"""Flags follow the estimates; what the client asked to send now does not wait for them."""

from datetime import datetime, timedelta
from functools import partial

import numpy as np
from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Exists, F, OuterRef, Q, Subquery
from numpy.typing import NDArray

from accord.records.alliance.models import Estimate
from accord.records.alliance.packing import unpack
from accord.records.checkins.actions import CLIENT
from accord.records.checkins.models import CheckIn
from accord.records.one_by_one import one_by_one
from accord.records.ruptures.actions import raise_flag
from accord.records.ruptures.models import Flag as Flagged
from accord.records.ruptures.models import Judgement, Note
from accord.records.ruptures.saying import join_later, tell
from accord.records.sessions.models import TherapySession
from accord.science.alliance import Forecast, Update
from accord.science.ruptures import (
    CANNOT_KNOW,
    TENSION_CODES,
    VERSION,
    Beside,
    Flag,
    Flags,
    Watch,
    as_list,
    dump_watch,
    judge,
    limits_at,
    load_watch,
    start_watch,
)

OFF = ("a-bit", "yes")
DAY = 86_400.0  # seconds
DAY_BEFORE = timedelta(days=1)


def raise_flags(now: datetime) -> int:
    """Judge every estimate that is new since it was judged last, oldest session first."""
    # Not "earlier than": the clocks of two workers differ, and an estimate must not look judged for that.
    stale = Q(judgement=None) | ~Q(judgement__estimate_made_at=F("made_at"))
    waiting = Estimate.objects.filter(stale).select_related("session__pair__therapist__user")
    return one_by_one(waiting.order_by("pair_id", "session__number")[:2000], partial(_judge, now=now))


def said_now(now: datetime) -> int:
    """ "Tell them now": a flag at once, whether or not the therapist has rated."""
    known = Flagged.objects.filter(session=OuterRef("session"), kind="said", note=None)
    urgent = CheckIn.objects.filter(
        ~Exists(known),
        instrument=CLIENT,
        travels=CheckIn.Travels.NOW,
        received_at__lte=now,
        answers__tension__in=OFF,
    )
    rows = urgent.select_related("session__pair__therapist__user").order_by("received_at")[:500]
    return one_by_one(rows, partial(_say, now=now))


@transaction.atomic
def _say(check_in: CheckIn, now: datetime) -> bool:
    # The row is held until its flag is in: at this moment it may be taken back.
    held = CheckIn.objects.select_for_update().filter(pk=check_in.pk, received_at=check_in.received_at)
    return held.first() is not None and raise_flag(check_in.session, _said(check_in), at=now) is not None


def join_early_notes(now: datetime) -> int:
    """Notes that were sent before there was any session."""
    early = Note.objects.filter(state=Note.State.SENT, episode=None, pair__sessions__isnull=False)
    waiting = early.select_related("pair").distinct().order_by("sent_at")[:500]
    return one_by_one(waiting, partial(join_later, at=now))


def tell_before_sessions(now: datetime) -> int:
    """ "Before the next session": the note lies on the desk at once; the notice goes out a day before the two meet.

    Where no session is booked there is no day to wait for, so the notice goes out now.
    """
    booked = TherapySession.objects.filter(pair=OuterRef("pair"), state=TherapySession.State.BOOKED, starts_at__gt=now)
    unread = Note.objects.filter(state=Note.State.SENT, told_at=None, read_at=None, pair__ended_on=None)
    due = unread.alias(coming=Subquery(booked.order_by("starts_at").values("starts_at")[:1])).filter(
        Q(coming=None) | Q(coming__lte=now + DAY_BEFORE)
    )
    rows = due.select_related("pair__therapist__user").order_by("sent_at")[:500]
    return one_by_one(rows, partial(tell, at=now))


def _said(check_in: CheckIn) -> dict[str, object]:
    return {
        "kind": "said",
        "version": VERSION,
        "params": "",
        "pillar": "",
        "readings": [check_in.session.number],
        "cannot_know": CANNOT_KNOW["said"],
    }


@transaction.atomic
def _judge(estimate: Estimate, now: datetime) -> int:
    # The row is held until its flags are in: nobody estimates anew, or takes it away, meanwhile.
    if not Estimate.objects.select_for_update().filter(pk=estimate.pk, made_at=estimate.made_at).first():
        return 0
    if not _claim(estimate, now):
        return 0
    watch, flags = _judged(_watch_before(estimate), estimate)
    Judgement.objects.filter(estimate=estimate).update(watch=dump_watch(watch))
    raised = [raise_flag(estimate.session, _fields(flag, estimate), at=now) for flag in as_list(flags)]
    return sum(flag is not None for flag in raised)


def _claim(estimate: Estimate, now: datetime) -> bool:
    """One worker judges one estimate."""
    fields = {"version": VERSION, "watch": {}, "estimate_made_at": estimate.made_at, "judged_at": now}
    if Judgement.objects.filter(estimate=estimate).exists():
        behind = Judgement.objects.filter(estimate=estimate).exclude(estimate_made_at=estimate.made_at)
        return bool(behind.update(**fields))
    try:
        with transaction.atomic():
            Judgement.objects.create(estimate=estimate, **fields)
    except IntegrityError:
        return False
    return True


def _judged(watch: Watch, estimate: Estimate) -> tuple[Watch, Flags]:
    readings, limits = _numbers(estimate.readings)[None, :], limits_at(settings.FLAG_LIMITS)
    return judge(watch, _update_of(estimate), readings=readings, beside=_beside(estimate), limits=limits)


def _watch_before(estimate: Estimate) -> Watch:
    """What the pair carries into this session. A watch of another version means nothing to this one: then the
    sessions before are judged anew, for the watch alone; the flags that were raised stay as they were raised."""
    earlier = Estimate.objects.filter(pair_id=estimate.pair_id, session__number__lt=estimate.session.number)
    last = Judgement.objects.filter(estimate__in=earlier).order_by("-estimate__session__number").first()
    if last is None:
        return start_watch()
    if last.version == VERSION:
        return load_watch(last.watch)
    watch = start_watch()
    for before in earlier.order_by("session__number"):
        watch, _ = _judged(watch, before)
    return watch


def _numbers(values: list[float | None]) -> NDArray[np.float64]:
    return np.array([np.nan if value is None else value for value in values])


def _update_of(estimate: Estimate) -> Update:
    """The stored step of the filter, as the rule wants it."""
    forecast = Forecast(
        mean=_numbers(estimate.forecast_mean)[None, :],
        sd=_numbers(estimate.forecast_sd)[None, :],
        shared=_numbers(estimate.forecast_shared)[None, :],
    )
    return Update(
        belief=unpack(estimate.belief),
        forecast=forecast,
        z=_numbers(estimate.z)[None, :],
        tail=_numbers(estimate.tail)[None, :],
        loglik=np.array([np.nan]),
        level_mean=_numbers(estimate.level_mean)[None, :],
        level_sd=_numbers(estimate.level_sd)[None, :],
    )


def _beside(estimate: Estimate) -> Beside:
    """What the client said beside the ratings, and how many days it took."""
    check_in = CheckIn.objects.filter(session_id=estimate.session_id, instrument=CLIENT).first()
    answers = (check_in.answers if check_in else None) or {}
    wait = np.nan
    if check_in is not None and check_in.received_at is not None:
        wait = (check_in.received_at - check_in.asked_at).total_seconds() / DAY
    code = TENSION_CODES.get(str(answers.get("tension", "")), TENSION_CODES["skipped"])
    return Beside(tension=np.array([code]), waits=np.array([wait]))


def _number(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _fields(flag: Flag, estimate: Estimate) -> dict[str, object]:
    return {
        "kind": flag.kind,
        "version": flag.version,
        "params": estimate.params,
        "pillar": flag.pillar,
        "size": _number(flag.size),
        "statistic": _number(flag.statistic),
        "limit": _number(flag.limit),
        "band_low": _number(flag.band_low),
        "band_high": _number(flag.band_high),
        "expected_false_alarms": _number(flag.expected_false_alarms),
        "readings": list(flag.readings),
        "cannot_know": flag.cannot_know,
    }
