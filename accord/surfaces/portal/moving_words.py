"""Sentences around moving on: where it stands, what a line is about, how to say goodbye."""

from typing import NamedTuple

from django.utils.translation import gettext as _

from accord.records.accounts.models import User
from accord.records.intake.questions import BY_NAME
from accord.records.matching.models import Move
from accord.records.matching.moving_queries import MOST_GAP, Line
from accord.records.matching.wishes import Answers
from accord.surfaces.shared import clock, intakes
from accord.surfaces.shared.digits import numeral
from accord.surfaces.shared.search_words import ALIKE


class Choice(NamedTuple):
    code: str
    text: str
    hint: str = ""


def goodbyes(name: str, *, meets: bool = True) -> list[Choice]:
    """meets: the two still work together."""
    who = {"name": name}
    talk = Choice("last-talk", _("A last talk"), _("You and %(name)s meet once more before you move.") % who)
    return [
        Choice("message", _("A message"), _("You write it, and see it as %(name)s will.") % who),
        *([talk] if meets else []),
        Choice("none", _("No goodbye"), _("That is fine, too. %(name)s only reads that you are moving.") % who),
    ]


def goodbye_told(move: Move, name: str) -> str:
    return next((choice.text for choice in goodbyes(name) if choice.code == move.goodbye), "")


def tells(name: str) -> list[Choice]:
    who = {"name": name}
    return [
        Choice("moved", _("Not before I have moved")),
        Choice("date", _("As soon as I have a first date, %(name)s may know") % who),
    ]


def line_title(line: Line, name: str) -> str:
    """What a line of the note is about."""
    kind, _colon, what = line.about.partition(":")
    if kind == "intake" and what in BY_NAME:
        return intakes.asked(what, name).text
    return _("A goal you two agreed on") if kind == "goal" else _("Something else")


def changed_words(style_fits: tuple[str, ...], answers: Answers, changed: frozenset[str]) -> list[str]:
    """Reasons that speak to what this person wants to be different."""
    dims = [name for name in style_fits if name in changed and name in ALIKE]
    return [str(ALIKE[name][answers[name]["picks"][0].startswith("right")]) for name in dims]


def days() -> str:
    return numeral(MOST_GAP.days)


def move_standing(move: Move | None, viewer: User) -> str:
    """One line on the client's own page. Only what is so."""
    if move is None:
        return ""
    if move.state == Move.State.ASKED and move.to is not None and move.reply_by is not None:
        who = {"name": move.to.post.user.first_name, "time": clock.told(move.reply_by, viewer)}
        return _("You asked %(name)s. An answer comes by %(time)s.") % who
    if move.state == Move.State.OFFERED and move.to is not None and move.first_at is not None:
        who = {"name": move.to.post.user.first_name, "time": clock.told(move.first_at, viewer)}
        return _("%(name)s said yes: a first time on %(time)s waits for your OK.") % who
    return _("You have begun to move on, only you see it")
