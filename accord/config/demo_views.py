"""One-click sign-in and the outbox: for looking around in Harbour Practice, where nobody is real."""

import re
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accord.config.harbour import CAST, STRANGER, STRANGERS_CLIENT
from accord.records.accounts.queries import client_by_email
from accord.records.accounts.queries import outbox as all_notices
from accord.records.audit.actions import record
from accord.records.matching.queries import letters as all_letters
from accord.records.practices.queries import roles_of
from accord.surfaces.shared import clock
from accord.surfaces.shared.sign_in import onward, stays
from accord.surfaces.shared.sign_in.door import let_in, let_out

LOCALHOST = re.compile(r"http://localhost(:\d+)?(?=/)")
EVERYBODY = (*CAST, STRANGER, STRANGERS_CLIENT)


def cast(request: HttpRequest) -> HttpResponse:
    return render(request, "demo/cast.html", {"people": EVERYBODY})


def enter(request: HttpRequest, slug: str) -> HttpResponse:
    """Sign in as one of the cast. It counts as having come with a second factor."""
    email = next((person.email for person in EVERYBODY if person.slug == slug), "")
    user = client_by_email(email)
    if user is None:
        raise Http404
    let_out(request, at=clock.now())
    let_in(request, user)
    staff = bool(roles_of(user, on=clock.now().date()))
    stays.begin(request, staff=staff, second_factor=staff)
    record(user, "signed in", user, at=clock.now(), way="demo")
    return redirect(onward.asked_for(request) or "home")


def outbox(request: HttpRequest) -> HttpResponse:
    """Every mail with its links to click, also those that were written when the demo ran on another port."""
    here = request.build_absolute_uri("/").rstrip("/")
    mails: list[Any] = [*all_notices()[:200], *all_letters()[:200]]
    mails.sort(key=lambda mail: mail.made_at, reverse=True)
    notices = [(mail, LOCALHOST.sub(here, mail.body or "")) for mail in mails]
    return render(request, "demo/outbox.html", {"notices": notices})
