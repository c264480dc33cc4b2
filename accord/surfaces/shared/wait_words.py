"""Where somebody who waits stands, in the practice's message and on the client's page alike: what is so, no promise."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accord.surfaces.shared.digits import numeral

# How soon somebody needs a place, as they say it themselves.
SOON = {
    0: gettext_lazy("I can wait"),
    1: gettext_lazy("Soon: it gets harder"),
    2: gettext_lazy("Very soon: I hardly cope"),
}


def before_words(number: int) -> str:
    if not number:
        return _("Nobody is before you now.")
    return ngettext("About %(number)s person is before you.", "About %(number)s people are before you.", number) % {
        "number": numeral(number)
    }


def lately_words(number: int) -> str:
    if not number:
        return _("In the last 12 weeks nobody from this list got a place.")
    return ngettext(
        "In the last 12 weeks %(number)s person from this list got a place.",
        "In the last 12 weeks %(number)s people from this list got a place.",
        number,
    ) % {"number": numeral(number)}
