from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accord.records.accounts.models import User
from accord.records.audit.models import Entry
from accord.records.errors import NotAllowed, NotFound
from accord.records.pairs.actions import begin_pair, end_pair
from accord.records.practices.actions import appoint, end_post
from accord.records.profiles.actions import Facts, Room, begin_profile, make_room, publish, write_profile
from accord.records.profiles.queries import (
    led_profile,
    led_profiles,
    offers_of,
    own_profile,
    public_profile,
    published,
    standing_of,
)

DAY = timedelta(days=1)


def test_it_tells_how_each_stands(profile_of, now) -> None:
    stand = {slug: standing_of(profile_of(slug), at=now) for slug in ("tess", "theo", "thandi", "tia")}
    assert {slug: one.state for slug, one in stand.items()} == {
        "tess": "open",
        "theo": "full",
        "thandi": "hidden",
        "tia": "open",
    }
    assert (stand["tess"].places, stand["thandi"].days, stand["theo"].weeks) == (2, 40, None)


@pytest.mark.parametrize(("days", "state"), [(0, "open"), (13, "open"), (14, "ask"), (29, "ask"), (30, "hidden")])
def test_it_believes_a_confirmation_for_a_while(profile_of, now, days, state) -> None:
    assert standing_of(profile_of("tess"), at=now + days * DAY).state == state


def test_it_tells_a_wait_from_the_pace_of_endings_only(profile_of, person, now) -> None:
    theo = person("theo").posts.get()
    for number in range(3):
        client = User.objects.create_user(f"former{number}@harbour.example", "Former Client")
        pair = begin_pair(client, theo, by=None, at=now - 200 * DAY)
        assert standing_of(profile_of("theo"), at=now).weeks is None
        end_pair(pair, by=theo.user, at=now - (30 + number) * DAY)
    assert standing_of(profile_of("theo"), at=now).weeks == 9  # three places in 26 weeks
    assert standing_of(profile_of("theo"), at=now, ahead=2).weeks == 26


def test_it_offers_what_was_said_and_nothing_else(now, profile_of) -> None:
    offers = {offer.id: offer for offer in offers_of(published(at=now), at=now)}
    tess = offers[profile_of("tess").code]
    assert {"language:es", "mode:video", "need:anxiety", "safety:yes", "insurer:meridian"} <= tess.has
    assert (tess.places, tess.days_since_confirmed, tess.caseload_share) == (2, 0, 0.9)
    assert offers[profile_of("theo").code].places == 0


def test_it_needs_as_many_queries_for_ten_times_as_many(harbour, now) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            offers_of(published(at=now), at=now)
        return len(seen)

    few = queries()
    for number in range(40):
        user = User.objects.create_user(f"many{number}@harbour.example", "One Of Many")
        post = appoint(harbour, user, "therapist", since=now.date())
        profile = begin_profile(post, by=user, at=now)
        write_profile(
            profile, Facts({"language": ["en"], "need": ["sleep"], "mode": ["video"]}), revision=0, by=user, at=now
        )
        make_room(profile, Room(9, 9), by=user, at=now)
        profile.refresh_from_db()
        publish(profile, by=user, at=now)
    assert queries() == few == 2


def test_a_profile_goes_with_its_post(profile_of, person, now) -> None:
    tess = profile_of("tess")
    assert public_profile(tess.code, at=now) == tess
    end_post(tess.post, on=now.date())
    with pytest.raises(NotFound):
        public_profile(tess.code, at=now)
    assert own_profile(person("tess"), at=now) is None


def test_who_leads_sees_everybodys_places_and_a_stranger_nobodys(profile_of, person, now) -> None:
    assert len(led_profiles(person("omar"), at=now)) == 4
    assert led_profile(person("omar"), profile_of("theo").code, at=now).capacity == 20
    for slug, error in (("sana", NotAllowed), ("tess", NotAllowed), ("sam", NotFound), ("kai", NotFound)):
        assert not led_profiles(person(slug), at=now)
        with pytest.raises(error):
            led_profile(person(slug), profile_of("theo").code, at=now)
    assert Entry.objects.filter(verb="tried to change a profile").count() == 4
    with pytest.raises(NotFound):
        led_profile(person("omar"), "thereisnone2", at=now)
