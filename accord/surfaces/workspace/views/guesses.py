"""A therapist's own guesses beside what clients said: for whoever guessed, and nobody is compared with anybody."""

from django.http import HttpResponse
from django.shortcuts import render

from accord.records.audit.actions import record_read
from accord.records.desk.guesses import LAST_OF_A_PAIR, LAST_OF_ALL, guesses_of, last_sessions
from accord.records.pairs.queries import as_therapist, caseload
from accord.surfaces.shared.requests import PersonRequest
from accord.surfaces.workspace.guess_figures import lines_of, pair_figure, spreads


def guesses(request: PersonRequest) -> HttpResponse:
    pairs = list(caseload(request.user, at=request.now))
    found = last_sessions(guesses_of(pairs, viewer=request.user, at=request.now), LAST_OF_ALL)
    known = {one.pair.pk for one in found}
    context = {
        "lines": lines_of(found),
        "spreads": spreads(found),
        "sessions": len({one.session.pk for one in found}),
        "pairs": [pair for pair in pairs if pair.pk in known],
        "last": LAST_OF_ALL,
    }
    return render(request, "workspace/guesses.html", context)


def of_pair(request: PersonRequest, code: str) -> HttpResponse:
    seen = as_therapist(request.user, code, at=request.now)
    found = last_sessions(guesses_of([seen.pair], viewer=request.user, at=request.now), LAST_OF_A_PAIR)
    name = seen.pair.client.first_name
    context = {
        "pair": seen.pair,
        "lines": lines_of(found, name),
        "sessions": len({one.session.pk for one in found}),
        "figure": pair_figure(found, name, viewer=request.user) if found else None,
        "last": LAST_OF_A_PAIR,
    }
    record_read(request.user, "opened their guesses about a pair", seen.pair, at=request.now)
    return render(request, "workspace/pair_guesses.html", context)
