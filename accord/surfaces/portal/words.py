"""Sentences for clients."""

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
