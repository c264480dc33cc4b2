""" "Why this?": everything a clinician needs to work a flag out again by hand."""

from math import exp, log
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accord.records.alliance.actions import PILLARS as ESTIMATED
from accord.records.checkins.models import CheckIn
from accord.records.ruptures.models import Flag
from accord.records.ruptures.queries import Story
from accord.surfaces.shared.digits import localised, numeral, set_apart
from accord.surfaces.shared.histories import rating
from accord.surfaces.workspace import words


class Why(NamedTuple):
    """One flag, laid open."""

    title: str
    rule: str  # what is counted, in one sentence
    facts: list[tuple[str, str]]
    readings: list[tuple[int, str]]  # session, rating
    cannot_know: str


FIRST = "flags@1"  # rows keep the version that judged them, and are told as it judged
RULES = {
    "said": gettext_lazy("The client's own answer. It outranks every number."),
    "dip": gettext_lazy(
        "The ratings together are so many times likelier after a fall than without one; the logarithm of that passed "
        "the limit. A fall: 1.5, 2.25, 3 or 4 points on one pillar (nearly alone, or half as much on the others) or on "
        "all three alike."
    ),
    "slide": gettext_lazy(
        "Each session adds the logarithm of how many times likelier its ratings are one point lower than as expected, "
        "at most 1, never below 0 in all; the sum passed the limit."
    ),
    "low": gettext_lazy("The chance that this pillar stands below 6 was above the limit in three or more sessions."),
    "ceiling": gettext_lazy("Nothing but full marks in four or more check-ins in a row."),
    "silence": gettext_lazy("Check-ins that were expected did not come."),
}
RULES_OF_THE_FIRST = {
    "dip": gettext_lazy(
        "The chance of a rating this low or lower, if nothing had changed, is below the limit: "
        "Φ((rating + 0.5 − expected) / spread)."
    ),
    "slide": gettext_lazy("Small steps below what was expected add up over the sessions (CUSUM) and passed the limit."),
}


def why(story: Story, flag: Flag) -> Why:
    """The arithmetic behind one flag, with the readings that went into it."""
    facts = [(_("Rule"), flag.version)]
    if flag.params:
        facts.append((_("Parameters"), flag.params))
    facts += [fact for fact in _numbers(story, flag) if fact[1]]
    facts.append((_("Expected false alarms"), _false_alarms(flag)))
    rules = RULES | RULES_OF_THE_FIRST if flag.version == FIRST else RULES
    cannot_know = _(flag.cannot_know) if flag.cannot_know else ""
    return Why(_title(flag), str(rules[flag.kind]), facts, _readings(story, flag), cannot_know)


def _title(flag: Flag) -> str:
    kind = {
        "said": _("what the client said"),
        "dip": _("lower than usual for you two"),
        "slide": _("slowly lower"),
        "low": _("steady but low"),
        "ceiling": _("only full marks"),
        "silence": _("no check-in"),
    }[flag.kind]
    return f"{words.pillar_name(flag.pillar)}: {kind}" if flag.pillar else kind.capitalize()


def _numbers(story: Story, flag: Flag) -> list[tuple[str, str]]:
    if flag.kind == "said":
        return [(_("Session"), numeral(flag.session.number))]
    if flag.kind in ("dip", "slide"):
        return [
            (_("Rating"), _number(_newest_rating(story, flag), 0)),
            (_("Usual band"), _band(flag)),
            (_("Expected before the session"), _expected(story, flag)),
            (_("Points below expected"), _number(flag.size, 2)),
            *(_first_numbers(flag) if flag.version == FIRST else _joint_numbers(story, flag)),
            (_("Limit"), _number(flag.limit, 4)),
        ]
    if flag.kind == "low":
        return [
            (_("Estimated level"), _level(story, flag)),
            (_("Chance of standing below 6"), _number(flag.statistic, 3)),
            (_("Limit"), _number(flag.limit, 2)),
        ]
    return [(_("Check-ins in a row"), _number(flag.statistic, 0)), (_("Limit"), _number(flag.limit, 0))]


def _first_numbers(flag: Flag) -> list[tuple[str, str]]:
    return [(_("Chance, if nothing changed") if flag.kind == "dip" else _("Sum so far"), _small(flag.statistic))]


def _joint_numbers(story: Story, flag: Flag) -> list[tuple[str, str]]:
    """What all three pillars gave: with these, anyone can work the statistic out again."""
    facts = [(_("All three"), _all_three(story, flag)), (_("Variance they share"), _shared(story, flag))]
    if flag.kind == "slide":
        return [*facts, (_("Sum so far"), _number(flag.statistic, 4))]
    return [
        *facts,
        (_("Likelier after a fall than without"), _times(flag.statistic)),
        (_("Logarithm of that"), _number(flag.statistic, 4)),
    ]


def _all_three(story: Story, flag: Flag) -> str:
    estimate = story.estimates.get(flag.session_id)
    if estimate is None:
        return ""
    told = []
    for place, pillar in enumerate(ESTIMATED):
        given, mean = estimate.readings[place], estimate.forecast_mean[place]
        told.append(
            _("%(pillar)s %(rating)s where %(mean)s was expected, spread %(sd)s")
            % {
                "pillar": words.pillar_name(pillar),
                "rating": _number(given, 0) or "–",
                "mean": _number(mean, 3),
                "sd": _number(estimate.forecast_sd[place], 3),
            }
        )
    return set_apart(told)


def _shared(story: Story, flag: Flag) -> str:
    estimate = story.estimates.get(flag.session_id)
    if estimate is None or None in estimate.forecast_shared:
        return ""
    named = [words.pillar_name(pillar) for pillar in ESTIMATED]
    couples = ((0, 1), (0, 2), (1, 2))
    return set_apart(
        f"{named[one]}–{named[other]} {_number(value, 3)}"
        for (one, other), value in zip(couples, estimate.forecast_shared, strict=True)
    )


def _times(logarithm: float | None) -> str:
    if logarithm is None:
        return ""
    if logarithm > log(1000.0):
        return _("more than 1000 times")
    return _("%(number)s times") % {"number": localised(f"{exp(logarithm):.1f}")}


def _newest_rating(story: Story, flag: Flag) -> float | None:
    found = next((seen.client for seen in story.answers if seen.session.pk == flag.session_id), None)
    return rating(found, flag.pillar)


def _expected(story: Story, flag: Flag) -> str:
    estimate = story.estimates.get(flag.session_id)
    if estimate is None:
        return ""
    place = ESTIMATED.index(flag.pillar)
    mean, spread = estimate.forecast_mean[place], estimate.forecast_sd[place]
    return _("%(mean)s, spread %(sd)s") % {"mean": _number(mean, 3), "sd": _number(spread, 3)}


def _level(story: Story, flag: Flag) -> str:
    estimate = story.estimates.get(flag.session_id)
    if estimate is None:
        return ""
    place = ESTIMATED.index(flag.pillar)
    level, spread = estimate.level_mean[place], estimate.level_sd[place]
    return _("%(mean)s, spread %(sd)s") % {"mean": _number(level, 3), "sd": _number(spread, 3)}


def _band(flag: Flag) -> str:
    if flag.band_low is None or flag.band_high is None:
        return ""
    band = words.usual(flag.band_low, flag.band_high)
    return _("%(band)s (two of three ratings are expected inside)") % {"band": band}


def _false_alarms(flag: Flag) -> str:
    if flag.kind == "said":
        return _("none: a person said it")
    if flag.expected_false_alarms is None:
        return _("not known for this rule")
    return _("%(number)s in 10 sessions, if nothing changes") % {"number": _number(flag.expected_false_alarms, 2)}


def _readings(story: Story, flag: Flag) -> list[tuple[int, str]]:
    """Flags name answered check-ins by their order; here they are again, with their sessions."""
    if flag.kind in ("said", "silence"):
        return []
    answered = [seen for seen in story.answers if seen.client is not None]
    used = [seen for place, seen in enumerate(answered, start=1) if place in flag.readings]
    return [(seen.session.number, _shown(seen.client, flag.pillar)) for seen in used]


def _shown(check_in: CheckIn | None, pillar: str) -> str:
    if pillar:
        return _number(rating(check_in, pillar), 0) or "–"
    return " · ".join(_number(rating(check_in, one), 0) or "–" for one in ("bond", "goal", "task"))


def _number(value: float | None, digits: int) -> str:
    return "" if value is None else localised(f"{value:.{digits}f}")


def _small(value: float | None) -> str:
    """A chance is never written as nothing."""
    return _("under 0.0001") if value is not None and 0 < value < 0.0001 else _number(value, 4)
