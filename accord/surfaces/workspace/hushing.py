"""What a card offers to mute or to let rest, and how what lies aside is told."""

from collections.abc import Sequence
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accord.records.desk.models import Quiet
from accord.records.ruptures.models import Flag
from accord.surfaces.shared.digits import numeral
from accord.surfaces.workspace import words

SESSIONS_OF_BUDGET = 10


class Offer(NamedTuple):
    """One thing that can be muted from a card."""

    kind: str
    pillar: str
    label: str


class Rest(NamedTuple):
    """A note that can rest because it has been discussed."""

    kind: str
    after_session: int


def offers(flags: Sequence[Flag], name: str) -> tuple[Offer, ...]:
    """The kinds and the pillars of the flags on a card; what the client said is not among them."""
    loud = [flag for flag in flags if flag.kind in Quiet.KINDS]
    kinds = [Offer(kind, "", _mute_kind(kind, name)) for kind in dict.fromkeys(flag.kind for flag in loud)]
    pillars = dict.fromkeys(flag.pillar for flag in loud if flag.pillar)
    return (*kinds, *(Offer("", pillar, _mute_pillar(pillar, name)) for pillar in pillars))


def rest_of(flags: Sequence[Flag]) -> Rest | None:
    """Notes rest; what wants talk is moved on its own way, which both can see."""
    first = next((flag for flag in flags if flag.kind in Quiet.KINDS and flag.kind not in Flag.TALK), None)
    return Rest(first.kind, first.session.number) if first else None


def chance_of(flags: Sequence[Flag]) -> str:
    """How often a note like this comes although nothing has changed: the flag's own number, in words."""
    rate = next((flag.expected_false_alarms for flag in flags if flag.expected_false_alarms), None)
    if rate is None:
        return ""
    number = round(SESSIONS_OF_BUDGET / rate)
    return ngettext(
        "A note like this comes by chance in about every session.",
        "A note like this comes by chance in about 1 of %(number)s sessions, even if nothing changed.",
        number,
    ) % {"number": numeral(number)}


def kind_name(kind: str) -> str:
    return {
        "dip": _("lower than usual"),
        "slide": _("slowly lower"),
        "low": _("steady but low"),
        "ceiling": _("only full marks"),
        "silence": _("no check-in"),
    }[kind]


def told(quiet: Quiet) -> str:
    """One line of the list of what lies aside."""
    if quiet.pillar:
        return _("%(pillar)s: muted") % {"pillar": words.pillar_name(quiet.pillar)}
    if quiet.until_session is not None:
        facts = {"kind": kind_name(quiet.kind), "number": numeral(quiet.until_session)}
        return _("“%(kind)s”: discussed, rests until session %(number)s") % facts
    return _("“%(kind)s”: muted") % {"kind": kind_name(quiet.kind)}


def _mute_kind(kind: str, name: str) -> str:
    return _("Mute “%(kind)s” for %(name)s") % {"kind": kind_name(kind), "name": name}


def _mute_pillar(pillar: str, name: str) -> str:
    return _("Mute %(pillar)s for %(name)s") % {"pillar": words.pillar_name(pillar), "name": name}
