"""Where an enquiry stands, in a therapist's words."""

from django.utils.translation import gettext as _

from accord.records.accounts.models import User
from accord.records.matching.models import Enquiry
from accord.surfaces.shared import clock

State = Enquiry.State


def standing(one: Enquiry, viewer: User) -> str:
    if one.state in Enquiry.OWED:
        return _("Asks for a first call, answer by %(time)s") % {"time": clock.told(one.reply_by, viewer)}
    if one.state == State.OFFERED:
        return _("You offered times, they have not chosen yet")
    if one.state == State.BOOKED and one.call_at:
        return _("First call %(time)s") % {"time": clock.told(one.call_at, viewer)}
    if one.state == State.STARTED:
        return _("You began to work together")
    over = clock.told(one.over_at, viewer) if one.over_at else ""
    if one.state == State.EXPIRED:
        return _("Ran out %(time)s; they were told, and look further") % {"time": over}
    if one.state == State.WITHDRAWN:
        return _("Taken back by them %(time)s") % {"time": over}
    return _("You said no %(time)s") % {"time": over}
