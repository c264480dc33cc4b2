"""What is said about guesses: first in words, and only as much as so few of them can tell."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accord.records.desk.guesses import NEEDED
from accord.records.desk.queries import Chance
from accord.science.dyads import Lean
from accord.surfaces.shared.digits import numeral
from accord.surfaces.workspace import words

MANY = 12  # guesses; with fewer it is said that this may still change
NEAR = 0.75  # points


def told(found: Lean | None, number: int, name: str = "") -> str:
    """One pillar's guesses in a sentence; `name` is the client's, or nothing for all clients together."""
    if found is None:
        return _("Still learning (%(count)s of %(needed)s guesses)") % {
            "count": numeral(number),
            "needed": numeral(NEEDED),
        }
    sentence = _leaning(found, name) if found.is_clear else _apart(found, name)
    return sentence if found.n >= MANY else f"{sentence} {_may_change(found.n)}"


def _leaning(found: Lean, name: str) -> str:
    facts = {"points": points(abs(found.mean)), "name": name}
    if found.mean > 0:
        if name:
            return _("You tend to guess about %(points)s higher than %(name)s says.") % facts
        return _("You tend to guess about %(points)s higher than your clients say.") % facts
    if name:
        return _("You tend to guess about %(points)s lower than %(name)s says.") % facts
    return _("You tend to guess about %(points)s lower than your clients say.") % facts


def _apart(found: Lean, name: str) -> str:
    if found.off < NEAR:
        if name:
            return _("Your guesses come close to what %(name)s says.") % {"name": name}
        return _("Your guesses come close to what your clients say.")
    return _("Your guesses lie about %(points)s off, now above, now below.") % {"points": points(found.off)}


def _may_change(number: int) -> str:
    return _("From %(number)s guesses: this may still change.") % {"number": numeral(number)}


def points(value: float) -> str:
    """ "half a point", "1 point", "1.5 points": no finer than that."""
    rounded = max(0.5, round(2 * value) / 2)
    if rounded == 0.5:
        return _("half a point")
    if rounded == 1:
        return _("1 point")
    return _("%(number)s points") % {"number": words.plain(rounded)}


def by_chance_words(chance: Chance) -> str:
    """What the flags' own false alarms come to, for this caseload."""
    rule = _(
        "Notes that come from numbers alone are set so that about 1 in %(number)s sessions brings one by chance, even "
        "if nothing changed between you."
    ) % {"number": numeral(chance.one_in)}
    if not chance.sessions:
        return rule
    caseload = ngettext(
        "In the last four weeks %(sessions)s session of yours could be judged: by chance alone, about %(notes)s.",
        "In the last four weeks %(sessions)s sessions of yours could be judged: by chance alone, about %(notes)s.",
        chance.sessions,
    )
    return f"{rule} {caseload % {'sessions': numeral(chance.sessions), 'notes': _notes(chance.expected)}}"


def _notes(expected: float) -> str:
    if expected < 0.95:
        return _("%(number)s notes, so fewer than one") % {"number": numeral(f"{expected:.1f}")}
    number = round(expected)
    return ngettext("%(number)s note", "%(number)s notes", number) % {"number": numeral(number)}
