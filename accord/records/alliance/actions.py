"""Writing estimates: one session taken into the stored belief; history is not read again."""

from datetime import datetime, timedelta

import numpy as np
from django.db import IntegrityError, transaction
from numpy.typing import NDArray

from accord.records.alliance.models import Estimate
from accord.records.alliance.packing import pack, unpack
from accord.records.alliance.queries import parameters
from accord.records.audit.actions import record
from accord.records.checkins.models import CheckIn
from accord.records.checkins.queries import SessionAnswers
from accord.records.pairs.models import CarePair
from accord.records.sessions.models import TherapySession
from accord.science.alliance import Belief, Params, Update, start, update, usual_band

PILLARS = ("goal", "task", "bond")
DAY = timedelta(days=1)


def _plain(numbers: NDArray[np.float64]) -> list[float | None]:
    """JSON knows no NaN."""
    return [None if np.isnan(number) else float(number) for number in numbers]


def readings_of(answers: SessionAnswers) -> NDArray[np.float64]:
    """Six numbers, NaN where there is none: client goal, task, bond, therapist goal, task, bond."""
    sides = [answers.client, answers.therapist]
    scores = [(side.scores or {}) if side else {} for side in sides]
    found = [score.get(pillar) for score in scores for pillar in PILLARS]
    return np.array([np.nan if number is None else float(number) for number in found])


def newest_input(answers: SessionAnswers) -> datetime:
    """When the newest of the answers came in."""
    return max(side.received_at for side in (answers.client, answers.therapist) if side and side.received_at)


def _belief_before(session: TherapySession, params: Params) -> Belief:
    """What was known before this session: as stored, or anew where it was made with other parameters."""
    earlier = Estimate.objects.filter(pair_id=session.pair_id, session__number__lt=session.number)
    last = earlier.order_by("-session__number").first()
    if last is None or last.params == params.id:
        return unpack(last.belief) if last else start(params)
    belief, first = start(params), _first_of(session)
    for known in earlier.select_related("session").order_by("session__number"):
        readings = np.array([np.nan if number is None else number for number in known.readings])
        day = np.array([_day_of(known.session, first)])
        belief = update(belief, params, day=day, readings=readings[None, :]).belief
    return belief


def _first_of(session: TherapySession) -> TherapySession:
    return TherapySession.objects.filter(pair_id=session.pair_id).exclude(state="cancelled").earliest("number")


def _day_of(session: TherapySession, first: TherapySession) -> float:
    return max(0.0, (session.starts_at - first.starts_at) / DAY)


@transaction.atomic
def estimate(answers: SessionAnswers, *, at: datetime) -> Estimate | None:
    """Take one session's answers into the pair's belief. None: another worker was faster.

    Estimates of later sessions stood on the belief without these answers: they go, and the job makes them anew. With
    new parameters the pair's belief is made again from the readings that are stored; estimates of earlier sessions stay
    as they are and keep the name of the parameters that they were made with.
    """
    session, readings, params = answers.session, readings_of(answers), parameters()
    CarePair.objects.select_for_update(no_key=True).get(
        pk=session.pair_id
    )  # one worker a pair, or a later one reads too early
    if not _still_stand(answers):
        return None
    day = np.array([_day_of(session, _first_of(session))])
    new = update(_belief_before(session, params), params, day=day, readings=readings[None, :])
    fields = _fields(new, readings, params) | {"as_of": newest_input(answers), "made_at": at}
    known = Estimate.objects.filter(session=session)
    if known.filter(as_of__lt=fields["as_of"]).update(**fields):
        stored = known.get()
    elif known.exists():
        return None
    else:
        try:
            with transaction.atomic():
                stored = Estimate.objects.create(
                    practice_id=session.practice_id, pair_id=session.pair_id, session=session, **fields
                )
        except IntegrityError:
            return None
    later = Estimate.objects.filter(pair_id=session.pair_id, session__number__gt=session.number)
    list(later.select_for_update().values_list("pk"))  # wait for whoever is judging them, then they go
    later.delete()
    record(None, "alliance estimated", stored, at=at, params=params.id)
    return stored


def _still_stand(answers: SessionAnswers) -> bool:
    """Nothing was taken back since it was read. Whoever takes back waits for the pair, as we did."""
    used = {side.pk: side.received_at for side in (answers.client, answers.therapist) if side}
    return used == dict(CheckIn.objects.filter(pk__in=used).values_list("pk", "received_at"))


def _fields(new: Update, readings: NDArray[np.float64], params: Params) -> dict[str, object]:
    low, high = usual_band(new.forecast.mean[:, :3], new.forecast.sd[:, :3])
    return {
        "params": params.id,
        "belief": pack(new.belief),
        "readings": _plain(readings),
        "forecast_mean": _plain(new.forecast.mean[0]),
        "forecast_sd": _plain(new.forecast.sd[0]),
        "forecast_shared": _plain(new.forecast.shared[0]),
        "z": _plain(new.z[0]),
        "tail": _plain(new.tail[0]),
        "level_mean": _plain(new.level_mean[0]),
        "level_sd": _plain(new.level_sd[0]),
        "band_low": _plain(low[0].astype(np.float64)),
        "band_high": _plain(high[0].astype(np.float64)),
    }
