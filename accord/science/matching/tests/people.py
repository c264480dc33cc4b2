"""Offers and wishes for the tests: short to write by hand, and drawn at random."""

from hypothesis import strategies as st

from accord.science.matching import Asked, Interval, Offer, Wish

TOKENS = ("language:en", "language:es", "licence:PT", "mode:video", "time:evenings", "need:anxiety", "need:sleep")
DIMENSIONS = ("structure", "challenge")


def wish(*tokens: str) -> Wish:
    return Wish(tokens[0].partition(":")[0], frozenset(tokens))


def offer(name: str, *has: str, **more) -> Offer:
    """Open, confirmed today, half full, no style and no record, unless told otherwise."""
    usual = Offer(name, frozenset(has), {}, 2, 0, 0.5, {}, track_used=False)
    return usual._replace(**more)


def record(low: float, high: float, n: int = 40) -> Interval:
    return Interval(low, (low + high) / 2, high, n)


part = st.sampled_from([0.1, 0.25, 1 / 3, 0.5, 0.7, 1.0])
side = st.sampled_from([-1.0, -0.5, 0.0, 0.2, 1.0])
wishes = st.frozensets(st.sampled_from(TOKENS), min_size=1, max_size=2).map(lambda tokens: Wish("any", tokens))
dimension = st.sampled_from(DIMENSIONS)
asks = st.builds(
    Asked,
    musts=st.lists(wishes, max_size=3, unique=True).map(tuple),
    nice=st.lists(st.tuples(wishes, part), max_size=3, unique_by=lambda row: row[0]).map(tuple),
    style=st.lists(st.tuples(dimension, side, part), max_size=2, unique_by=lambda row: row[0]).map(tuple),
)
intervals = st.tuples(side, part, st.sampled_from([3, 14, 15, 80])).map(
    lambda drawn: record(drawn[0] - drawn[1], drawn[0] + drawn[1], drawn[2])
)
one_offer = st.builds(
    Offer,
    id=st.text("abcdefgh", min_size=1, max_size=3),
    has=st.frozensets(st.sampled_from(TOKENS)),
    style=st.dictionaries(dimension, side),
    places=st.integers(-1, 3),
    days_since_confirmed=st.sampled_from([0, 13, 14, 29, 30, 400]),
    caseload_share=st.sampled_from([0.0, 0.2, 0.75, 0.9, 1.0]),
    track=st.dictionaries(st.sampled_from(("need:anxiety", "need:sleep")), intervals),
    track_used=st.booleans(),
)
many_offers = st.lists(one_offer, max_size=8, unique_by=lambda one: one.id)
