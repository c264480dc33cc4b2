"""The board of goals and tasks, from the therapist's door. What it shows and does is shared with the other side."""

from django.http import HttpResponse, StreamingHttpResponse

from accord.records.pairs.queries import as_therapist
from accord.surfaces.shared.agreement import page
from accord.surfaces.shared.requests import PersonRequest

DOOR = page.Door("workspace", "workspace/agreement.html")


def board(request: PersonRequest, code: str) -> HttpResponse:
    return page.show(request, as_therapist(request.user, code, at=request.now), DOOR)


def part(request: PersonRequest, code: str) -> HttpResponse:
    return page.show_part(request, as_therapist(request.user, code, at=request.now), DOOR)


def live(request: PersonRequest, code: str) -> StreamingHttpResponse:
    return page.stream(request, as_therapist(request.user, code, at=request.now))


def change(request: PersonRequest, code: str) -> HttpResponse:
    return page.receive(request, as_therapist(request.user, code, at=request.now), DOOR)


def history(request: PersonRequest, code: str) -> HttpResponse:
    return page.show_history(request, as_therapist(request.user, code, at=request.now), DOOR)
