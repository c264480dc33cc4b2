"""The air between a phone and the server: it can be cut. A browser's own "offline" stops its pages, not its workers."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress


class Air:
    """Passes bytes between a port of its own and the server's, until it is cut."""

    def __init__(self, server_port: int) -> None:
        self.server_port = server_port
        self.cut = False
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self.listener.getsockname()[1])
        self.lines: list[socket.socket] = []
        self.unanswered: set[socket.socket] = set()
        threading.Thread(target=self._answer, daemon=True).start()

    def take_away(self) -> None:
        self.cut = True
        lines, self.lines = self.lines, []
        for line in lines:
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)

    def give_back(self) -> None:
        self.cut = False

    def rest(self) -> None:
        """Until the server has answered whatever it was asked: a letter under way must not reach the next journey."""
        patience = time.monotonic() + 20
        while self.unanswered and not self.cut and time.monotonic() < patience:
            time.sleep(0.02)

    def _answer(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self.listener.accept()
                if self.cut:
                    near.close()
                    continue
                far = socket.create_connection(("127.0.0.1", self.server_port))
                self.lines += [near, far]
                for asking in (True, False):
                    threading.Thread(
                        target=self._pass, args=(near, far), kwargs={"asking": asking}, daemon=True
                    ).start()

    def _pass(self, near: socket.socket, far: socket.socket, *, asking: bool) -> None:
        one, other = (near, far) if asking else (far, near)
        note = self.unanswered.add if asking else self.unanswered.discard
        with suppress(OSError):
            while data := one.recv(65536):
                note(near)
                other.sendall(data)
        self.unanswered.discard(near)
        for end in (one, other):
            with suppress(OSError):
                end.close()


@contextmanager
def air_to(server_port: int) -> Iterator[Air]:
    air = Air(server_port)
    try:
        yield air
    finally:
        air.take_away()
        air.listener.close()
