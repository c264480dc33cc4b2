"""One session on the desk: its therapist sees it; moved, cancelled, brought back; another one's change is kept."""

from datetime import timedelta

import pytest

from accord.records.audit.models import Entry
from accord.records.sessions.actions import book_series, cancel, move

DAY, WEEK, HOUR = timedelta(days=1), timedelta(weeks=1), timedelta(hours=1)
ACTS = ("move", "undo-move", "cancel", "bring-back")


@pytest.fixture
def sixth(pair_of):
    return pair_of("kai").sessions.get(number=6)


@pytest.fixture
def path(sixth):
    return f"/desk/session/{sixth.code}/"


def moved_to(session, **more):
    wall = {"day": "2024-05-07", "clock": "18:00", "minutes": "50", "place": "in-person"}
    return wall | {"revision": session.revision, **more}


def test_only_tess_opens_it(cast, path, only_tess):
    assert cast("get", path) == only_tess
    for act in ACTS:
        tries = cast("post", f"{path}{act}/")
        assert {slug: status for slug, status in tries.items() if slug != "tess"} == {
            slug: status for slug, status in only_tess.items() if slug != "tess"
        }


def test_a_look_is_written_down(browse, path, sixth):
    browse("tess").get(path)
    assert Entry.objects.get(kind="read", row=sixth.code).verb == "opened a session"


def test_it_is_moved_and_moved_back(browse, path, sixth, text):
    tess = browse("tess")
    answer = tess.post(f"{path}move/", moved_to(sixth), follow=True)
    assert "Changed." in text(answer)
    assert f'action="{path}undo-move/"' in answer.content.decode()
    assert "Moved by you on 6 May; before it was Monday 6 May, 09:10." in text(tess.get(path))
    assert "It is back where it was." in text(tess.post(f"{path}undo-move/", follow=True))
    sixth.refresh_from_db()
    assert f"{sixth.starts_at:%m-%d %H:%M}" == "05-06 08:10"


def test_a_length_is_changed_without_an_undo(browse, path, sixth, text):
    form = moved_to(sixth, day="2024-05-06", clock="09:10", minutes="30")
    answer = browse("tess").post(f"{path}move/", form, follow=True)
    assert "Changed." in text(answer)
    assert "undo-move" not in answer.content.decode()
    sixth.refresh_from_db()
    assert (sixth.minutes, sixth.moved_from) == (30, None)


def test_what_the_other_one_did_meanwhile_is_not_overwritten(browse, path, sixth, person, now, text):
    form = moved_to(sixth)
    cancel(sixth, by=person("kai"), at=now, words="I have a cold")
    answer = browse("tess").post(f"{path}move/", form)
    assert answer.status_code == 422
    assert "Somebody changed this session in the meantime. Look again." in text(answer)
    page = text(browse("tess").get(path))
    assert "Cancelled by Kai on 6 May at 09:00." in page
    assert "I have a cold Kai’s own words" in page
    assert "Bring it back" not in page, "only who cancelled can"
    assert browse("tess").post(f"{path}bring-back/").status_code == 403


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"day": "2024-05-06", "clock": "10:30"}, "Taken for one of the two"),
        ({"day": "2024-05-06", "clock": "08:00"}, "This time is over"),
        ({"clock": "half past"}, "Time:"),
    ],
)
def test_a_move_that_cannot_be_is_said(browse, path, sixth, text, change, says):
    answer = browse("tess").post(f"{path}move/", moved_to(sixth, **change))
    assert answer.status_code == 422
    assert says in text(answer)


def test_it_is_cancelled_and_brought_back(browse, path, sixth, text):
    tess = browse("tess")
    answer = tess.post(f"{path}cancel/", {"which": "this"}, follow=True)
    assert "Cancelled." in text(answer)
    assert f'action="{path}bring-back/"' in answer.content.decode()
    assert "Bring it back" in text(tess.get(path))
    assert "It is on again." in text(tess.post(f"{path}bring-back/", follow=True))
    sixth.refresh_from_db()
    assert (sixth.state, sixth.number) == ("booked", 6)


def test_the_rest_of_a_series_goes_with_it_when_asked(browse, pair_of, person, now, text):
    series = book_series(pair_of("kai"), [now + 11 * HOUR + week * WEEK for week in range(1, 5)], by=None, at=now)
    path = f"/desk/session/{series[1].code}/"
    assert "Cancel this and the 2 after it" in text(browse("tess").get(path))
    answer = browse("tess").post(f"{path}cancel/", {"which": "following"}, follow=True)
    assert "3 sessions cancelled." in text(answer)
    assert pair_of("kai").sessions.filter(state="booked").count() == 2


def test_what_took_place_is_only_told(browse, pair_of, text):
    held = pair_of("kai").sessions.get(number=4)
    page = text(browse("tess").get(f"/desk/session/{held.code}/"))
    assert "It took place." in page
    assert "Cancel this session" not in page
    assert "Keep the change" not in page
    assert browse("tess").post(f"/desk/session/{held.code}/cancel/").status_code == 422


def test_on_another_clock_it_is_shown_and_moved_there(browse, path, sixth, person, text):
    tess = person("tess")
    type(tess).objects.filter(pk=tess.pk).update(zone="America/New_York")
    assert "Monday 6 May 2024, 04:10–05:00" in text(browse("tess").get(path))
    browse("tess").post(f"{path}move/", moved_to(sixth, clock="14:00"))
    sixth.refresh_from_db()
    assert f"{sixth.starts_at:%m-%d %H:%M}" == "05-07 18:00"


def test_a_move_by_nobody_in_particular_is_told_too(browse, path, sixth, now, text):
    move(sixth, now + 12 * HOUR, by=None, at=now)
    assert "Moved on 6 May; before it was Monday 6 May, 09:10." in text(browse("tess").get(path))
