"""How therapists are told that something wants talk: at once but rarely, or once in the morning, or not at all.

The words are neutral and name nobody. What is about safety does not come this way: it goes to a person at once.
"""

from datetime import datetime, time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import QuerySet

from accord.records.accounts.models import User
from accord.records.accounts.notices import tell_of_notes
from accord.records.desk.models import Preference, Telling
from accord.records.desk.queries import is_quiet, preference_of, with_quiet
from accord.records.one_by_one import one_by_one
from accord.records.pairs.models import CarePair
from accord.records.ruptures.models import Flag
from accord.records.ruptures.queries import HANDLED

MOST_A_DAY = 3  # notices at once; what comes after waits for the morning
MORNING = time(7, 30)  # where the therapist is
LOOK_BACK = timedelta(days=3)  # an outage is made up for; nobody is told about last month
How = Telling.How


def tell_therapists(now: datetime) -> int:
    """One round: what is new, then the mornings that have come. Returns the number of notices."""
    therapists = untold(now).order_by().values_list("pair__therapist__user", flat=True).distinct()
    sent = one_by_one(list(therapists), partial(_tell_one, now=now))
    due = Telling.objects.filter(how=How.DIGEST, sent_at=None, due_at__lte=now)
    readers = due.order_by().values_list("user", flat=True).distinct()
    return sent + one_by_one(list(readers), partial(_send_digest, now=now))


def untold(now: datetime) -> QuerySet[Flag]:
    """What wants talk and nobody has been told of, nor has it been written down why not. Notes tell of themselves."""
    return Flag.objects.filter(kind__in=Flag.TALK, note=None, telling=None, raised_at__gt=now - LOOK_BACK)


@transaction.atomic
def _tell_one(pk: int, now: datetime) -> int:
    """Everything new for one therapist, in at most one notice."""
    # Held, so that two workers neither tell the same thing nor exceed the day's number together.
    therapist = User.objects.select_for_update(no_key=True).get(pk=pk)
    mine = with_quiet(untold(now).filter(pair__therapist__user=therapist), viewer=therapist)
    flags = list(mine.select_related("episode", "pair__therapist__user").order_by("raised_at", "pk"))
    if not flags:
        return 0
    at_once, morning = _decide(flags, therapist, now)
    notice = tell_of_notes(therapist, number=1, at=now) if at_once else None
    due = next_morning(now, therapist)
    kept = [(flag, {"how": How.AT_ONCE, "notice": notice, "sent_at": now}) for flag in at_once]
    kept += [(flag, {"how": How.DIGEST, "due_at": due}) for flag in morning]
    for flag, fields in kept:
        Telling.objects.create(flag=flag, user=therapist, at=now, **fields)
    return int(notice is not None)


def _decide(flags: list[Flag], therapist: User, now: datetime) -> tuple[list[Flag], list[Flag]]:
    """Which flags are told at once, and which in the morning; of the others it is written down why they are not."""
    wanted = preference_of(therapist).notices
    told: list[Flag] = []
    seen_episodes: set[int | None] = set()
    for flag in flags:
        how = _why_not(flag, wanted, now)
        if is_quiet(flag):
            how = How.MUTED
        elif not how and (flag.episode_id in seen_episodes or _told_before(flag)):
            how = How.JOINED
        if how:
            Telling.objects.create(flag=flag, user=therapist, at=now, how=how)
            continue
        seen_episodes.add(flag.episode_id)
        told.append(flag)
    if wanted == Preference.Notices.AT_ONCE and sent_today(therapist, now) < MOST_A_DAY:
        return told, []
    return [], told


def _why_not(flag: Flag, wanted: str, now: datetime) -> str:
    pair: CarePair = flag.pair
    works = pair.ended_on is None and pair.therapist.is_held(on=now.date())
    return "" if works and wanted != Preference.Notices.NONE else How.NONE


def _told_before(flag: Flag) -> bool:
    """The same episode was told, and neither handled nor taken up again since."""
    earlier = Telling.objects.filter(flag__episode=flag.episode_id, how__in=[How.AT_ONCE, How.DIGEST])
    last = earlier.order_by("-at").first()
    if last is None or flag.episode is None:
        return False
    return not flag.episode.steps.filter(state__in=HANDLED, at__gte=last.at, at__lte=flag.raised_at).exists()


def sent_today(therapist: User, now: datetime) -> int:
    """How many notices at once this therapist had since midnight, where they are."""
    zone = ZoneInfo(therapist.zone)
    midnight = datetime.combine(now.astimezone(zone).date(), time(), zone)
    sent = Telling.objects.filter(user=therapist, how=How.AT_ONCE, at__gte=midnight)
    return sent.values("notice").distinct().count()


def next_morning(now: datetime, therapist: User) -> datetime:
    """The next half past seven on the therapist's own wall, also across a change of the clocks."""
    zone = ZoneInfo(therapist.zone)
    here = now.astimezone(zone)
    day = here.date() if here.time() < MORNING else here.date() + timedelta(days=1)
    return datetime.combine(day, MORNING, zone)


@transaction.atomic
def _send_digest(pk: int, now: datetime) -> int:
    """One notice for all that waited; nothing where it has been dealt with, or where none are wanted any more."""
    therapist = User.objects.get(pk=pk)
    due = Telling.objects.filter(user=therapist, how=How.DIGEST, sent_at=None, due_at__lte=now)
    open_still = due.filter(flag__isnull=False, flag__episode__ended_at=None, flag__pair__ended_on=None)
    open_still = open_still.exclude(flag__episode__state__in=HANDLED)
    number = open_still.values("flag__episode").distinct().count()
    wanted = preference_of(therapist).notices != Preference.Notices.NONE
    codes = list(due.values_list("pk", flat=True))
    if not Telling.objects.filter(pk__in=codes, sent_at=None).update(sent_at=now) or not number or not wanted:
        return 0
    notice = tell_of_notes(therapist, number=number, at=now)
    Telling.objects.filter(pk__in=codes).update(notice=notice)
    return 1
