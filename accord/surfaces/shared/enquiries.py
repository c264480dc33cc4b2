"""What a therapist is shown of somebody who asks: the same for the preview and for the desk."""

from collections.abc import Mapping
from typing import NamedTuple

from accord.records.matching.wishes import Answers
from accord.surfaces.shared import search_words


class Told(NamedTuple):
    name: str
    reach: str
    address: str
    words: str
    lines: list[search_words.Line]


def shown(typed: Mapping[str, str], answers: Answers, names: search_words.Names) -> Told:
    """What was skipped is left out: that somebody said nothing is nobody's business."""
    known = (typed.get(name) or "" for name in ("name", "reach", "address", "words"))
    name, reach, address, words = known
    return Told(name, reach, address, words, search_words.told(answers, names, blanks=False))
