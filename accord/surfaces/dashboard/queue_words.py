"""The queue in sentences: true, and without false hope."""

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accord.records.accounts.models import User
from accord.records.waiting.models import PlaceOffer, Wait
from accord.records.waiting.queries import Group, Told, shown_name
from accord.science.matching import Assignment, Deviation, Proposal
from accord.surfaces.shared import clock
from accord.surfaces.shared.digits import joined, numeral
from accord.surfaces.shared.token_words import label
from accord.surfaces.shared.wait_words import before_words, lately_words

URGENCY = {0: gettext_lazy("Usual"), 1: gettext_lazy("Soon"), 2: gettext_lazy("First")}
STATES = {
    PlaceOffer.State.OPEN: gettext_lazy("waits for an answer"),
    PlaceOffer.State.TAKEN: gettext_lazy("taken"),
    PlaceOffer.State.DECLINED: gettext_lazy("declined"),
    PlaceOffer.State.PASSED: gettext_lazy("no answer in time, passed on"),
    PlaceOffer.State.WITHDRAWN: gettext_lazy("withdrawn"),
}


def weeks(days: int) -> str:
    if not days:
        return _("less than a day")
    if days < 14:
        return ngettext("%(days)s day", "%(days)s days", days) % {"days": numeral(days)}
    return ngettext("%(weeks)s week", "%(weeks)s weeks", days // 7) % {"weeks": numeral(days // 7)}


def message(wait: Wait, told: Told, *, by: User, at: datetime) -> str:
    """Ready to send, to be changed: the real position, no promise."""
    before, lately = before_words(told.before), lately_words(told.placed_lately)
    lines = (
        _("Hello %(name)s,") % {"name": shown_name(wait).split()[0]},
        _("You have waited %(time)s for a place with us. You are still on the list.")
        % {"time": weeks((at - wait.since).days)},
        before + " " + lately + " " + _("People who need it most come first, so this can change."),
        _("We can not say when it will be your turn. If things get worse, or if you find help elsewhere, tell us."),
        by.name,
    )
    return "\n\n".join(lines)


def suggested(proposal: Proposal, names: dict[str, str]) -> str:
    return _("Suggested: %(name)s") % {"name": names[proposal.offer]} if proposal.offer is not None else ""


def without_place(full: list[str], stale: list[str], *, kept: bool) -> str:
    """Why nobody is suggested, by name. kept: somebody fits whose places go to those who come before."""
    said = []
    if stale:
        said.append(_("Would fit, not confirmed lately: %(names)s.") % {"names": joined(stale)})
    if full:
        said.append(_("Would fit, but is full: %(names)s.") % {"names": joined(full)})
    if kept:
        said.append(_("The places of those who fit go to people who come before."))
    return " ".join(said) or _("Nobody here meets every must-have.")


def cost(one: Deviation, assignment: Assignment) -> str:
    """What it costs all together to take somebody else."""
    if one.costs is None:
        return _("then somebody else would lose their place")
    said = []
    share = round(100 * one.costs / assignment.total) if assignment.total else 0
    if share > 0:
        said.append(_("%(percent)s of 100 wishes less are met") % {"percent": numeral(share)})
    if one.moves:
        said.append(
            ngettext("%(number)s other goes elsewhere", "%(number)s others go elsewhere", one.moves)
            % {"number": numeral(one.moves)}
        )
    return joined(said) or _("costs nothing")


def step(offer: PlaceOffer, viewer: User) -> str:
    """One dated line of what became of an offer."""
    facts = {
        "name": offer.profile.post.user.name,
        "at": clock.told(offer.offered_at, viewer),
        "by": clock.told(offer.reply_by, viewer),
        "state": STATES[PlaceOffer.State(offer.state)],
        "closed": clock.told(offer.closed_at, viewer) if offer.closed_at else "",
    }
    if offer.closed_at is None:
        return _("%(at)s: place with %(name)s offered, answer by %(by)s") % facts
    return _("%(at)s: place with %(name)s offered. %(closed)s: %(state)s") % facts


def group(one: Group) -> tuple[str, str]:
    kind, _colon, value = one.name.partition(":")
    name = _("Everybody") if kind == "all" else str(URGENCY[int(value)]) if kind == "urgency" else label(one.name)
    if one.people is None:
        return name, _("Too few to show.")
    return name, _("About %(people)s waited, about %(placed)s have a place, half of them within %(weeks)s weeks.") % {
        "people": numeral(one.people),
        "placed": numeral(one.placed),
        "weeks": numeral(one.weeks),
    }
