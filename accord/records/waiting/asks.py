"""What somebody who waits gave the queue: tokens, which of them are musts, nothing else. As text, to be sealed."""

import json
from collections.abc import Iterable

from django.utils.translation import gettext as _

from accord.records.errors import Refused
from accord.records.profiles.vocabulary import is_known
from accord.science.matching import Asked, Wish

NICE = 0.5


def pack(asked: Asked) -> str:
    """Refused where a token is none of the vocabulary."""
    musts = [sorted(wish.any_of) for wish in asked.musts]
    nice = [[sorted(wish.any_of), strength] for wish, strength in asked.nice]
    _refuse_unknown([token for wish in asked.musts for token in wish.any_of])
    _refuse_unknown([token for wish, _strength in asked.nice for token in wish.any_of])
    return json.dumps({"musts": musts, "nice": nice})


def unpack(text: str | None) -> Asked:
    held = json.loads(text) if text else {"musts": [], "nice": []}
    return Asked(
        tuple(_wish(tokens) for tokens in held["musts"]),
        tuple((_wish(tokens), float(strength)) for tokens, strength in held["nice"]),
    )


def only_languages(text: str | None) -> str:
    """What the counts of the last half year still need, and nothing else."""
    held = json.loads(text) if text else {"musts": [], "nice": []}
    return json.dumps(
        {
            "musts": [tokens for tokens in held["musts"] if _is_language(tokens)],
            "nice": [[tokens, strength] for tokens, strength in held["nice"] if _is_language(tokens)],
        }
    )


def _is_language(tokens: list[str]) -> bool:
    return all(token.startswith("language:") for token in tokens)


def _wish(tokens: list[str]) -> Wish:
    return Wish(tokens[0].partition(":")[0], frozenset(tokens))


def _refuse_unknown(tokens: Iterable[str]) -> None:
    for token in tokens:
        kind, _colon, value = token.partition(":")
        if not is_known(kind, value):
            raise Refused(_("“%(value)s” is not one of the answers here.") % {"value": token})
