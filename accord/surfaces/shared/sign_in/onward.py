"""Where to go after signing in: a page of ours, and never anybody else's."""

from django.http import HttpRequest
from django.shortcuts import resolve_url
from django.utils.http import url_has_allowed_host_and_scheme

KEY = "onward"


def is_ours(request: HttpRequest, url: str) -> bool:
    """A path on this very origin. Full addresses are refused, our own included: nobody needs them."""
    host = {request.get_host()}
    return url.startswith("/") and url_has_allowed_host_and_scheme(url, host, require_https=request.is_secure())


def asked_for(request: HttpRequest) -> str:
    """The page in ?next=, if it is ours; else nothing."""
    url = request.POST.get("next") or request.GET.get("next") or ""
    return url if is_ours(request, url) else ""


def remember(request: HttpRequest) -> None:
    """Until the link in the mail comes back to this browser. It never travels in the mail."""
    url = asked_for(request)
    if url:
        request.session[KEY] = url


def take(request: HttpRequest) -> str:
    url = request.session.pop(KEY, "")
    return url if is_ours(request, url) else resolve_url("home")
