"""What a client asks and what a therapist offers, in *tokens*: `kind:value`, as `language:es` or `time:evenings`.

Everything here is said by the two of them. Nothing is inferred about anybody.
"""

from collections.abc import Mapping
from typing import Literal, NamedTuple

from accord.science.errors import BadMatching

VERSION = "matching@1"

Standing = Literal["open", "ask", "full"]
ASK_AFTER = 14  # days after which a confirmed opening is only "ask"
HIDDEN_AFTER = 30  # days after which it is shown only to those who want to see it


class Wish(NamedTuple):
    """One thing asked; met when the therapist has any of the tokens."""

    kind: str
    any_of: frozenset[str]


class Asked(NamedTuple):
    """What one client asks. The order of wishes is the order in which reasons are told, and nothing else."""

    musts: tuple[Wish, ...] = ()
    nice: tuple[tuple[Wish, float], ...] = ()  # strength 0..1, the client's own
    style: tuple[tuple[str, float, float], ...] = ()  # dimension, side −1..1, strength 0..1


class Interval(NamedTuple):
    """A therapist's record with one problem: difference from the average therapist with the same clients, in standard
    deviations of the outcome, shrunken; 0 is average, higher is better."""

    low: float
    mean: float
    high: float
    n: int  # completed cases with this problem


class Offer(NamedTuple):
    """What one therapist offers."""

    id: str
    has: frozenset[str]
    style: Mapping[str, float]  # dimension → −1..1; one that was not told is not there
    places: int  # free ones
    days_since_confirmed: int
    caseload_share: float  # clients over capacity, 0..1
    track: Mapping[str, Interval]  # by the token of the need, as `need:anxiety`
    track_used: bool  # the therapist allows it


class Match(NamedTuple):
    """One therapist for one client: every must-have is met; what else fits, and what does not."""

    id: str
    standing: Standing
    fits: tuple[Wish, ...]  # must-haves, then nice-to-haves
    lacks: tuple[Wish, ...]  # nice-to-haves
    style_fits: tuple[str, ...]  # dimensions
    style_differs: tuple[str, ...]

    @property
    def reasons(self) -> tuple[str, ...]:
        """What speaks for this one, never empty: kinds of wishes met, `style:DIMENSION`, and `standing:open` or
        `standing:ask` where the client asked for nothing that this therapist has told."""
        found = (*(wish.kind for wish in self.fits), *(f"style:{dimension}" for dimension in self.style_fits))
        return found or (f"standing:{self.standing}",)


def standing(places: int, days_since_confirmed: int) -> Standing:
    """Full where there is no place; else open for 14 days after the last confirmation, then ask."""
    if places <= 0:
        return "full"
    return "open" if days_since_confirmed < ASK_AFTER else "ask"


def is_stale(days_since_confirmed: int) -> bool:
    """Not confirmed for 30 days: shown only to those who chose to see such offers too."""
    return days_since_confirmed >= HIDDEN_AFTER


def meets(wish: Wish, offer: Offer) -> bool:
    """Any of the wish's tokens is among what the therapist has."""
    return not wish.any_of.isdisjoint(offer.has)


def fits_all(wishes: tuple[Wish, ...], offer: Offer) -> bool:
    """Every one of the wishes is met."""
    return all(meets(wish, offer) for wish in wishes)


def check_asked(asked: Asked) -> None:
    """Raises BadMatching: a wish without tokens, a word that is no token, a strength or a side out of range."""
    for wish in (*asked.musts, *(wish for wish, _ in asked.nice)):
        if not wish.any_of:
            raise BadMatching(f"wish {wish.kind}: asks for nothing; leave it out instead")
        _check_tokens(f"wish {wish.kind}", wish.any_of)
    for wish, strength in asked.nice:
        _check_range(f"wish {wish.kind}: strength", strength, 0.0)
    for dimension, side, strength in asked.style:
        _check_range(f"style {dimension}: side", side, -1.0)
        _check_range(f"style {dimension}: strength", strength, 0.0)


def check_offers(offers: list[Offer]) -> None:
    """Raises BadMatching: an id twice, a word that is no token, a style out of range, an interval that is none."""
    seen: set[str] = set()
    for offer in offers:
        if offer.id in seen:
            raise BadMatching(f"offer {offer.id}: is there twice")
        seen.add(offer.id)
        _check_tokens(f"offer {offer.id}", offer.has)
        for dimension, value in offer.style.items():
            _check_range(f"offer {offer.id}: style {dimension}", value, -1.0)
        for need, record in offer.track.items():
            if not record.low <= record.mean <= record.high:
                raise BadMatching(f"offer {offer.id}: record with {need} is not low ≤ mean ≤ high")


def _check_tokens(where: str, tokens: frozenset[str]) -> None:
    for token in sorted(tokens):
        kind, colon, value = token.partition(":")
        if not (kind and colon and value):
            raise BadMatching(f"{where}: '{token}' is not kind:value")


def _check_range(what: str, value: float, low: float) -> None:
    if not low <= value <= 1.0:
        raise BadMatching(f"{what} {value} is not within {low:g} and 1")
