"""From answers to scores. Nothing is ever filled in: a score with a missing item has no value."""

import math
from collections.abc import Mapping

from accord.science.errors import BadAnswers
from accord.science.instruments.model import MISSING, Answer, Instrument, Item, Scale

RISK_FROM = 1


def score(instrument: Instrument, answers: Mapping[str, Answer]) -> dict[str, float | None]:
    """Each score of the instrument by name; None where any of its items has no answer.

    An item that is absent counts like a skipped one. Sum: Σ x; mean: Σ x / n; a reversed item counts as
    lowest + highest − x. Raises BadAnswers, naming the item, the value and what is allowed.
    """
    check(instrument, answers)
    return {scale.name: _scale_value(instrument, scale, answers) for scale in instrument.scales}


def check(instrument: Instrument, answers: Mapping[str, Answer]) -> None:
    """Raise BadAnswers for the first answer that the instrument does not know."""
    for name, value in answers.items():
        item = instrument.item(name)
        if item is None:
            known = ", ".join(known.name for known in instrument.items)
            raise BadAnswers(f"{instrument.id} has no item {name!r} (answer {value!r}); its items are {known}")
        if not _is_allowed(item, value):
            raise BadAnswers(f"{instrument.id}, item {name!r}: {value!r} is not {allowed(item)}")


def risk_answers(instrument: Instrument, answers: Mapping[str, Answer]) -> tuple[str, ...]:
    """Risk items answered 1 or more. Each of them asks a person to look, at once.

    Never raises: a mistake elsewhere on the sheet, or a number beyond the scale, must not hide a risk answer.
    """
    return tuple(name for name in instrument.risk_items if _asks_for_help(answers.get(name)))


def _asks_for_help(value: Answer | None) -> bool:
    return isinstance(value, int | float) and value >= RISK_FROM


def _scale_value(instrument: Instrument, scale: Scale, answers: Mapping[str, Answer]) -> float | None:
    values = [_item_value(instrument, name, answers, turned=name in scale.reversed) for name in scale.items]
    given = [value for value in values if value is not None]
    if len(given) < len(values):
        return None
    total = math.fsum(given)
    return total / len(given) if scale.how == "mean" else total


def _item_value(instrument: Instrument, name: str, answers: Mapping[str, Answer], *, turned: bool) -> float | None:
    item, value = instrument.item(name), answers.get(name)
    if item is None or value is None or isinstance(value, str):
        return None
    return item.lowest + item.highest - value if turned else float(value)


def _is_allowed(item: Item, value: object) -> bool:
    if isinstance(value, str):
        return value in MISSING or value in {choice.code for choice in item.choices}
    # True and False are ints in Python and answers nowhere
    if item.choices or isinstance(value, bool) or not isinstance(value, int | float):
        return False
    if item.whole and not isinstance(value, int):
        return False
    return item.lowest <= value <= item.highest


def allowed(item: Item) -> str:
    """What may be answered, in words."""
    if item.choices:
        codes = dict.fromkeys([choice.code for choice in item.choices] + list(MISSING))
        return "one of " + ", ".join(codes)
    kind = "a whole number" if item.whole else "a number"
    return f"{kind} from {item.lowest:g} to {item.highest:g}, nor one of {', '.join(MISSING)}"
