"""How much fits."""

from django.utils.translation import gettext as _

from accord.records.digits import numeral
from accord.records.errors import Refused


def too_long(text: str, most: int) -> Refused:
    facts = {"length": numeral(len(text)), "most": numeral(most)}
    return Refused(_("Your words are %(length)s characters long; at most %(most)s fit.") % facts)
