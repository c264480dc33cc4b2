"""What can go wrong when somebody reads or writes records.

AccordError (accord.science.errors)
└── RecordsError, and under it
├── NotFound            absent, or none of this person's business: both look the same (404)
├── NotAllowed          a colleague without the right (403)
├── Refused             the action does not make sense, with a plain sentence for the person (422)
│   └── KeyReused       the same idempotency key with another body (422)
├── Conflict            somebody was faster (409)
│   ├── AlreadyAnswered
│   ├── StateMoved
│   │   └── WordsMoved  somebody else has written meanwhile: both texts are kept
│   ├── Taken           one of the two has something else at that time
│   └── Full            the last place has gone to somebody else
└── Gone                it had a time, and the time is over (410)
"""

from accord.science.errors import AccordError


class RecordsError(AccordError):
    """Base of all errors of the records; `str(error)` is a plain sentence, safe to show."""


class NotFound(RecordsError):
    """Absent, or invisible to whoever is looking."""


class NotAllowed(RecordsError):
    """A colleague in the same practice without the right."""


class Refused(RecordsError):
    """The action does not make sense as asked."""


class KeyReused(Refused):
    """An idempotency key came back with another body."""


class Conflict(RecordsError):
    """Somebody was faster."""


class AlreadyAnswered(Conflict):
    """A check-in is answered once; a second answer never overwrites."""


class StateMoved(Conflict):
    """The thing is no longer in the state that this action starts from."""


class Taken(Conflict):
    """Nobody is in two sessions at once."""


class Full(Conflict):
    """Nobody gets a place that is not there."""


class WordsMoved(StateMoved):
    """The text was written anew by the other meanwhile. `newest` is the public code of what stands now."""

    def __init__(self, sentence: str, newest: str) -> None:
        super().__init__(sentence)
        self.newest = newest


class Gone(RecordsError):
    """The time for this is over."""
