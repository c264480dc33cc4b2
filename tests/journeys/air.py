"""The air between a phone and the server: it can be cut. A browser's own "offline" stops its pages, not its workers."""

import socket
import threading
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
        threading.Thread(target=self._answer, daemon=True).start()

    def take_away(self) -> None:
        self.cut = True
        lines, self.lines = self.lines, []
        for line in lines:
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)

    def give_back(self) -> None:
        self.cut = False

    def _answer(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self.listener.accept()
                if self.cut:
                    near.close()
                    continue
                far = socket.create_connection(("127.0.0.1", self.server_port))
                self.lines += [near, far]
                for one, other in ((near, far), (far, near)):
                    threading.Thread(target=self._pass, args=(one, other), daemon=True).start()

    @staticmethod
    def _pass(one: socket.socket, other: socket.socket) -> None:
        with suppress(OSError):
            while data := one.recv(65536):
                other.sendall(data)
        for line in (one, other):
            with suppress(OSError):
                line.close()


@contextmanager
def air_to(server_port: int) -> Iterator[Air]:
    air = Air(server_port)
    try:
        yield air
    finally:
        air.take_away()
        air.listener.close()
