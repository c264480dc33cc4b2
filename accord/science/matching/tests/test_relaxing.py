from hypothesis import given

from accord.science.matching import NEVER_RELAXED, Asked, order, relaxations
from accord.science.matching.tests.people import asks, many_offers, offer, wish

SPANISH, EVENINGS, LICENCE = wish("language:es"), wish("time:evenings"), wish("licence:PT")


def test_it_says_which_must_have_stands_in_the_way_of_how_many():
    asked = Asked(musts=(SPANISH, EVENINGS))
    offers = [
        *(offer(f"mornings-{n}", "language:es") for n in range(3)),
        offer("english", "time:evenings"),
        offer("neither"),
    ]
    assert relaxations(asked, offers) == [(SPANISH, 1), (EVENINGS, 3)][::-1]


def test_nobody_is_asked_to_do_without_a_licence():
    asked = Asked(musts=(SPANISH, LICENCE))
    assert relaxations(asked, [offer("abroad", "language:es"), offer("here", "licence:PT")]) == [(SPANISH, 1)]


def test_only_those_who_may_be_shown_are_counted():
    asked = Asked(musts=(SPANISH,))
    offers = [offer("theo", places=0), offer("thandi", days_since_confirmed=40)]
    assert relaxations(asked, offers) == []
    assert relaxations(asked, offers, stale=True) == [(SPANISH, 1)]


@given(asks, many_offers)
def test_it_is_how_many_more_there_are_without_the_must_have(asked, offers):
    told = dict(relaxations(asked, offers))
    before = len(order(asked, offers, seed=1))
    for must in asked.musts:
        without = asked._replace(musts=tuple(other for other in asked.musts if other != must))
        more = len(order(without, offers, seed=1)) - before
        assert told.get(must, 0) == (0 if must.kind in NEVER_RELAXED else more)
