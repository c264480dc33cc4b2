"""What an open page is told, and when it is told no more."""

import asyncio
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from asgiref.sync import SyncToAsync, ThreadSensitiveContext, sync_to_async
from django.contrib.sessions.models import Session
from django.db import DatabaseError
from django.urls import reverse

from accord.records.agreements.actions import Text, add, arrive
from accord.records.agreements.queries import Glance, number_of
from accord.records.pairs.actions import end_pair
from accord.records.pairs.queries import Seen, seen_by
from accord.surfaces.shared.agreement import live

EMPTY = frozenset[str]()


@pytest.fixture
def cleo(new_pair, person, now) -> Seen:
    return seen_by(person("cleo"), new_pair.code, at=now)


@pytest.fixture
def tess(new_pair, person, now) -> Seen:
    return seen_by(person("tess"), new_pair.code, at=now)


@pytest.fixture
def boards(monkeypatch) -> dict[str, Any]:
    """A database made of one answer: what every page is shown at each look."""
    shown: dict[str, Any] = {"glance": Glance(7, EMPTY), "looks": 0, "left": []}

    def look(pages, *, visit):
        shown["looks"] += 1
        if isinstance(shown["glance"], Exception):
            raise shown["glance"]
        return dict.fromkeys(pages, shown["glance"])

    monkeypatch.setattr(live, "look", look)
    monkeypatch.setattr(live, "arrive", lambda seen, *, at: "a visit")
    monkeypatch.setattr(live, "leave", shown["left"].append)
    monkeypatch.setattr(live, "BEAT", 0.005)
    return shown


def page(seen: Seen, until: datetime) -> live.Page:
    return live.Page(seen, "a session", until)


def hear(told, *steps: Callable[[], None], end: bool = True) -> list[str]:
    """Listen; after each piece that is no comment take the next step, and stop after the last."""

    async def listen() -> list[str]:
        heard, left = [], list(steps)
        async for piece in told:
            heard.append(piece.decode())
            if piece.startswith(b":") or piece == live.RETRY:
                continue
            if left:
                left.pop(0)()
            elif end:
                break
        await told.aclose()
        await asyncio.sleep(0.02)  # the watch ends with its last page
        return heard

    return asyncio.run(listen())


def test_it_tells_what_changed_since_the_page_was_made(cleo, boards, now) -> None:
    heard = hear(live.events(page(cleo, now), known="6"))
    assert heard[:2] == ["retry: 1000\n\n", "id: 7\nevent: changed\ndata: 7\n\n"]


def test_it_says_nothing_of_what_the_page_has_and_tells_the_next_change(cleo, boards, now) -> None:
    told = live.events(page(cleo, now), known="7")
    heard = hear(told, lambda: boards.update(glance=Glance(8, EMPTY)))
    assert [each.split("\n")[-3] for each in heard[1:]] == ["data: 0", "data: 8"]


def test_it_tells_who_comes_and_goes_and_never_that_one_is_here_oneself(cleo, boards, now) -> None:
    boards["glance"] = Glance(7, frozenset({"client"}))
    told = live.events(page(cleo, now), known="7")
    come = lambda: boards.update(glance=Glance(7, frozenset({"client", "therapist"})))  # noqa: E731
    go = lambda: boards.update(glance=Glance(7, frozenset({"client"})))  # noqa: E731
    heard = hear(told, come, go)
    assert heard[1:] == [f"event: here\ndata: {here}\n\n" for here in (0, 1, 0)]


def test_who_may_not_look_any_more_is_told_so_and_nothing_else(cleo, boards, now) -> None:
    told = live.events(page(cleo, now), known="7")
    heard = hear(told, lambda: boards.update(glance=None), end=False)
    assert heard[-1] == "event: over\ndata: over\n\n"
    assert boards["left"] == ["a visit"]


def test_it_ends_by_itself_after_a_while_without_a_word(cleo, boards, now) -> None:
    heard = hear(live.events(page(cleo, now), known="7", longest=0.05), end=False)
    assert "over" not in "".join(heard)
    assert boards["left"] == ["a visit"]


def test_a_line_keeps_a_quiet_connection_open(cleo, boards, now, monkeypatch) -> None:
    monkeypatch.setattr(live, "QUIET", 0.01)
    heard = hear(live.events(page(cleo, now), known="7", longest=0.1), lambda: None, lambda: None, end=False)
    assert ": still here\n\n" in heard


def test_a_database_that_is_away_for_a_moment_ends_no_page(cleo, boards, now, caplog) -> None:
    boards["glance"] = DatabaseError("away")
    told = live.events(page(cleo, now), known="7")

    async def listen() -> bytes:
        await anext(told)
        waiting = asyncio.ensure_future(anext(told))
        await asyncio.sleep(0.05)
        boards["glance"] = Glance(9, EMPTY)
        heard = await waiting
        await told.aclose()
        await asyncio.sleep(0.02)
        return heard

    assert asyncio.run(listen()).startswith(b"id: 9")
    assert "could not be read" in caplog.text


def test_a_hundred_open_pages_are_one_reader(cleo, boards, now, monkeypatch) -> None:
    """Looks grow with time, never with the number of pages; so do threads."""
    readers: set[str] = set()
    inner = live.look

    def look(pages, *, visit):
        readers.add(threading.current_thread().name)
        return inner(pages, visit=visit)

    monkeypatch.setattr(live, "look", look)

    async def many() -> int:
        streams = [live.events(page(cleo, now), known="6") for _ in range(100)]
        for stream in streams:
            await anext(stream)
        before = int(boards["looks"])
        told = await asyncio.gather(*[anext(stream) for stream in streams])
        assert set(told) == {b"id: 7\nevent: changed\ndata: 7\n\n"}
        looks = int(boards["looks"]) - before
        for stream in streams:
            await stream.aclose()
        await asyncio.sleep(0.02)
        return looks

    assert asyncio.run(many()) < 100
    assert len(readers) == 1


def test_the_thread_that_answered_is_let_go() -> None:
    async def answered() -> tuple[int, int]:
        async with ThreadSensitiveContext():
            await sync_to_async(threading.current_thread)()
            before = len(SyncToAsync.context_to_thread_executor)
            await live._let_go()
            return before, len(SyncToAsync.context_to_thread_executor)

    before, after = asyncio.run(answered())
    assert after == before - 1


def test_one_look_is_of_the_board_the_right_and_the_sign_in(cleo, tess, browse, new_pair, now) -> None:
    sessions = {slug: browse(slug).session.session_key for slug in ("cleo", "tess")}
    pages = {}
    for seen, slug in ((cleo, "cleo"), (tess, "tess")):
        pages[slug] = live.Page(seen, sessions[slug], now + timedelta(hours=1), visit=arrive(seen, at=now))
    add("goal", Text("sleep"), by=cleo, at=now)

    def shown() -> dict[str, Glance | None]:
        found = live.look(pages.values(), visit=True)
        return {slug: found[each] for slug, each in pages.items()}

    glance = Glance(number_of(cleo), frozenset({"client", "therapist"}))
    assert shown() == {"cleo": glance, "tess": glance}
    Session.objects.filter(session_key=sessions["cleo"]).delete()  # she signed out elsewhere
    assert shown() == {"cleo": None, "tess": glance}
    end_pair(new_pair, by=tess.viewer, at=now)
    assert shown() == {"cleo": None, "tess": None}


def test_who_is_signed_out_by_time_hears_no_more(cleo, browse, now) -> None:
    session = browse("cleo").session.session_key
    open_page = live.Page(cleo, session, now - timedelta(seconds=1), visit=arrive(cleo, at=now))
    assert live.look([open_page], visit=False) == {open_page: None}


@pytest.mark.parametrize(("slug", "space"), [("cleo", "portal"), ("tess", "workspace")])
def test_the_address_answers_with_a_stream_that_no_proxy_holds_back(slug, space, browse, new_pair) -> None:
    answer = browse(slug).get(reverse(f"{space}:agreement_live", args=[new_pair.code]))
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/event-stream"
    assert answer.headers["X-Accel-Buffering"] == "no"
    assert "no-store" in answer.headers["Cache-Control"]
    assert answer.streaming
    assert answer.is_async


def test_a_page_that_begins_while_the_last_one_is_let_go_is_told_too(cleo, boards, now, monkeypatch) -> None:
    """The last page is closed, the watch gives its connection back; just then the page is open again."""

    async def reload() -> bytes:
        keeper, letting_go, begun = live.watch(), threading.Event(), threading.Event()

        def give_back() -> None:
            letting_go.set()
            begun.wait(1)

        first = live.events(page(cleo, now), known="6")
        await anext(first)
        await anext(first)
        monkeypatch.setattr("accord.surfaces.shared.agreement.live.connections.close_all", give_back)
        monkeypatch.setattr(keeper, "do", lambda act: asyncio.to_thread(act))
        await first.aclose()
        await asyncio.to_thread(letting_go.wait, 1)
        again = live.events(page(cleo, now), known="6")
        await anext(again)
        waiting = asyncio.ensure_future(anext(again))
        while not keeper.pages:
            await asyncio.sleep(0.002)
        begun.set()
        heard = await asyncio.wait_for(waiting, 2)
        await again.aclose()
        await asyncio.sleep(0.02)
        return heard

    assert asyncio.run(reload()).startswith(b"id: 7")
