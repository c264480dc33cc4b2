"""What a chart is drawn from. Scores are on 0 to 10; None means that nobody answered."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

Pillar = Literal["goal", "task", "bond"]
EventKind = Literal["noticed", "note", "talk", "change", "closed", "let-go"]


@dataclass(frozen=True, slots=True)
class Band:
    """What is usual for this client, as known before the session."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class ChartPoint:
    """One session of one pillar, from both sides. `band` is None while it is still being learned."""

    session: int
    on: date
    client: float | None
    therapist: float | None
    band: Band | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened between two people at a session."""

    session: int
    label: str
    kind: EventKind


@dataclass(frozen=True, slots=True)
class PillarHistory:
    """A pillar over sessions, oldest first."""

    pillar: Pillar
    points: tuple[ChartPoint, ...]
    events: tuple[Event, ...] = ()
