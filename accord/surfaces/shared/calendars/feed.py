"""The secret address at which a calendar program reads a person's appointments. The address is the right."""

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response

from accord.records.sessions.queries import calendar_behind
from accord.surfaces.shared import clock
from accord.surfaces.shared.calendars.writing import calendar_of, etag_of

TYPE = "text/calendar; charset=utf-8"


def calendar_feed(request: HttpRequest, token: str) -> HttpResponse:
    """The same calendar has the same mark: a program that has it already is told so in a few bytes."""
    content = calendar_of(calendar_behind(token, at=clock.now()))
    mark = etag_of(content)
    response = HttpResponse(content, content_type=TYPE, headers={"ETag": mark})
    return get_conditional_response(request, etag=mark, response=response) or response
