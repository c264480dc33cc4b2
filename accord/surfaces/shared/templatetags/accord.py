"""Small things that templates ask for."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.translation import gettext

register = template.Library()


@register.filter
def dictget(mapping: Mapping[str, object] | None, key: str) -> object:
    """The value under a key that only the template knows; an empty string where there is none."""
    return (mapping or {}).get(key, "")


@register.filter
def scale_keys(item: Any) -> list[tuple[str, str]]:
    """The eleven keys of a 0 to 10 item, five of them with a word: 0, 2, 5, 8, 10.

    The five words are the answers "in words". They lie on the same eleven keys, so that an answer in words is
    stored in the same range as a number, and the ends are the item's own.
    """
    ends = item if isinstance(item, Mapping) else vars(item) if hasattr(item, "__dict__") else _slots(item)
    words = {
        0: str(ends["low_word"]),
        2: gettext("A little"),
        5: gettext("Half and half"),
        8: gettext("Mostly"),
        10: str(ends["high_word"]),
    }
    return [(str(number), words.get(number, "")) for number in range(11)]


def _slots(item: object) -> dict[str, object]:
    return {name: getattr(item, name) for name in ("low_word", "high_word")}
