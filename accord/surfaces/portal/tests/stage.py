"""A stage for the check-in's scripts: real templates, real policy, and a server that can be told to fail."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.test import override_settings
from django.urls import include, path

from accord.science.instruments import BY_ID

HERE = "accord.surfaces.portal.tests.stage"
PAGE = "/c/link/"
WHAT_NEXT = "Tess sees your answers once both of you have answered, or after a day."


class Post:
    """What arrived, and how the next arrival is answered: "sent", "late", "broken", "refused", "gone"."""

    def __init__(self) -> None:
        self.empty()

    def empty(self) -> None:
        self.arrived: list[dict[str, str]] = []
        self.answer = "sent"
        self.take_back_url = ""


post = Post()


def check_in(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        return _receive(request)
    instrument = BY_ID["checkin@1"]
    context = {
        "code": "k7",
        "items": [item._asdict() | {"id": item.name} for item in instrument.items[:3]],
        "tension": instrument.items[3],
        "therapist_first_name": "Tess",
        "session_label": "Session 5",
        "take_back_url": post.take_back_url,
        "values": {},
    }
    return render(request, "portal/check_in.html", context)


def _receive(request: HttpRequest) -> HttpResponse:
    post.arrived.append(request.POST.dict())
    if post.answer == "late":
        time.sleep(0.6)
    if post.answer == "broken":
        return HttpResponse("no", status=500)
    if post.answer == "refused":
        return JsonResponse({"message": "Please pick an answer to the first question.", "field": "bond"}, status=422)
    if post.answer == "gone":
        return JsonResponse({"message": "You sent this check-in already, at 18:50."}, status=409)
    return JsonResponse({"state": "sent", "at": "19:04", "what_next": WHAT_NEXT}, status=201)


def plain(request: HttpRequest, **_: Any) -> HttpResponse:
    return render(request, "shared/exit.html")


portal = [
    path("c/link/", check_in, name="check_in"),
    path("me/", plain, name="home"),
    path("phone/", plain, name="phone"),
    path("worker/", plain, name="service_worker"),  # no script: the browser refuses it, and all works without
    path("manifest/", plain, name="manifest"),
]
urlpatterns = [
    path("", plain, name="home"),
    path("help/", plain, name="help"),
    path("leave/", plain, name="quick_exit"),
    path("in/", plain, name="sign_in"),
    path("out/", plain, name="sign_out"),
    path("language/", plain, name="language"),
    path("", include((portal, "portal"))),
]


class Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Nothing on the terminal."""


@contextmanager
def on_stage() -> Iterator[str]:
    """Serve the stage; gives its address."""
    middleware = ["csp.middleware.CSPMiddleware"]
    with override_settings(ROOT_URLCONF=HERE, MIDDLEWARE=middleware, ALLOWED_HOSTS=["*"]):
        handler = StaticFilesHandler(WSGIHandler())
        server = make_server("127.0.0.1", 0, handler, WSGIServer, Quiet)
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()
            server.server_close()
