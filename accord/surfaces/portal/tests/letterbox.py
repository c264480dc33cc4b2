"""What the phone does, told again in Python: letterbox.js, outbox.js and the worker, on an air that loses and repeats.

It keeps what they keep (a draft, one letter in the outbox) and talks to the real address of the real application.
"""

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from django.test import Client

from accord.records.checkins.models import CheckIn

ITEMS = ("bond", "goal", "task")
JSON = {"accept": "application/json"}


@dataclass
class Letter:
    of: str
    body: dict[str, str]


@dataclass
class Kept:
    """What survives when the phone is switched off."""

    values: dict[str, str] | None = None
    letter: Letter | None = None
    waiting: bool = False
    outbox: Letter | None = None
    turn: int = 0


@dataclass
class Tab:
    values: dict[str, str]
    turn: int


@dataclass
class Phone:
    check_in: CheckIn
    address: str
    server: Client
    chance: Random
    clock: datetime  # the phone's own: it may be days off
    kept: Kept = field(default_factory=Kept)
    tabs: list[Tab] = field(default_factory=list)
    late: list[Letter] = field(default_factory=list)  # on their way, and nobody waits for them any more
    told_sent: int = 0
    wanted: str = ""  # what the person has handed over last, as they changed it
    told: set[str] = field(default_factory=set)  # of which answers the person was told that they did not make it
    sealed: list[Letter] = field(default_factory=list)
    online: bool = True

    # ---- what a person does --------------------------------------------------------------------------------------

    def open(self) -> None:
        """With a connection the server says whether it is in; without one, the phone's own page opens."""
        if self.online and self.is_in():
            if self.kept.waiting and self.kept.letter and self._changed():
                self.told.add(json.dumps(self.kept.values))
            self.kept = Kept()
            self.tabs.clear()
            return
        if self.online:
            assert self.chance.random() > 0.1 or b"data-keys" in self.server.get(self.address).content
            self.kept.turn = self.check_in.taken_back.count()
        self.tabs.append(Tab(dict(self.kept.values or self._fresh()), self.kept.turn))
        self.tabs[:] = self.tabs[-2:]

    def edit(self, tab: Tab) -> None:
        tab.values[self.chance.choice(ITEMS)] = str(self.chance.randint(0, 10))
        self.kept.values = dict(tab.values)
        if self.kept.waiting and self.kept.letter and self.kept.letter.of != json.dumps(tab.values):
            self.wanted = json.dumps(tab.values)
            self.kept.outbox = None
            if self.chance.random() < 0.8:  # else the app dies before the review is reached
                self.kept.letter = self.kept.outbox = self._seal(tab)

    def press(self, tab: Tab) -> None:
        self.kept.values = dict(tab.values)
        self.kept.letter = self.kept.outbox = self._seal(tab)
        self.kept.waiting = True
        self.wanted = self.kept.letter.of
        self._post(self.kept.letter)

    def take_back(self) -> None:
        if not self.online or not self.is_in():
            return
        answer = self.server.post(f"{self.address}take-back/")
        assert answer.status_code == 200
        self.kept, self.wanted = Kept(turn=self.check_in.taken_back.count()), ""
        self.tabs[:] = [Tab(self._fresh(), self.kept.turn)]

    def kill(self) -> None:
        self.tabs.clear()

    # ---- what happens by itself ----------------------------------------------------------------------------------

    def wake(self) -> None:
        """The service worker, or any other page of ours, sends what lies in the outbox."""
        if self.kept.outbox:
            self._post(self.kept.outbox, by_worker=True)

    def retry(self, tab: Tab) -> None:
        """A page that opens, or hears that the connection is back."""
        if self.kept.waiting:
            tab.values = dict(self.kept.values or tab.values)
            self.press(tab)

    def arrive(self) -> None:
        if self.late:
            self._deliver(self.late.pop(self.chance.randrange(len(self.late))))

    def is_in(self) -> bool:
        return bool(self._row()["received_at"])

    def _row(self) -> dict[str, Any]:
        return dict(CheckIn.objects.filter(pk=self.check_in.pk).values("received_at", "idempotency_key").get())

    # ---- the letter ----------------------------------------------------------------------------------------------

    def _fresh(self) -> dict[str, str]:
        return {name: str(self.chance.randint(0, 10)) for name in ITEMS} | {"tension": "no"}

    def _seal(self, tab: Tab) -> Letter:
        of = json.dumps(tab.values)
        if self.kept.letter and self.kept.letter.of == of and self.kept.letter.body["turn"] == str(tab.turn):
            return self.kept.letter
        stamps = {"idempotency_key": f"{self.chance.getrandbits(128):032x}", "answered_at": self.clock.isoformat()}
        letter = Letter(of, tab.values | stamps | {"zone_offset": "60", "turn": str(tab.turn)})
        self.sealed.append(letter)
        return letter

    def _changed(self) -> bool:
        """Is what the server has something else than what this phone would send now?"""
        letter = self.kept.letter
        other = letter is None or letter.body["idempotency_key"] != self._row()["idempotency_key"]
        return other or (letter is not None and letter.of != json.dumps(self.kept.values))

    def _post(self, letter: Letter, *, by_worker: bool = False) -> None:
        fate = self.chance.choice(("ok", "ok", "lost", "answer lost", "late", "twice")) if self.online else "lost"
        if fate == "late":
            self.late.append(letter)
        if fate in ("lost", "late"):
            return
        said = self._deliver(letter)
        if fate == "twice":
            said = self._deliver(letter)
        if fate != "answer lost":
            self._hear(letter, said, by_worker=by_worker)

    def _deliver(self, letter: Letter) -> Any:
        return self.server.post(self.address, letter.body, headers=JSON)

    def _hear(self, letter: Letter, said: Any, *, by_worker: bool) -> None:
        if said.status_code == 200:
            assert said.json()["state"] == "sent"
            assert self.is_in(), "sent is said when the server has it, and not before"
            self.told_sent += 1
        else:
            assert 400 <= said.status_code < 500, said.status_code
        if self.kept.outbox is letter:
            self.kept.outbox = None
        if by_worker:
            return  # it tells open pages, and these ask the server; the draft goes when a page says "Sent"
        if said.status_code == 200:
            self.kept = Kept()
            self.tabs.clear()
        else:
            self.told.add(letter.of)
            self.kept.waiting = False


STEPS = ("open", "edit", "edit", "press", "kill", "wake", "retry", "arrive", "offline", "online", "clock", "take back")


def live(phone: Phone, steps: int, *, taking_back: bool) -> int:
    """So many random steps. Gives how often it was taken back."""
    taken = 0
    for _ in range(steps):
        step = phone.chance.choice(STEPS)
        if step in ("edit", "press", "retry"):
            if not phone.tabs:
                phone.open()
            if phone.tabs:
                getattr(phone, step)(phone.chance.choice(phone.tabs))
        elif step in ("offline", "online"):
            phone.online = step == "online"
        elif step == "clock":
            phone.clock += timedelta(minutes=phone.chance.randint(-3000, 3000))
        elif step == "take back":
            if taking_back and phone.online and phone.is_in():
                phone.take_back()
                taken += 1
        else:
            getattr(phone, step)()
    return taken


def settle(phone: Phone) -> None:
    """All late letters come in, and the page is opened until it says that it is sent, or why not."""
    phone.online = True
    while phone.late:
        phone.arrive()
    for _ in range(60):
        phone.open()
        if phone.is_in():
            return
        tab = phone.tabs[-1]
        phone.retry(tab) if phone.kept.waiting else phone.press(tab)
    raise AssertionError("it never went out")
