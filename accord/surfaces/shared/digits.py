"""Digits as the reader's language writes them."""

from django.utils.translation import get_language

EASTERN = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")


def localised(text: str) -> str:
    """Numbers to read. What is dialled, typed or sent stays as it is."""
    return text.translate(EASTERN) if (get_language() or "").startswith("ar") else text
