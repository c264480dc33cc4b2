"""The one way into the audit."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import models

from accord.records.accounts.models import User
from accord.records.audit.models import Entry


def _pair_code(thing: models.Model) -> str:
    """The care pair that a thing belongs to: a check-in by its session, a step by its episode."""
    if thing._meta.label_lower == "pairs.carepair":
        return str(getattr(thing, "code", ""))
    owners = (getattr(thing, name, None) for name in ("pair", "session", "episode"))
    return next((_pair_code(owner) for owner in owners if owner is not None), "")


def record(by: User | None, verb: str, thing: models.Model, *, at: datetime, **detail: Any) -> None:
    """Somebody did something. Call it inside the action's transaction: both happen, or neither."""
    _enter(Entry.Kind.WRITE, by, verb, thing, at=at, detail=detail)


def record_all(by: User | None, verb: str, things: Iterable[models.Model], *, at: datetime) -> None:
    """The same thing done to several, an entry each, in one statement."""
    Entry.objects.bulk_create([_entry(Entry.Kind.WRITE, by, verb, thing, at=at, detail={}) for thing in things])


def record_read(by: User, verb: str, thing: models.Model, *, at: datetime) -> None:
    """Somebody looked at something that is another person's."""
    _enter(Entry.Kind.READ, by, verb, thing, at=at, detail={})


def record_reads(by: User, verb: str, things: Iterable[models.Model], *, at: datetime) -> None:
    """Somebody looked at several things on one page: an entry each, in one statement."""
    Entry.objects.bulk_create([_entry(Entry.Kind.READ, by, verb, thing, at=at, detail={}) for thing in things])


def record_denial(by: User, verb: str, thing: models.Model, *, at: datetime) -> None:
    """Somebody tried, and was not let in."""
    _enter(Entry.Kind.DENIED, by, verb, thing, at=at, detail={})


def record_turned_away(by: User, route: str, code: str, *, at: datetime) -> None:
    """Somebody tried a page that is not for their role; the code in its address is kept as it was typed."""
    fields = {"kind": Entry.Kind.DENIED, "actor": by, "verb": "was turned away", "table": route[:64], "row": code[:64]}
    Entry.objects.create(at=at, **fields)


def _enter(kind: str, by: User | None, verb: str, thing: models.Model, *, at: datetime, detail: dict[str, Any]) -> None:
    _entry(kind, by, verb, thing, at=at, detail=detail).save(force_insert=True)


def _entry(
    kind: str, by: User | None, verb: str, thing: models.Model, *, at: datetime, detail: dict[str, Any]
) -> Entry:
    return Entry(
        at=at,
        kind=kind,
        actor=by,
        practice_id=getattr(thing, "practice_id", None),
        verb=verb,
        table=thing._meta.label_lower,
        row=getattr(thing, "code", str(thing.pk)),
        pair=_pair_code(thing),
        detail=detail,
    )
