"""How to go on when something is off: by how it shows, and by pillar. Validate and explore first; explain nothing yet.

Words of the Rupture Resolution Rating System (Eubanks, Muran & Safran). While an episode is open nothing here links it
to a person's history: validating and exploring come first.
"""

from typing import NamedTuple

from django.utils.translation import gettext as _


class Guide(NamedTuple):
    """One page of help: what it can look like, what to do first, what to leave."""

    signs: list[str]
    first: list[str]
    leave: list[str]


WITHDRAWAL, CONFRONTATION, UNSURE = "withdrawal", "confrontation", "unsure"


def kinds() -> list[tuple[str, str]]:
    """How it may show. Picked by the therapist for this page only; it is not kept."""
    return [
        (WITHDRAWAL, _("They move away")),
        (CONFRONTATION, _("They move against")),
        (UNSURE, _("I am not sure")),
    ]


def guide(kind: str, pillar: str) -> Guide:
    return Guide(_signs(kind), [*_first(kind), *_by_pillar(pillar)], _leave(kind))


def _signs(kind: str) -> list[str]:
    away = [
        _("Short answers, or “fine”"),
        _("Talk turns to other people, or to far-off things"),
        _("Agrees at once, and does not seem to"),
        _("Turns it on themselves"),
    ]
    against = [
        _("Complains about you, the work or the pace"),
        _("Says no to what you offer"),
        _("Defends, or takes over the session"),
    ]
    return {WITHDRAWAL: away, CONFRONTATION: against}.get(kind, [away[0], against[0]])


def _first(kind: str) -> list[str]:
    """Validate, then explore. In this order for everybody; how it sounds differs."""
    return {
        WITHDRAWAL: [
            _("Name it gently, as something between you two: “I wonder if something I did just now did not sit well.”"),
            _("Make it safe to say more, in small steps. Wait longer than is comfortable."),
            _("Take the smallest “no” seriously, and thank them for it."),
        ],
        CONFRONTATION: [
            _("Hear it to the end. Say back what you heard, before anything else."),
            _("Own your part, however small: “You are right that I moved on too fast.”"),
            _("Ask what they needed then, and what they need now."),
        ],
    }.get(
        kind,
        [
            _("Say that you noticed, and that it matters to you."),
            _("Ask what it was like, and listen. Say back what you heard."),
            _("Own your part, however small."),
        ],
    )


def _by_pillar(pillar: str) -> list[str]:
    return {
        "bond": [_("Stay with how it was for them with you. Leave the plan for later.")],
        "goal": [_("Ask where they want to go now. Cross things out together on the agreement.")],
        "task": [_("Say again why you do this, and offer another way. A change of task is a repair.")],
    }.get(pillar, [])


def _leave(kind: str) -> list[str]:
    """What to leave while it is open."""
    common = [
        _("No explaining where it comes from: not from their past, not from a pattern. That is for later sessions."),
        _("No “why did you …?”"),
    ]
    more = {
        WITHDRAWAL: [_("Do not press for feelings, and do not fill the silence.")],
        CONFRONTATION: [_("Do not defend, do not correct the facts yet.")],
    }
    return [*common, *more.get(kind, [])]
