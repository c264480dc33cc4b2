"""Digits as the reader's language writes them."""

from datetime import date

from django.utils.formats import date_format
from django.utils.translation import get_language

EASTERN = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")


def localised(text: str) -> str:
    """Numbers to read. What is dialled, typed or sent stays as it is."""
    return text.translate(EASTERN) if (get_language() or "").startswith("ar") else text


def dated(on: date, form: str) -> str:
    """A date or a time to read."""
    return localised(date_format(on, form))


def numeral(value: object) -> str:
    """A number to read, inside a sentence."""
    return localised(str(value))
