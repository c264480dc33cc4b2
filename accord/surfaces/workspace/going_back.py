"""After an action: back to the page it came from, with one notice that may be undone."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme


def back(request: HttpRequest, default: str) -> HttpResponseRedirect:
    """To the address the form named, if it is one of ours; a redirect elsewhere is never followed."""
    wanted = request.POST.get("back") or request.GET.get("back", "")
    ours = wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return HttpResponseRedirect(wanted if ours else default)


def tell(request: HttpRequest, text: str, *, undo_url: str = "") -> None:
    """Say it on the next page. The text names nobody: it waits in a cookie until then. Undoing comes back there too."""
    came_from = request.POST.get("back", "")
    if undo_url and came_from:
        undo_url = f"{undo_url}?{urlencode({'back': came_from})}"
    messages.info(request, text, extra_tags=undo_url)


def notices(request: HttpRequest) -> list[dict[str, str]]:
    """What shared/notices.html shows."""
    return [{"text": str(one.message), "undo_url": one.extra_tags or ""} for one in messages.get_messages(request)]
