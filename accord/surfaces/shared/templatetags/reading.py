"""Dates and times as the reader's language writes them: a built-in of every template, in place of Django's two."""

from django import template
from django.template import defaultfilters

from accord.surfaces.shared.digits import localised

register = template.Library()
FOR_MACHINES = ("c", "r", "U", "Y-m-d")  # what an attribute or a form field holds


@register.filter(expects_localtime=True, is_safe=False)
def date(value: object, arg: str | None = None) -> str:
    told = str(defaultfilters.date(value, arg))
    return told if (arg or "").startswith(FOR_MACHINES) else localised(told)


@register.filter(expects_localtime=True, is_safe=False)
def time(value: object, arg: str | None = None) -> str:
    return localised(str(defaultfilters.time(value, arg)))
