"""The way of a link through a real mail server: asked for on a page, sent by the worker, opened by Kai."""

import re
import socket
from email.message import Message
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message as Handler

from accord.records.accounts.jobs import send_waiting_notices
from accord.surfaces.shared import clock


class Letterbox(Handler):
    """Keeps what arrives."""

    def __init__(self) -> None:
        super().__init__()
        self.letters: list[Message] = []

    def handle_message(self, message: Message) -> None:
        self.letters.append(message)


@pytest.fixture
def letterbox(settings: Any):
    box = Letterbox()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    sink = Controller(box, hostname="127.0.0.1", port=port)
    sink.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    yield box.letters
    sink.stop()


@pytest.mark.usefixtures("at_nine")
def test_a_link_it_sends_by_real_mail_and_the_link_lets_in(client, kai, letterbox):
    send_waiting_notices(clock.now())
    letterbox.clear()
    client.post("/sign-in/", {"email": kai.email})
    send_waiting_notices(clock.now())
    (letter,) = letterbox
    assert letter["To"] == kai.email
    assert letter["Subject"] == "Your link"
    body = letter.get_payload(decode=True).decode()
    link = re.search(r"http://localhost:8000(/sign-in/\S+/)", body)
    assert link
    client.post(link[1])
    assert client.session["_auth_user_id"] == str(kai.pk)
