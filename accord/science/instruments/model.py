"""What a questionnaire is: items, what may be answered, and how scores are made of them.

An instrument is named with its version ("checkin@1") and is never edited once published. Licensed
questionnaires are here as scoring keys only: item numbers, the scale, which items make which score. Their
texts never are.
"""

from typing import Literal, NamedTuple

SKIPPED = "skipped"  # the person passed over the item
NOT_SURE = "not-sure"  # the person saw it and could not say
MISSING = (SKIPPED, NOT_SURE)

Answer = int | float | str


class Choice(NamedTuple):
    """One answer in words: the code that is stored, and the text that is shown."""

    code: str
    text: str


class Item(NamedTuple):
    """One question: a number from `lowest` to `highest`, or one of `choices`."""

    name: str
    lowest: float = 0
    highest: float = 0
    whole: bool = True  # whole numbers only
    choices: tuple[Choice, ...] = ()
    question: str = ""  # own instruments only
    low_word: str = ""
    high_word: str = ""
    why: str = ""


class Scale(NamedTuple):
    """One score: the sum or the mean of its items, some of them reversed (lowest + highest − answer)."""

    name: str
    items: tuple[str, ...]
    reversed: tuple[str, ...] = ()
    how: Literal["sum", "mean"] = "sum"


class Instrument(NamedTuple):
    """One version of one questionnaire."""

    id: str
    title: str
    audience: Literal["client", "therapist"]
    note: str  # what to know before a score is believed
    source: str
    items: tuple[Item, ...]
    scales: tuple[Scale, ...]
    risk_items: tuple[str, ...] = ()  # any answer of 1 or more asks a person to look, at once
    owns_texts: bool = False  # False: a site loads the texts under its own licence

    def item(self, name: str) -> Item | None:
        """The item of that name, or None."""
        return next((item for item in self.items if item.name == name), None)


def numbered(count: int, *, lowest: float, highest: float, whole: bool = True) -> tuple[Item, ...]:
    """Items "1" to "count" on one scale, without texts."""
    return tuple(Item(str(number), lowest, highest, whole) for number in range(1, count + 1))


def names(*numbers: int) -> tuple[str, ...]:
    """Item numbers as item names."""
    return tuple(str(number) for number in numbers)
