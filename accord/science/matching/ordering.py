"""In which order a client sees who fits (`matching@1`): a few people with reasons, never a score.

Must-haves decide who is there. Then, each only among equals of those before: standing (open before ask before full),
wishes by strength, record, free room, style (`worth.py`), and last a recorded seed. The order in which offers are given
changes nothing.
"""

import hashlib
from collections.abc import Iterable

from accord.science.matching.model import (
    Asked,
    Match,
    Offer,
    check_asked,
    check_offers,
    fits_all,
    is_stale,
    meets,
    standing,
)
from accord.science.matching.worth import FAR, NEAR, worth

_WORD = (1 << 64) - 1


def order(asked: Asked, offers: Iterable[Offer], *, seed: int, stale: bool = False, full: bool = False) -> list[Match]:
    """Everyone who meets every must-have, best first, each with at least one reason.

    seed: recorded with the result, so that ties can be drawn again. stale: those not confirmed for 30 days too.
    full: those without a place too, at the end, where something speaks for them.
    Raises BadMatching where a wish or an offer has no meaning.
    """
    found = list(offers)
    check_asked(asked)
    check_offers(found)
    fitting = [offer for offer in visible(found, stale=stale, full=full) if fits_all(asked.musts, offer)]
    fitting.sort(key=lambda offer: (-worth(asked, offer).number, tie(seed, offer.id)))
    return [match for match in (matched(asked, offer) for offer in fitting) if _has_reason(match)]


def visible(offers: Iterable[Offer], *, stale: bool, full: bool) -> list[Offer]:
    """Those that may be shown."""
    return [
        offer for offer in offers if (stale or not is_stale(offer.days_since_confirmed)) and (full or offer.places > 0)
    ]


def matched(asked: Asked, offer: Offer) -> Match:
    """What fits between the two, and what does not."""
    wishes = [wish for wish, _ in asked.nice]
    apart = {
        dimension: abs(side - offer.style[dimension])
        for dimension, side, strength in asked.style
        if dimension in offer.style and strength > 0.0
    }
    return Match(
        id=offer.id,
        standing=standing(offer.places, offer.days_since_confirmed),
        fits=tuple(wish for wish in (*asked.musts, *wishes) if meets(wish, offer)),
        lacks=tuple(wish for wish in wishes if not meets(wish, offer)),
        style_fits=tuple(dimension for dimension, distance in apart.items() if distance <= NEAR),
        style_differs=tuple(dimension for dimension, distance in apart.items() if distance > FAR),
    )


def tie(seed: int, offer: str) -> int:
    """64 bits that look random, from the seed and the id alone: SplitMix64's finish of one XOR the other."""
    return mixed((seed & _WORD) ^ fingerprint(offer))


def fingerprint(text: str) -> int:
    """64 bits of BLAKE2b."""
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "little")


def mixed(word: int) -> int:
    """The output function of SplitMix64 (Steele, Lea & Flood 2014)."""
    word = (word + 0x9E3779B97F4A7C15) & _WORD
    word = ((word ^ (word >> 30)) * 0xBF58476D1CE4E5B9) & _WORD
    word = ((word ^ (word >> 27)) * 0x94D049BB133111EB) & _WORD
    return word ^ (word >> 31)


def _has_reason(match: Match) -> bool:
    return bool(match.fits or match.style_fits) or match.standing != "full"
