"""Where an enquiry stands, for whoever sent it. Only what is so, and never a word of judgement."""

from datetime import datetime
from typing import NamedTuple

from django.utils.translation import gettext as _

from accord.records.matching.models import Enquiry
from accord.surfaces.shared import clock

State = Enquiry.State


class Stands(NamedTuple):
    title: str
    what: str


def standing_of_enquiry(one: Enquiry, *, at: datetime) -> Stands:
    name, to = one.to.user.first_name, one.to.user
    facts = {"name": name, "by": clock.told(one.reply_by, to)}
    if one.state == State.SENT:
        return Stands(_("Sent"), _("%(name)s has not read it yet, and can answer until %(by)s.") % facts)
    if one.state == State.SEEN:
        return Stands(_("Sent and read"), _("%(name)s has read it, and can answer until %(by)s.") % facts)
    if one.state == State.OFFERED:
        return Stands(_("Yes to a first call"), _("%(name)s would like to talk with you. Pick a time.") % facts)
    if one.state == State.BOOKED:
        return Stands(_("Your first call"), _("%(name)s knows the time. The call is free.") % facts)
    if one.state == State.STARTED:
        return Stands(_("You two start"), _("%(name)s has noted that you two begin to work together.") % facts)
    if one.state == State.WITHDRAWN:
        return Stands(_("Taken back"), _("What you sent is gone from the page of %(name)s.") % facts)
    if one.state == State.DECLINED:
        words = _("%(name)s can not take this on now. That says nothing about you. What you sent is gone there.")
        return Stands(_("Not this time"), words % facts)
    words = _("There was no answer by %(by)s. That says nothing about you. What you sent is gone from their page.")
    return Stands(_("No answer in time"), words % facts)
