"""What a profile says, in plain sentences: for everybody who looks, and for its therapist's preview."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accord.records.profiles.models import Profile
from accord.records.profiles.queries import NEVER, Standing, standing_of
from accord.surfaces.shared.digits import dated, joined, numeral
from accord.surfaces.shared.token_words import label

CLEARLY = 0.25  # from here on a style leans to one side

STYLES = {
    "challenge": (
        gettext_lazy("Speaks softly."),
        gettext_lazy("Soft or plain, as you need it."),
        gettext_lazy("Says things as they are."),
    ),
    "structure": (
        gettext_lazy("Leaves room to talk."),
        gettext_lazy("Some plan, some room to talk."),
        gettext_lazy("Works with a clear plan."),
    ),
    "now": (
        gettext_lazy("Looks at where things come from."),
        gettext_lazy("Looks at the past and at today."),
        gettext_lazy("Looks at how things are today."),
    ),
    "homework": (
        gettext_lazy("Little or nothing to do at home."),
        gettext_lazy("Now and then something to try at home."),
        gettext_lazy("Gives you things to try at home."),
    ),
}
TIMES = {
    "mornings": gettext_lazy("mornings"),
    "afternoons": gettext_lazy("afternoons"),
    "evenings": gettext_lazy("evenings"),
    "weekends": gettext_lazy("weekends"),
}
POPULATIONS = {
    "adults": gettext_lazy("adults"),
    "teenagers": gettext_lazy("teenagers"),
    "children": gettext_lazy("children"),
    "couples": gettext_lazy("couples"),
    "families": gettext_lazy("families"),
}
SYMBOLS = {"EUR": "€", "GBP": "£", "USD": "$"}


class Row(NamedTuple):
    """One fact: what it is about, and what there is to say."""

    about: str
    said: list[str]


def standing_words(standing: Standing) -> str:
    """Whether there is a place. A number only where it was counted and confirmed."""
    if standing.state == "open":
        return ngettext("Open: %(number)s place", "Open: %(number)s places", standing.places) % {
            "number": numeral(standing.places)
        }
    if standing.state != "full":
        return _("Not confirmed lately, ask")
    if standing.weeks is None:
        return _("Full now. Nobody can say for how long")
    return ngettext(
        "Full, waiting list about %(weeks)s week", "Full, waiting list about %(weeks)s weeks", standing.weeks
    ) % {"weeks": numeral(standing.weeks)}


def confirmed_words(days: int) -> str:
    """When the therapist last said that it is so."""
    if days >= NEVER:
        return _("Never confirmed yet.")
    if days == 0:
        return _("Confirmed today.")
    return ngettext("Confirmed %(days)s day ago.", "Confirmed %(days)s days ago.", days) % {"days": numeral(days)}


def shown(profile: Profile, *, at: datetime) -> dict[str, Any]:
    """Everything that is on the page. What its therapist left out is not there."""
    standing = standing_of(profile, at=at)
    return {
        "code": profile.code,
        "name": profile.post.user.name,
        "first_name": profile.post.user.first_name,
        "practice": profile.practice.name,
        "title": profile.title,
        "standing": standing_words(standing),
        "state": standing.state,
        "confirmed": confirmed_words(standing.days) if standing.state != "full" else "",
        "helps": profile.helps or "",
        "works": profile.works or "",
        "hello": profile.hello or "",
        "needs": [label(f"need:{value}") for value in profile.says.get("need", ())],
        "styles": styles(profile.style),
        "rows": [row for row in rows(profile) if row.said],
        "insurers": [(one.name, dated(one.checked_on, "j F Y"), one.source) for one in profile.insurances.all()],
        "questions": [line for line in (profile.questions or "").splitlines() if line.strip()],
    }


def styles(style: Mapping[str, float]) -> list[str]:
    return [
        str(STYLES[side][1 + (style[side] >= CLEARLY) - (style[side] <= -CLEARLY)]) for side in STYLES if side in style
    ]


def rows(profile: Profile) -> list[Row]:
    says = profile.says
    listed: dict[str, list[str]] = {kind: [str(value) for value in values] for kind, values in says.items()}
    return [
        Row(_("Languages"), [label(f"language:{one}") for one in listed.get("language", ())]),
        Row(_("For"), [str(POPULATIONS[one]) for one in listed.get("population", ())]),
        Row(_("How you meet"), _meeting(listed)),
        Row(_("Times"), [str(TIMES[one]) for one in listed.get("time", ())]),
        Row(_("May work in"), [label(f"licence:{one}") for one in listed.get("licence", ())]),
        Row(_("What it costs"), fees(profile)),
        Row(_("About the person"), [label(f"identity:{one}") for one in listed.get("identity", ())]),
        Row(_("When you think of hurting yourself"), [_("You can say so here.")] if listed.get("safety") else []),
    ]


def _meeting(listed: Mapping[str, list[str]]) -> list[str]:
    towns = [town.replace("-", " ").title() for town in listed.get("place", ())]
    said = []
    if "person" in listed.get("mode", ()):
        said.append(_("in person in %(town)s") % {"town": joined(towns)} if towns else _("in person"))
    if "video" in listed.get("mode", ()):
        said.append(_("by video"))
    return said


def fees(profile: Profile) -> list[str]:
    sign = SYMBOLS.get(profile.currency, profile.currency)
    said = []
    if profile.fee is not None:
        said.append(_("%(fee)s a session") % {"fee": numeral(f"{sign}{profile.fee}")})
    if profile.fee_reduced is not None:
        said.append(_("%(fee)s for people with little money") % {"fee": numeral(f"{sign}{profile.fee_reduced}")})
    return said
