"""What the desk says about a pair, in sentences that blame nobody.

Small pure functions: names and numbers in, one sentence out. A flag speaks of "usual for you two"; what the client
said comes first and without a number.
"""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accord.surfaces.shared.digits import joined, numeral


def plain(value: float) -> str:
    """A rating as people write it: 3, 7.5."""
    return numeral(f"{value:.1f}".removesuffix(".0"))


def usual(low: float, high: float) -> str:
    """ "8–9", or "8" where only one rating is usual."""
    return plain(low) if low == high else f"{plain(low)}–{plain(high)}"


def when(session: int, newest: int) -> str:
    """ "last time", as long as it was the last time."""
    return _("last time") if session >= newest else _("in session %(number)s") % {"number": numeral(session)}


def beside_usual(value: float, low: float, high: float) -> str:
    return _("%(value)s, usually %(usual)s") % {"value": plain(value), "usual": usual(low, high)}


def dip(name: str, pillar: str, *, when: str, numbers: str) -> str:
    """One pillar was lower than usual, once."""
    sentence = {
        "bond": _("%(name)s felt less understood %(when)s: %(numbers)s"),
        "goal": _("%(name)s was less sure %(when)s that you two want the same: %(numbers)s"),
        "task": _("%(name)s found the way you work fit less %(when)s: %(numbers)s"),
    }[pillar]
    return sentence % {"name": name, "when": when, "numbers": numbers}


def slide(name: str, pillar: str, *, numbers: str) -> str:
    """One pillar has gone down slowly."""
    sentence = {
        "bond": _("Over the last sessions %(name)s slowly felt less understood: now %(numbers)s"),
        "goal": _(
            "Over the last sessions %(name)s slowly became less sure that you two want the same: now %(numbers)s"
        ),
        "task": _("Over the last sessions %(name)s slowly found the way you work fit less: now %(numbers)s"),
    }[pillar]
    return sentence % {"name": name, "numbers": numbers}


def took_back(name: str, number: int, *, at: str) -> str:
    facts = {"name": name, "number": numeral(number), "at": at}
    return _("%(name)s took back the answers to session %(number)s at %(at)s, after you had read them.") % facts


def said(name: str, tension: str, *, when: str) -> str:
    """What the client said; no number belongs to it."""
    sentence = {
        "a-bit": _("%(name)s said that something was a bit off between you two %(when)s"),
        "yes": _("%(name)s said that something was off between you two %(when)s"),
    }.get(tension, _("%(name)s wants you to know that something felt off %(when)s"))
    return sentence % {"name": name, "when": when}


def wrote(name: str, pillar: str) -> str:
    """A note, before it is read: what it is about, and no more."""
    sentence = {
        "bond": _("%(name)s wrote to you about how it feels between you two"),
        "goal": _("%(name)s wrote to you about where you two are going"),
        "task": _("%(name)s wrote to you about how you two work"),
    }.get(pillar, _("%(name)s wrote to you"))
    return sentence % {"name": name}


def also_wrote(name: str) -> str:
    return _("%(name)s also wrote to you.") % {"name": name}


def follow_up(name: str) -> str:
    """The client has answered what the therapist will change, and it does not fit yet."""
    return _("%(name)s says you did not get it quite right yet. Ask what would fit better.") % {"name": name}


def also_said(name: str, tension: str) -> str:
    """The client's answer beside a number that already has the sentence."""
    sentence = {
        "a-bit": _("%(name)s also said that something is a bit off between you two."),
        "yes": _("%(name)s also said that something is off between you two."),
    }.get(tension, _("%(name)s also said in the check-in that something felt off."))
    return sentence % {"name": name}


def low(level: float) -> str:
    return _("Steady but low: around %(level)s. Worth asking. Not a rupture.") % {"level": plain(level)}


def ceiling(full: int, check_ins: int) -> str:
    """A hint for the therapist only: full marks tell little."""
    where = (
        _("in all %(count)s check-ins") % {"count": numeral(check_ins)}
        if full >= check_ins
        else _("in the last %(count)s check-ins") % {"count": numeral(full)}
    )
    hint = _("Only full marks %(where)s. Worth asking once what could be even a little better.")
    return hint % {"where": where}


def silence(name: str, missing: int) -> str:
    return ngettext(
        "No check-in from %(name)s after the last session. There can be many reasons.",
        "No check-in from %(name)s after the last %(missing)s sessions. There can be many reasons.",
        missing,
    ) % {"name": name, "missing": numeral(missing)}


def learning(check_ins: int, needed: int) -> str:
    return _("Still learning (%(count)s of %(needed)s)") % {"count": numeral(check_ins), "needed": numeral(needed)}


def nothing_stands_out() -> str:
    return _("Nothing stands out")


def first_session(name: str) -> str:
    return _("The first session with %(name)s. There is nothing to look back on yet.") % {"name": name}


def blind(name: str, session: int, *, client_is_in: bool) -> str:
    """Why the client's answers are not on the card yet."""
    facts = {"name": name, "number": numeral(session)}
    if client_is_in:
        return _("%(name)s has answered. Rate session %(number)s first (20 seconds), or skip") % facts
    return _("Session %(number)s waits for your rating (20 seconds), or skip") % facts


def standing(state: str, name: str) -> str:
    """Where an open episode stands once the two have talked; only the client closes it."""
    sentence = {
        "talked-about": _("You have talked about it. Only %(name)s can say that it feels repaired."),
        "agreed": _("You have agreed something. Only %(name)s can say that it feels repaired."),
        "addressed": _("Waiting for %(name)s. You think you have addressed it; only %(name)s can say that it is."),
    }.get(state, "")
    return sentence % {"name": name} if sentence else ""


def pillar_name(pillar: str) -> str:
    return {"goal": _("Goals"), "task": _("Tasks"), "bond": _("Bond")}[pillar]


def listed(words: Sequence[str]) -> str:
    """ "a", "a and b", "a, b and c"."""
    if len(words) < 2:
        return "".join(words)
    return _("%(first)s and %(last)s") % {"first": joined(words[:-1]), "last": words[-1]}


def within_usual(readings: Sequence[tuple[str, float]]) -> str:
    """ "Goals 7 and Tasks 7: within the usual." Empty where there is none."""
    if not readings:
        return ""
    named = listed([f"{pillar_name(pillar)} {plain(value)}" for pillar, value in readings])
    return _("%(readings)s: within the usual.") % {"readings": named}


def together(readings: Sequence[tuple[str, float, float, float]]) -> str:
    """What both may read together: (pillar, value, usual low, usual high) of the last answers, and nothing else."""
    lower = [one for one in readings if one[1] < one[2]]
    told = [
        _("%(pillar)s was lower than usual for you two last time: %(numbers)s.")
        % {"pillar": pillar_name(pillar), "numbers": beside_usual(value, low, high)}
        for pillar, value, low, high in lower
    ]
    kept = within_usual([(one[0], one[1]) for one in readings if one not in lower])
    if not readings:
        return _("Two lines will run here, one for each of you. What is usual shows after four check-ins.")
    return " ".join([*told, kept]).strip()


def against_usual(value: float | None, low: float | None, high: float | None) -> str:
    """One pillar in two or three words, for the quiet list."""
    if value is None:
        return _("no answer")
    if low is None or high is None:
        return _("still learning")
    if value < low:
        return _("lower than usual")
    return _("higher than usual") if value > high else _("as usual")
