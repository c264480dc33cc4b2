"""Who gets in, and for how long. (Being built.)"""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest, HttpResponse


class StaffAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


def end_if_over(request: HttpRequest) -> None:
    return None


def second_factor_first(request: HttpRequest, name: str) -> HttpResponse | None:
    return None
