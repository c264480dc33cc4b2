"""A move: nothing of the old pair changes before the one step, and cancelled it is as if it had never been."""

from datetime import timedelta

import pytest

from accord.records.agreements.queries import AGREED, items_of
from accord.records.audit.models import Entry
from accord.records.checkins.models import CheckIn
from accord.records.errors import NotAllowed, NotFound, Refused, StateMoved
from accord.records.intake.jobs import ask_who_begins
from accord.records.matching import moving
from accord.records.matching.models import Move, WayWish
from accord.records.matching.moving import Farewell
from accord.records.matching.moving_queries import (
    Line,
    answers_in_move,
    asked_moves,
    before_in_move,
    brought,
    changed_in,
    draft_lines,
    leaving,
    lines_of,
    move_for,
    moves_in,
    people_for_move,
)
from accord.records.pairs.models import CarePair
from accord.records.pairs.queries import Seen
from accord.records.profiles.models import Place, Profile
from accord.records.profiles.queries import with_places
from accord.records.sessions.models import TherapySession

DAY = timedelta(days=1)


@pytest.fixture
def lena(pair_of):
    pair = pair_of("lena")
    return Seen(pair, pair.client, "client")


@pytest.fixture
def begun(lena, now):
    return moving.begin_move(by=lena, at=now)


@pytest.fixture
def asked(begun, lena, now, profile_of):
    moving.choose_person(begun, profile_of("tess").code, by=lena, at=now)
    moving.choose_goodbye(begun, Farewell("message", "Thank you for the lists."), by=lena)
    moving.ask_new(begun, by=lena, at=now)
    return begun


@pytest.fixture
def offered(asked, person, now):
    moving.offer_first(asked, now + 8 * DAY, by=person("tess"), at=now)
    return asked


def places(profile) -> int:
    return int(with_places(Profile.objects.filter(pk=profile.pk)).get().places)


def field_by_field(client) -> dict[str, str]:
    """Everything around the old pair, as it stands in the database."""
    pair = CarePair.objects.filter(client=client).first()
    assert pair
    rows = {
        "pairs": CarePair.objects.filter(client=client),
        "sessions": TherapySession.objects.filter(pair=pair),
        "check-ins": CheckIn.objects.filter(session__pair=pair),
        "places": Place.objects.filter(client=client, released_at=None),
        "profiles": Profile.objects.all(),
    }
    board = [(held.item.code, held.state) for held in items_of(Seen(pair, client, "client"))]
    return {name: repr(list(found.order_by("pk").values())) for name, found in rows.items()} | {"board": str(board)}


def test_it_is_filled_with_what_is_known_and_what_they_asked_to_change(lena, now):
    WayWish.objects.create(
        practice=lena.pair.practice, about=lena.pair, picks=["less-homework", "more-structure"], begun_at=now
    )
    move = moving.begin_move(by=lena, at=now)
    answers = answers_in_move(move)
    assert answers["language"] == {"picks": ["language:en"], "strength": "must"}
    assert answers["homework"]["picks"] == ["left-much"]
    assert before_in_move(move)["homework"]["picks"] == ["right"]
    assert changed_in(move) == {"homework", "structure"}


def test_begun_twice_it_is_one(begun, lena, now):
    assert moving.begin_move(by=lena, at=now) == begun


def test_the_note_is_drafted_from_the_clients_own_words_and_agreed_goals_only(begun, lena):
    lines = lines_of(begun)
    assert [line.about.partition(":")[0] for line in lines].count("intake") == 5
    agreed = {held.item.code for held in items_of(lena) if held.item.kind == "goal" and held.state == AGREED}
    assert {line.about.removeprefix("goal:") for line in lines if line.about.startswith("goal")} == agreed
    assert draft_lines(lena) == lines


def test_only_people_with_a_true_opening_are_shown_and_never_the_one_before(begun, person, now):
    shown = {one.profile.post.user.first_name for one in people_for_move(begun, at=now).people}
    assert "Tess" in shown
    assert not shown & {"Theo", "Thandi"}  # the one before, and one who was not confirmed lately
    Profile.objects.filter(post__user=person("tess")).update(capacity=5, elsewhere=0, hours=22)
    assert "Tess" not in {one.profile.post.user.first_name for one in people_for_move(begun, at=now).people}


def test_nothing_is_told_before_the_client_has_chosen_it(asked, person, now):
    for at in (now, now + DAY):
        assert not leaving(person("theo"), at=at)
    assert list(asked_moves(person("tess"), at=now)) == [asked]
    for slug in ("theo", "omar", "sana"):
        assert not asked_moves(person(slug), at=now)


@pytest.mark.parametrize(("tell", "told"), [("moved", False), ("date", True)])
def test_with_a_first_date_it_is_told_if_they_chose_so(tell, told, begun, lena, person, profile_of, now):
    moving.choose_person(begun, profile_of("tess").code, by=lena, at=now)
    moving.choose_goodbye(begun, Farewell("none", tell=tell), by=lena)
    moving.ask_new(begun, by=lena, at=now)
    moving.offer_first(begun, now + 8 * DAY, by=person("tess"), at=now)
    assert bool(leaving(person("theo"), at=now)) == told


def test_a_last_talk_is_told_with_the_date(begun, lena):
    moving.choose_goodbye(begun, Farewell("last-talk"), by=lena)
    begun.refresh_from_db()
    assert begun.tell == "date"


@pytest.mark.parametrize("farewell", [Farewell("message", " "), Farewell("shout"), Farewell("message", "x" * 1001)])
def test_a_goodbye_that_makes_no_sense_is_refused(farewell, begun, lena):
    with pytest.raises(Refused):
        moving.choose_goodbye(begun, farewell, by=lena)


def test_a_yes_holds_the_place_and_leaves_the_old_one(asked, lena, person, profile_of, now):
    free = places(profile_of("tess"))
    moving.offer_first(asked, now + 8 * DAY, by=person("tess"), at=now)
    assert places(profile_of("tess")) == free - 1
    lena.pair.refresh_from_db()
    assert lena.pair.ended_on is None


def test_no_gap_longer_than_the_limit(asked, person, now):
    with pytest.raises(Refused):
        moving.offer_first(asked, now + 60 * DAY, by=person("tess"), at=now)
    with pytest.raises(Refused):
        moving.offer_first(asked, now - DAY, by=person("tess"), at=now)


def test_a_yes_that_would_leave_a_longer_gap_waits_for_the_next_session(asked, lena, person, now):
    moving.offer_first(asked, now + 13 * DAY, by=person("tess"), at=now)
    with pytest.raises(Refused):
        moving.confirm_move(asked, by=lena, at=now)
    lena.pair.refresh_from_db()
    assert lena.pair.ended_on is None


def test_the_one_step_does_all_of_it(offered, lena, person, now):
    goals = [held.asked.version.words for held in items_of(lena) if held.item.kind == "goal" and held.state == AGREED]
    pair = moving.confirm_move(offered, by=lena, at=now)
    lena.pair.refresh_from_db()
    assert lena.pair.ended_on == now.date()
    assert pair.therapist.user == person("tess")
    assert [session.starts_at for session in pair.sessions.all()] == [now + 8 * DAY]
    assert not lena.pair.sessions.filter(state="booked", starts_at__gt=now).exists()
    tess = Seen(pair, person("tess"), "therapist")
    assert [held.asked.version.words for held in items_of(tess)] == goals
    found = brought(pair)
    assert found == offered
    assert found and lines_of(found)
    assert Place.objects.get(pair=pair).client == lena.viewer
    assert ask_who_begins(now, address="x") == 0, "nothing is asked again"
    assert list(leaving(person("theo"), at=now)) == [offered]
    assert moves_in(pair.practice, until=now + DAY) == 1


def test_a_line_that_was_left_out_takes_its_goal_along(begun, lena, person, profile_of, now):
    lines = [line._replace(kept=not line.about.startswith("goal")) for line in lines_of(begun)]
    moving.keep_lines(begun, [*lines, Line("own", " A word of my own. "), Line("own", "  ")], by=lena)
    assert lines_of(begun)[-1] == Line("own", "A word of my own.")
    moving.choose_person(begun, profile_of("tess").code, by=lena, at=now)
    moving.choose_goodbye(begun, Farewell("none"), by=lena)
    moving.ask_new(begun, by=lena, at=now)
    moving.offer_first(begun, now + 8 * DAY, by=person("tess"), at=now)
    pair = moving.confirm_move(begun, by=lena, at=now)
    assert items_of(Seen(pair, lena.viewer, "client")) == []


@pytest.mark.parametrize("stage", ["begun", "asked", "offered"])
def test_cancelled_half_way_everything_is_as_before(stage, lena, person, profile_of, now):
    before = field_by_field(lena.viewer)
    move = moving.begin_move(by=lena, at=now)
    if stage != "begun":
        moving.choose_person(move, profile_of("tess").code, by=lena, at=now)
        moving.choose_goodbye(move, Farewell("last-talk"), by=lena)
        moving.ask_new(move, by=lena, at=now)
    if stage == "offered":
        moving.offer_first(move, now + 8 * DAY, by=person("tess"), at=now)
        assert field_by_field(lena.viewer) != before
    moving.cancel_move(move, by=lena, at=now)
    assert field_by_field(lena.viewer) == before
    assert not leaving(person("theo"), at=now)
    assert not asked_moves(person("tess"), at=now)
    move.refresh_from_db()
    assert [move.answers, move.note, move.farewell, move.keep, move.avoid, move.place] == [None] * 6


def test_where_the_first_time_is_taken_all_the_same_nothing_happens(offered, lena, pair_of, person, now):
    TherapySession.objects.filter(pair=pair_of("kai"), state="booked").update(starts_at=now + 8 * DAY)
    before = field_by_field(lena.viewer)
    with pytest.raises(StateMoved):
        moving.confirm_move(offered, by=lena, at=now)
    assert field_by_field(lena.viewer) == before
    moving.ask_other_time(offered, by=lena, at=now)
    assert offered.state == Move.State.ASKED


def test_a_no_keeps_what_was_written_and_shows_the_others(asked, lena, person, now):
    answers, lines = answers_in_move(asked), lines_of(asked)
    moving.decline_move(asked, by=person("tess"), at=now)
    assert (answers_in_move(asked), lines_of(asked), asked.state) == (answers, lines, "begun")
    assert "Tess" not in {one.profile.post.user.first_name for one in people_for_move(asked, at=now).people}


def test_no_answer_in_time_or_a_time_that_passed_goes_back_to_the_client(asked, person, profile_of, now):
    free = places(profile_of("tess"))
    assert moving.lapse_moves(now) == 0
    moving.offer_first(asked, now + 8 * DAY, by=person("tess"), at=now)
    assert moving.lapse_moves(now + 9 * DAY) == 1
    asked.refresh_from_db()
    assert (asked.state, places(profile_of("tess"))) == ("begun", free)
    assert moving.lapse_moves(now + 9 * DAY) == 0


def test_everybody_else_is_refused(asked, person, now):
    for slug in ("theo", "omar", "sana", "dora", "vera"):
        with pytest.raises(NotAllowed):
            move_for(person(slug), asked.code, at=now)
    for slug in ("sam", "kai"):
        with pytest.raises(NotFound):
            move_for(person(slug), asked.code, at=now)
    assert Entry.objects.filter(kind="denied", row=asked.code).count() == 7
    with pytest.raises(NotAllowed):
        moving.offer_first(asked, now + DAY, by=person("theo"), at=now)


def test_no_entry_of_the_old_pair_shows_it_before_the_step(offered, lena):
    told = Entry.objects.filter(pair=lena.pair.code).values_list("verb", flat=True)
    assert not [verb for verb in told if "move" in verb]


def test_the_words_are_sealed(begun, lena):
    moving.keep_wishes(begun, {}, keep="canary-1", avoid="canary-2", by=lena)
    [row] = Move.objects.filter(pk=begun.pk).values("keep", "avoid", "note", "answers")
    assert "canary" not in repr(row)
