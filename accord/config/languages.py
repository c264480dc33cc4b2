"""In which language a page answers: the person's own choice, else the one made in this browser, else its wish."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import translation

from accord.records.accounts.models import User


class Languages:
    """The cookie and the browser need no database; the gate adds the person's own choice once it knows who looks."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with translation.override(translation.get_language_from_request(request)):
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", translation.get_language() or "en")
        return response


def as_chosen_by(request: HttpRequest) -> None:
    if isinstance(request.user, User) and translation.check_for_language(request.user.language):
        translation.activate(request.user.language)
