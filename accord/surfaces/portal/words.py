"""Sentences for clients."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accord.records.checkins.actions import FIRST_IMPRESSION
from accord.records.checkins.models import CheckIn
from accord.surfaces.shared.digits import numeral

Travels = CheckIn.Travels


def what_next(check_in: CheckIn, *, revealed: bool) -> str:
    """What happens with what was just sent, and when. Only what is so. revealed: the two see each other's by now."""
    name = {"name": check_in.session.pair.therapist.user.first_name}
    if check_in.instrument == FIRST_IMPRESSION:
        return _("Thank you. This stays with you until you choose to share it.")
    answers = _("%(name)s sees your answers once both of you have answered, or after a day.") % name
    if revealed:
        answers = _("%(name)s can see your answers now.") % name
    if not check_in.note:
        return answers
    if check_in.travels == Travels.NOW:
        return f"{_('%(name)s can read your words now.') % name} {answers}"
    if check_in.travels == Travels.BEFORE_NEXT:
        return f"{answers} {_('Your words travel with them.')}"
    return f"{answers} {_('Your words stay with you.')}"


def taken_back_words(check_in: CheckIn, *, read_at: str, told: bool) -> str:
    """What taking back did. What was read cannot be unread, and this says so."""
    facts = {"name": check_in.session.pair.therapist.user.first_name, "at": read_at}
    if check_in.instrument == FIRST_IMPRESSION:
        return _("Taken back. It is gone.")
    if read_at:
        stays = _("%(name)s had read it at %(at)s, so it cannot be unread. It now says there that you took it back.")
        return f"{stays % facts} {_('If you send again, your new answers stand beside it as a correction.')}"
    gone = _("Taken back. %(name)s had not read it, and will not see it.") % facts
    if told:
        gone += " " + _("A mail may have told %(name)s that a note is waiting, and nothing more.") % facts
    return f"{gone} {_('You can change your answers and send again, or leave it.')}"


# Where an episode stands, as its client reads it.
STATES = {
    "noticed": gettext_lazy("Something was off"),
    "looked-at": gettext_lazy("Looked at"),
    "talked-about": gettext_lazy("Talked about"),
    "agreed": gettext_lazy("Something agreed"),
    "addressed": gettext_lazy("Waiting for you"),
    "closed": gettext_lazy("You said it feels repaired"),
    "let-go": gettext_lazy("You let it go"),
}

TRAVELLED = {
    Travels.NOW: gettext_lazy("told right away"),
    Travels.BEFORE_NEXT: gettext_lazy("told before the next session"),
    Travels.MYSELF: gettext_lazy("kept, to say it yourself"),
    Travels.KEEP: gettext_lazy("kept to yourself"),
    "": "",
}


def greeting(hour: int) -> str:
    """By the clock on this person's wall."""
    if hour < 5:
        return _("Hello")
    if hour >= 18:
        return _("Good evening")
    return _("Good morning") if hour < 12 else _("Good afternoon")


def waiting_words(check_in: CheckIn) -> dict[str, str]:
    """What waits, and how long it takes."""
    facts = {"number": numeral(check_in.session.number), "name": check_in.session.pair.therapist.user.first_name}
    if check_in.instrument == FIRST_IMPRESSION:
        return {"text": _("How does it feel with %(name)s so far? One tap.") % facts, "minutes": ""}
    return {
        "text": _("How was session %(number)s with %(name)s?") % facts,
        "minutes": _("Four short questions, about 40 seconds."),
    }


# When a mail reminds of a session; nothing comes between nine in the evening and eight in the morning.
REMINDERS = (
    ("day-before", gettext_lazy("The day before")),
    ("two-hours", gettext_lazy("Two hours before")),
    ("off", gettext_lazy("No reminders")),
)
