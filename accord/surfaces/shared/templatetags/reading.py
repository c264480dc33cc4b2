"""Numbers, dates and times as the reader's language writes them, in every template; the dates in place of Django's."""

from collections.abc import Iterable
from datetime import date as Day
from datetime import datetime
from datetime import time as Hour

from django import template
from django.template import defaultfilters

from accord.surfaces.shared import digits as written
from accord.surfaces.shared.digits import localised, numeral, with_commas

register = template.Library()
FOR_MACHINES = ("c", "r", "U", "Y-m-d")  # what an attribute or a form field holds


@register.filter(expects_localtime=True, is_safe=False)
def date(value: Day | datetime | str | None, arg: str | None = None) -> str:
    told = str(defaultfilters.date(value, arg))
    return told if (arg or "").startswith(FOR_MACHINES) else with_commas(localised(told))


@register.filter(expects_localtime=True, is_safe=False)
def time(value: datetime | Hour | str | None, arg: str | None = None) -> str:
    return localised(str(defaultfilters.time(value, arg)))


@register.filter
def digits(value: object) -> str:
    """A number to read, in the reader's digits."""
    return numeral(value)


@register.simple_tag
def comma() -> str:
    """Between two things that stand beside each other."""
    return written.comma()


@register.filter
def joined(parts: Iterable[object]) -> str:
    return written.joined(str(part) for part in parts)
