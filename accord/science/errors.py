"""Everything that the science refuses, as one tree; catch the branch you can answer for.

AccordError                  anything that Accord raises on purpose; other layers hang their own branches here
└── ScienceError             a formula was asked for something that has no meaning
    ├── BadParameters        a model's parameters break its assumptions (names the field)
    ├── BadReadings          ratings outside their scale, or sessions out of order
    ├── BadAnswers           an answer sheet does not fit its instrument
    ├── BadMatching          a wish or an offer has no meaning (names it)
    ├── BadOptions           an option of a rule or of a simulation is outside its range
    ├── DidNotConverge       a fit found no best parameters; the message says what to do
    └── UnknownVersion       no model, instrument or rule carries this name
"""


class AccordError(Exception):
    """The root: anything that Accord raises on purpose."""


class ScienceError(AccordError, ValueError):
    """A formula was asked for something that has no meaning."""


class BadParameters(ScienceError):
    """A model's parameters break its assumptions; the message starts with the field's name."""


class BadReadings(ScienceError):
    """Ratings outside their scale, a session before the one already taken in, or shapes that do not fit."""


class BadAnswers(ScienceError):
    """An answer sheet does not fit its instrument."""


class BadMatching(ScienceError):
    """A wish of a client or an offer of a therapist has no meaning; the message names it."""


class BadOptions(ScienceError):
    """An option of a rule or of a simulation is outside its range."""


class DidNotConverge(ScienceError):
    """A fit found no best parameters, or the data cannot tell two of them apart; the message says what to do."""


class UnknownVersion(ScienceError):
    """No model, instrument or rule carries this name."""
