"""How this therapist wants their desk, for the frame of every page of it."""

from django import template
from django.template import Context

from accord.surfaces.workspace.looks import look_of

register = template.Library()


@register.simple_tag(takes_context=True)
def desk_class(context: Context) -> str:
    """The class that sets how close the lines stand."""
    return "desk-page--close" if look_of(context["request"])["density"] == "close" else ""


@register.simple_tag(takes_context=True)
def single_keys(context: Context) -> str:
    """ "on" or "off", for the script that listens to single keys."""
    return "on" if look_of(context["request"])["single_keys"] else "off"
