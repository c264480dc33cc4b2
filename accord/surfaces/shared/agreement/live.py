"""A page that is told when its board changes, by server-sent events.

Every process has one watch over all its open pages: five times a second it reads the numbers of their boards in
one thread with one connection, however many pages are open. So it works with several processes and either
database, and an open page costs a socket, not a thread. At every beat the watch also asks whether each viewer may
still look. A stream ends after a few minutes; the browser opens the next one by itself.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any
from weakref import WeakKeyDictionary

from asgiref.sync import SyncToAsync, sync_to_async
from django.db import connections

from accord.records.accounts.queries import living_sessions
from accord.records.agreements.actions import arrive, leave, still_here
from accord.records.agreements.queries import Glance, glances, other
from accord.records.pairs.queries import Seen
from accord.surfaces.shared import clock

log = logging.getLogger(__name__)
BEAT = 0.2  # seconds between two looks at the boards
VISIT_EVERY = 50  # beats: ten seconds, a third of how long a visit counts
QUIET = 15.0  # seconds without news before a line that keeps the connection open
LONGEST = 240.0  # seconds a stream lives
RETRY = b"retry: 1000\n\n"
OVER = b"event: over\ndata: over\n\n"


@dataclass(eq=False)
class Page:
    """One open page, and the last that is known about its board."""

    seen: Seen
    session: str
    until: datetime  # when its viewer will be signed out
    visit: str = ""
    glance: Glance | None = None
    over: bool = False
    news: asyncio.Event = field(default_factory=asyncio.Event)

    def show(self, glance: Glance | None) -> None:
        if glance is None:
            self.over = True
        if glance != self.glance or self.over:
            self.glance = glance
            self.news.set()

    async def wait(self, seconds: float) -> bool:
        """Whether there was news within this time."""
        try:
            await asyncio.wait_for(self.news.wait(), seconds)
        except TimeoutError:
            return False
        self.news.clear()
        return True


def look(pages: Iterable[Page], *, visit: bool) -> dict[Page, Glance | None]:
    """All open pages at once: what there is on each one's board, or None for who may not look any more."""
    asked, at = list(pages), clock.now()
    if visit:
        still_here([page.visit for page in asked], at=at)
    signed_in = living_sessions({page.session for page in asked})
    found = glances({page.visit: (page.seen.pair.pk, page.seen.viewer.pk) for page in asked}, at=at)
    return {page: found.get(page.visit) if page.session in signed_in and at < page.until else None for page in asked}


class Watch:
    """The one reader of a process (of an event loop, to be exact)."""

    def __init__(self) -> None:
        self.pages: set[Page] = set()
        self.thread = ThreadPoolExecutor(1, thread_name_prefix="accord-live")
        self.task: asyncio.Task[None] | None = None

    async def do(self, act: Callable[[], Any]) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self.thread, act)

    async def begin(self, page: Page) -> None:
        page.visit = await self.do(partial(arrive, page.seen, at=clock.now()))
        self.pages.add(page)
        if self.task is None or self.task.done():
            self.task = asyncio.create_task(self.go_round())

    def end(self, page: Page) -> None:
        """Also while the stream is being cancelled: it waits for nothing."""
        self.pages.discard(page)
        if page.visit:
            self.thread.submit(partial(leave, page.visit))

    async def go_round(self) -> None:
        beat = 0
        while self.pages:
            await self.look_once(visit=beat % VISIT_EVERY == 0)
            beat += 1
            await asyncio.sleep(BEAT)
            if not self.pages:
                await self.do(connections.close_all)  # meanwhile a page may begin: it is looked after, too

    async def look_once(self, *, visit: bool) -> None:
        try:
            found = await self.do(partial(look, tuple(self.pages), visit=visit))
        except Exception:  # whatever it is, the pages that are open must not wait for ever
            log.exception("the boards could not be read; trying again")
            await self.do(connections.close_all)
            return
        for page, glance in found.items():
            page.show(glance)


_watches: WeakKeyDictionary[asyncio.AbstractEventLoop, Watch] = WeakKeyDictionary()


def watch() -> Watch:
    loop = asyncio.get_running_loop()
    if loop not in _watches:
        _watches[loop] = Watch()
    return _watches[loop]


async def _let_go() -> None:
    """The thread that answered the request, and its connection, are free while the page is open."""
    context = SyncToAsync.thread_sensitive_context.get(None)
    if context is None:
        return
    await sync_to_async(connections.close_all)()
    thread = SyncToAsync.context_to_thread_executor.pop(context, None)
    if thread is not None:
        thread.shutdown(wait=False)


async def events(page: Page, *, known: str, longest: float = LONGEST) -> AsyncGenerator[bytes, None]:
    """What the browser hears: "changed" with the board's number, "here" with 1 or 0 for the other person, "over"."""
    await _let_go()
    yield RETRY
    loop, keeper = asyncio.get_running_loop(), watch()
    ends, here = loop.time() + longest, None
    try:
        await keeper.begin(page)
        while (left := ends - loop.time()) > 0:
            if not await page.wait(min(QUIET, left)):
                yield b": still here\n\n"
                continue
            if page.over or page.glance is None:
                yield OVER
                return
            if str(page.glance.number) != known:
                known = str(page.glance.number)
                yield f"id: {known}\nevent: changed\ndata: {known}\n\n".encode()
            if (now_here := other(page.seen.side) in page.glance.here) != here:
                here = now_here
                yield f"event: here\ndata: {int(here)}\n\n".encode()
    finally:
        keeper.end(page)
