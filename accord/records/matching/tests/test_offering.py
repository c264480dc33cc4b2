"""Who is shown to whom: true places, must-haves, what would bring more."""

from accord.records.matching.enquiring import send_enquiry
from accord.records.matching.offering import insurers, offered, people_for
from accord.records.matching.searching import answer_search, begin_search
from accord.records.matching.tests.conftest import CONTACT, given
from accord.records.matching.wishes import asked
from accord.science.matching import Wish


def names(found):
    return [one.profile.post.user.first_name for one in found.people]


def test_it_shows_who_has_a_place_and_says_who_is_hidden(search, now) -> None:
    found = people_for(search, at=now)
    assert names(found) == ["Tess"]
    assert found.hidden == {"stale": 1, "full": 1}
    assert found.people[0].match.style_fits == ("structure",)


def test_it_shows_the_others_by_choice_and_below(search, now) -> None:
    both = people_for(search, at=now, also=("stale", "full"))
    assert names(both) == ["Tess", "Thandi", "Theo"]
    assert [one.match.standing for one in both.people] == ["open", "ask", "full"]
    assert both.hidden == {}
    assert names(people_for(search, at=now, also=("full",))) == ["Tess", "Theo"]


def test_when_nobody_fits_it_says_what_to_let_go_of(search, now) -> None:
    search = answer_search(search, "times", given("weekends", strength="must"), at=now)
    found = people_for(search, at=now, also=("stale", "full"))
    assert found.people == []
    assert found.more == [("times", Wish("time", frozenset({"time:weekends"})), 3)]


def test_it_offers_nobody_twice(search, enquiry, profile_of, now) -> None:
    assert names(people_for(search, at=now, also=("stale",))) == ["Thandi"]


def test_the_law_is_never_to_be_let_go_of(harbour, now) -> None:
    search = answer_search(begin_search(by=None, at=now), "home", given("elsewhere"), at=now)
    found = people_for(search, at=now)
    assert (found.people, found.more) == ([], [])


def test_answers_become_wishes(harbour) -> None:
    told = asked(
        {
            "needs": {"picks": ["sleep", "grief"], "strength": "must", "soft": ["grief"]},
            "home": given("licence:PT"),
            "way": given("video", "place:lisbon", strength="some"),
            "pays": given("insurer:meridian", "reduced"),
            "now": given("left"),
            "homework": given("not-sure"),
        }
    )
    assert told.musts == (Wish("need", frozenset({"need:sleep"})), Wish("licence", frozenset({"licence:PT"})))
    assert told.nice == (
        (Wish("need", frozenset({"need:grief"})), 1.0),
        (Wish("mode", frozenset({"mode:video", "place:lisbon"})), 0.5),
        (Wish("pays", frozenset({"insurer:meridian", "pays:reduced"})), 0.5),
    )
    assert told.style == (("now", -1.0, 0.5),)


def test_what_is_offered_comes_from_the_profiles(harbour, now) -> None:
    assert {"language:ar", "licence:PT", "place:lisbon", "insurer:meridian"} <= offered(at=now)
    assert insurers(at=now) == {"insurer:meridian": "Meridian", "insurer:tagus-health": "Tagus Health"}


def test_the_number_of_people_costs_no_query(search, now, django_assert_max_num_queries) -> None:
    with django_assert_max_num_queries(4):
        people_for(search, at=now, also=("stale", "full"))


def test_an_enquiry_to_a_full_one_is_not_possible_and_the_search_stays(search, profile_of, now) -> None:
    assert profile_of("theo").places == 0
    assert send_enquiry(search, profile_of("thandi"), CONTACT, by=None, at=now).state == "sent"
