"""The dashboard in sentences. A number that may not be shown says so, and why."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accord.surfaces.shared.digits import numeral


def open_pairs(number: int | None) -> str:
    if number is None:
        return _("How many clients are in care: too few to show.")
    return _("About %(number)s clients are in care.") % {"number": numeral(number)}


def sessions(number: int | None) -> str:
    if number is None:
        return _("How many sessions were held in four weeks: too few to show.")
    return _("About %(number)s sessions were held in four weeks.") % {"number": numeral(number)}


def answered(percent: int | None) -> str:
    if percent is None:
        return _("How many check-ins were answered: too few to show.")
    return _("About %(percent)s of 100 check-ins were answered.") % {"percent": numeral(percent)}


def undelivered(number: int) -> str:
    if not number:
        return ""
    return ngettext(
        "%(number)s notice of the last seven days could not be delivered, and is not tried any more.",
        "%(number)s notices of the last seven days could not be delivered, and are not tried any more.",
        number,
    ) % {"number": numeral(number)}


def moved(number: int) -> str:
    """That it happened, and nothing about whom."""
    if not number:
        return _("Nobody has moved to another therapist here within a year.")
    return ngettext(
        "%(number)s person has moved to another therapist here within a year.",
        "%(number)s people have moved to another therapist here within a year.",
        number,
    ) % {"number": numeral(number)}


def waiting(number: int) -> str:
    if not number:
        return _("No notice is waiting to go out.")
    return ngettext("%(number)s notice is waiting to go out.", "%(number)s notices are waiting to go out.", number) % {
        "number": numeral(number)
    }
