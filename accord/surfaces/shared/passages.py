"""What somebody sent for one field of the repair page, as the action takes it."""

from datetime import date

from django.http import QueryDict
from django.utils.translation import gettext as _

from accord.records.errors import Refused, StateMoved
from accord.records.ruptures.models import Passage
from accord.records.ruptures.repairing import Given


def passage_from(posted: QueryDict) -> Given:
    """A day that cannot be read is refused, never guessed."""
    field, version = posted.get("field", ""), posted.get("version", "")
    if not (version.isascii() and version.isdecimal() and len(version) < 5):
        raise Refused(_("This form is broken. Load the page again."))
    look_on = _day(posted) if field == Passage.Field.AGAIN else None
    return Given(field, posted.get("words", ""), int(version), look_on)


def status_of(error: Refused | StateMoved | None) -> int:
    """Of the page that shows it, with what was typed."""
    return 200 if error is None else 422 if isinstance(error, Refused) else 409


def _day(posted: QueryDict) -> date | None:
    chosen = posted.get("when", "")
    text = posted.get("day", "") if chosen in ("day", "") else chosen
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refused(_("This day could not be read. Choose a day from the calendar.")) from None
