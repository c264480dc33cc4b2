"""A new colleague opens their invitation."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accord.records.accounts.actions import use_link
from accord.records.accounts.models import Link, User
from accord.records.audit.actions import record
from accord.records.errors import Gone, NotFound
from accord.records.practices.queries import roles_of
from accord.surfaces.shared import clock
from accord.surfaces.shared.sign_in import links, stays
from accord.surfaces.shared.sign_in.door import let_in
from accord.surfaces.shared.sign_in.ways import ways_of


def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """The button spends the link and opens the pages for setting up, and no others."""
    try:
        person = links.look(token, Link.Purpose.INVITATION, at=clock.now())
        _check(person)
        if request.method != "POST":
            return render(request, "sign_in/invitation.html", {"person": person})
        _enter(request, use_link(token, Link.Purpose.INVITATION, at=clock.now()))
    except (NotFound, Gone) as error:
        return render(request, "sign_in/invitation_over.html", {"sentence": str(error)}, status=410)
    return redirect("mfa_index")


def _check(person: User) -> None:
    """An invitation never goes around a second factor, and opens nothing for those who do not work here."""
    if not roles_of(person, on=clock.now().date()):
        raise NotFound(_("This link does not open anything."))
    if ways_of(person).second_factor:
        raise Gone(_("You have set up your sign-in before."))


def _enter(request: HttpRequest, person: User) -> None:
    let_in(request, person)
    stays.begin(request, staff=True, second_factor=False)
    record(person, "signed in", person, at=clock.now(), way="invitation")
