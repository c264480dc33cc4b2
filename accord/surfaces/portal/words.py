"""Sentences for clients."""

from django.utils.translation import gettext_lazy

from accord.records.checkins.actions import FIRST_IMPRESSION
from accord.records.checkins.models import CheckIn

Travels = CheckIn.Travels


def what_next(check_in: CheckIn) -> str:
    """What happens with what was just sent, and when. Only what is so."""
    name = check_in.session.pair.therapist.user.first_name
    if check_in.instrument == FIRST_IMPRESSION:
        return "Thank you. This stays with you until you choose to share it."
    answers = f"{name} sees your answers once both of you have answered, or after a day."
    if not check_in.note:
        return answers
    return {
        Travels.NOW: f"{name} can read your words now. {answers}",
        Travels.BEFORE_NEXT: f"{answers} Your words travel with them.",
        Travels.MYSELF: f"{answers} Your words stay with you.",
        Travels.KEEP: f"{answers} Your words stay with you.",
    }[Travels(check_in.travels)]


# Where an episode stands, as its client reads it.
STATES = {
    "noticed": "Something was off",
    "looked-at": "Looked at",
    "talked-about": "Talked about",
    "agreed": "Something agreed",
    "addressed": "Waiting for you",
    "closed": "You said it feels repaired",
    "let-go": "You let it go",
}

TRAVELLED = {
    Travels.NOW: "told right away",
    Travels.BEFORE_NEXT: "told before the next session",
    Travels.MYSELF: "kept, to say it yourself",
    Travels.KEEP: "kept to yourself",
    "": "",
}


def greeting(hour: int) -> str:
    """By the clock on this person's wall."""
    if hour < 5 or hour >= 18:
        return "Good evening"
    return "Good morning" if hour < 12 else "Good afternoon"


def waiting_words(check_in: CheckIn) -> dict[str, str]:
    """What waits, and how long it takes."""
    number = check_in.session.number
    name = check_in.session.pair.therapist.user.first_name
    if check_in.instrument == FIRST_IMPRESSION:
        return {"text": f"How does it feel with {name} so far? One tap.", "minutes": ""}
    return {"text": f"How was session {number} with {name}?", "minutes": "Four short questions, about 40 seconds."}


# When a mail reminds of a session; nothing comes between nine in the evening and eight in the morning.
REMINDERS = (
    ("day-before", gettext_lazy("The day before")),
    ("two-hours", gettext_lazy("Two hours before")),
    ("off", gettext_lazy("No reminders")),
)
