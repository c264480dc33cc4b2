"""Digits, and what stands between them, as the reader's language writes them."""

import re
from collections.abc import Iterable
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import get_language

EASTERN = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
DECIMAL = re.compile(r"(?<=\d)\.(?=\d)")


def localised(text: str) -> str:
    """Numbers to read. What is dialled, typed or sent stays as it is."""
    return DECIMAL.sub("٫", text).translate(EASTERN) if _is_arabic() else text


def _is_arabic() -> bool:
    return (get_language() or "").startswith("ar")


def dated(on: date, form: str) -> str:
    """A date or a time to read."""
    return with_commas(localised(date_format(on, form)))


def numeral(value: object) -> str:
    """A number to read, inside a sentence."""
    return localised(str(value))


def with_commas(text: str) -> str:
    """Between a day and its time."""
    return text.replace(", ", comma())


def comma() -> str:
    return "، " if _is_arabic() else ", "


def joined(parts: Iterable[str]) -> str:
    """Side by side, with commas."""
    return comma().join(parts)


def set_apart(parts: Iterable[str]) -> str:
    """Side by side where the parts have commas of their own."""
    return ("؛ " if _is_arabic() else "; ").join(parts)
