"""Small things that templates ask for."""

from collections.abc import Mapping
from typing import Protocol

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from accord.surfaces.shared import charts

register = template.Library()


class _Worded(Protocol):
    low_word: str
    high_word: str


@register.filter
def dictget(mapping: Mapping[str, object] | None, key: str) -> object:
    """The value under a key that only the template knows; an empty string where there is none."""
    return (mapping or {}).get(key, "")


@register.filter
def scale_keys(item: Mapping[str, object] | _Worded) -> list[tuple[str, str]]:
    """The eleven keys of a 0 to 10 item, five of them with a word: 0, 2, 5, 8, 10.

    The five words are the answers "in words". They lie on the same eleven keys, so that an answer in words is
    stored in the same range as a number, and the ends are the item's own.
    """
    low, high = (item["low_word"], item["high_word"]) if isinstance(item, Mapping) else (item.low_word, item.high_word)
    words = {0: low, 2: gettext("A little"), 5: gettext("Half and half"), 8: gettext("Mostly"), 10: high}
    return [(str(number), str(words.get(number, ""))) for number in range(11)]


@register.simple_tag
def repair_strokes(state: str, code: str) -> SafeString:
    """The two strokes of a rupture episode, as far as it has come."""
    return charts.repair_strokes(state, ident=f"way-{code}")
