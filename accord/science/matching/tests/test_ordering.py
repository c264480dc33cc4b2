import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from accord.science.errors import BadMatching
from accord.science.matching import Asked, Wish, is_stale, meets, order, standing, worth
from accord.science.matching.tests.people import asks, many_offers, offer, record, wish
from accord.science.matching.worth import BEST

SPANISH, EVENINGS, VIDEO, ANXIETY = wish("language:es"), wish("time:evenings"), wish("mode:video"), wish("need:anxiety")


def ids(asked, *offers, seed=1, **shown):
    return [match.id for match in order(asked, offers, seed=seed, **shown)]


def test_a_must_have_is_a_must():
    offers = offer("tess", "language:es", "language:en"), offer("theo", "language:en")
    assert ids(Asked(musts=(SPANISH,)), *offers) == ["tess"]


def test_any_of_the_tokens_meets_a_wish():
    paying = Wish("pays", frozenset({"pays:self", "insurer:ADSE"}))
    assert ids(Asked(musts=(paying,)), offer("tess", "insurer:ADSE"), offer("theo", "insurer:MULTI")) == ["tess"]


def test_wishes_count_by_the_strength_that_the_client_gave():
    asked = Asked(nice=((EVENINGS, 0.9), (VIDEO, 0.4), (SPANISH, 0.4)))
    offers = offer("two", "mode:video", "language:es"), offer("one", "time:evenings"), offer("none", "language:en")
    assert ids(asked, *offers) == ["one", "two", "none"]


def test_what_fits_and_what_does_not_are_both_told():
    asked = Asked(musts=(SPANISH,), nice=((EVENINGS, 1.0), (VIDEO, 0.5)), style=(("structure", 1.0, 1.0),))
    (match,) = order(asked, [offer("tess", "language:es", "mode:video", style={"structure": -0.5})], seed=1)
    assert (match.fits, match.lacks) == ((SPANISH, VIDEO), (EVENINGS,))
    assert (match.style_fits, match.style_differs) == ((), ("structure",))
    assert match.reasons == ("language", "mode")


def test_style_orders_equals_and_never_outweighs_a_wish():
    asked = Asked(nice=((EVENINGS, 0.1),), style=(("structure", 1.0, 1.0),))
    like, unlike = {"structure": 1.0}, {"structure": -1.0}
    assert ids(asked, offer("a", style=unlike), offer("b", style=like), offer("c")) == ["b", "c", "a"]
    assert ids(asked, offer("a", "time:evenings", style=unlike), offer("b", style=like)) == ["a", "b"]


def test_style_in_between_is_neither_like_nor_unlike():
    asked = Asked(style=(("structure", 1.0, 0.3), ("challenge", -1.0, 0.0)))
    (match,) = order(asked, [offer("tess", style={"structure": 0.0, "challenge": -1.0})], seed=1)
    assert (match.style_fits, match.style_differs, match.reasons) == ((), (), ("standing:open",))


def test_a_record_orders_those_whose_wishes_fit_as_well():
    asked = Asked(musts=(ANXIETY,))
    good, known = record(0.2, 0.6), {"track_used": True}
    offers = [
        offer("poor", "need:anxiety", track={"need:anxiety": record(-0.6, -0.2)}, **known),
        offer("none", "need:anxiety", caseload_share=0.4),
        offer("good", "need:anxiety", track={"need:anxiety": good}, **known),
    ]
    assert ids(asked, *offers) == ["good", "none", "poor"]
    assert "track" not in " ".join(order(asked, offers, seed=1)[0].reasons)


@pytest.mark.parametrize(
    ("made", "allowed", "counts"),
    [
        (record(0.2, 0.6, n=15), True, 2),
        (record(0.2, 0.6, n=14), True, 0),  # too few cases
        (record(0.2, 0.6), False, 0),  # not allowed by the therapist
        (record(-0.1, 1.4), True, 0),  # a high mean that may be chance
        (record(-0.9, -0.3), True, -3),
        (record(4.0, 5.0), True, 10),
    ],
)
def test_of_a_record_the_value_nearest_to_nil_counts(made, allowed, counts):
    tess = offer("tess", "need:anxiety", track={"need:anxiety": made}, track_used=allowed)
    assert worth(Asked(musts=(ANXIETY,)), tess).track == counts


def test_a_record_with_one_of_two_needs_counts_half():
    asked = Asked(musts=(ANXIETY,), nice=((wish("need:sleep"), 0.5),))
    tess = offer("tess", "need:anxiety", track={"need:anxiety": record(0.4, 0.6)}, track_used=True)
    assert worth(asked, tess).track == 2
    assert worth(Asked(musts=(SPANISH,)), tess).track == 0


def test_among_equals_the_one_with_more_room_comes_first():
    offers = [offer(str(share), caseload_share=share) for share in (0.9, 0.2, 0.6)]
    assert ids(Asked(), *offers) == ["0.2", "0.6", "0.9"]


@pytest.mark.parametrize(
    ("places", "days", "now"),
    [(1, 0, "open"), (1, 13, "open"), (1, 14, "ask"), (1, 40, "ask"), (0, 0, "full"), (-1, 40, "full")],
)
def test_open_is_only_what_was_confirmed_within_fourteen_days(places, days, now):
    assert standing(places, days) == now
    assert is_stale(days) == (days >= 30)


def test_who_is_full_or_not_confirmed_is_hidden_or_comes_later_by_choice():
    offers = [
        offer("theo", "language:es", places=0),
        offer("thandi", "language:es", days_since_confirmed=40),
        offer("tia", days_since_confirmed=20),
        offer("tess", "language:es", caseload_share=0.9),
    ]
    asked = Asked(nice=((SPANISH, 1.0),))
    assert ids(asked, *offers) == ["tess", "tia"]
    assert ids(asked, *offers, stale=True) == ["tess", "tia", "thandi"]
    assert ids(asked, *offers, stale=True, full=True) == ["tess", "tia", "thandi", "theo"]


def test_someone_full_about_whom_nothing_speaks_is_not_a_match():
    assert ids(Asked(nice=((SPANISH, 1.0),)), offer("theo", places=0), full=True) == []


def test_ties_are_drawn_again_by_the_same_seed_and_otherwise_by_another():
    offers = [offer(f"t{number}") for number in range(10)]
    drawn = {tuple(ids(Asked(), *offers, seed=seed)) for seed in range(30)}
    assert len(drawn) == 30
    assert ids(Asked(), *offers, seed=7) == ids(Asked(), *offers, seed=7)


def test_ties_are_spread_evenly():
    offers = [offer(f"t{number}") for number in range(5)]
    first = [int(ids(Asked(), *offers, seed=seed)[0][1]) for seed in range(4000)]
    counts = np.bincount(first, minlength=5)
    # χ² with 4 degrees of freedom: beyond 18.5 in one of a thousand
    assert ((counts - 800) ** 2 / 800).sum() < 18.5


@given(asks, many_offers, st.randoms(use_true_random=False), st.integers(0, 2**70))
def test_the_order_in_which_offers_are_given_changes_nothing(asked, offers, chance, seed):
    shuffled = chance.sample(offers, len(offers))
    assert order(asked, offers, seed=seed) == order(asked, shuffled, seed=seed)


@given(asks, many_offers)
def test_whoever_is_there_meets_every_must_have_and_has_a_reason(asked, offers):
    by_id = {one.id: one for one in offers}
    for match in order(asked, offers, seed=3, stale=True, full=True):
        assert all(meets(must, by_id[match.id]) for must in asked.musts)
        assert set(asked.musts) <= set(match.fits)
        assert match.reasons
        assert len(match.fits) + len(match.lacks) == len(asked.musts) + len(asked.nice)


@given(asks, many_offers)
def test_whoever_is_left_out_misses_a_must_have_or_may_not_be_shown(asked, offers):
    there = set(ids(asked, *offers))
    for one in offers:
        hidden = one.places <= 0 or one.days_since_confirmed >= 30
        assert (one.id in there) == (not hidden and all(meets(must, one) for must in asked.musts))


@given(asks, many_offers)
def test_nobody_open_stands_behind_somebody_who_is_not(asked, offers):
    found = [match.standing for match in order(asked, offers, seed=1, stale=True, full=True)]
    assert found == sorted(found, key=("open", "ask", "full").index)


@given(asks, many_offers)
def test_the_five_digits_never_run_into_one_another(asked, offers):
    found = [worth(asked, one) for one in offers]
    assert all(0 <= one.nice <= 100 and abs(one.track) <= 10 and abs(one.style) <= 10 for one in found)
    assert all(0 <= one.room <= 4 and 0 <= one.door <= 3 for one in found)
    assert all(0 <= one.number <= BEST for one in found)
    assert sorted(found) == sorted(found, key=lambda one: one.number)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (Asked(musts=(Wish("language", frozenset()),)), "wish language: asks for nothing"),
        (Asked(musts=(wish("spanish"),)), "wish spanish: 'spanish' is not kind:value"),
        (Asked(nice=((SPANISH, 1.5),)), "wish language: strength 1.5 is not within 0 and 1"),
        (Asked(nice=((SPANISH, float("nan")),)), "strength nan"),
        (Asked(style=(("structure", -2.0, 1.0),)), "style structure: side -2.0 is not within -1 and 1"),
    ],
)
def test_a_wish_without_meaning_is_named(asked, said):
    with pytest.raises(BadMatching, match=said):
        order(asked, [], seed=1)


@pytest.mark.parametrize(
    ("offers", "said"),
    [
        ([offer("tess"), offer("tess")], "offer tess: is there twice"),
        ([offer("tess", "language:")], "offer tess: 'language:' is not kind:value"),
        ([offer("tess", style={"structure": 3.0})], "offer tess: style structure 3.0"),
        ([offer("tess", track={"need:sleep": record(0.5, 0.1)})], "offer tess: record with need:sleep"),
    ],
)
def test_an_offer_without_meaning_is_named(offers, said):
    with pytest.raises(BadMatching, match=said):
        order(Asked(), offers, seed=1)
