"""Which must-have to let go of, for how many more people: said plainly where few or nobody fits."""

from collections.abc import Iterable

from accord.science.matching.model import Asked, Offer, Wish, check_asked, check_offers, meets
from accord.science.matching.ordering import visible

# Nobody is asked to do without these: the law, the person's safety, and who the therapist is trained for.
NEVER_RELAXED = frozenset({"licence", "safety", "population"})


def relaxations(
    asked: Asked, offers: Iterable[Offer], *, stale: bool = False, full: bool = False
) -> list[tuple[Wish, int]]:
    """Each must-have with the number of visible offers that miss it and nothing else; most first, none left out but 0.

    It is exactly how many more `order` would give without it. stale, full: as in `order`.
    Raises BadMatching where a wish or an offer has no meaning.
    """
    found = list(offers)
    check_asked(asked)
    check_offers(found)
    gained = dict.fromkeys(asked.musts, 0)
    for offer in visible(found, stale=stale, full=full):
        missed = {wish for wish in asked.musts if not meets(wish, offer)}
        if len(missed) == 1:
            gained[missed.pop()] += 1
    more = [(wish, count) for wish, count in gained.items() if count and wish.kind not in NEVER_RELAXED]
    return sorted(more, key=lambda row: (-row[1], row[0].kind, sorted(row[0].any_of)))
