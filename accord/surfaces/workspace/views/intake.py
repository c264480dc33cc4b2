"""What a client sent before the two first met. The first look is told to the client."""

from django.http import HttpResponse
from django.shortcuts import render

from accord.records.audit.actions import record_read
from accord.records.intake.actions import read_intake
from accord.records.intake.queries import answers_in, intake_for
from accord.records.intake.questions import BY_NAME, KNOWN, NAMES
from accord.surfaces.shared import clock, intakes
from accord.surfaces.shared.requests import PersonRequest
from accord.surfaces.workspace.going_back import notices


def intake(request: PersonRequest, code: str) -> HttpResponse:
    found = intake_for(request.user, code, at=request.now)
    read_intake(found, by=request.user, at=request.now)
    record_read(request.user, "opened an intake", found, at=request.now)
    answers, first_name = answers_in(found), request.user.first_name
    context = {
        "intake": found,
        "name": found.client.first_name,
        "sent_at": clock.on_the_wall(found.sent_at or request.now, request.user),
        "known": [
            (intakes.known_words(name.removeprefix(KNOWN)), one.words or "")
            for name, one in answers.items()
            if name.startswith(KNOWN)
        ],
        "rows": [
            {"question": intakes.asked(name, first_name).text, "answer": intakes.told(answers.get(name))}
            | {"own": bool(answers.get(name) and answers[name].words and not BY_NAME[name].choices)}
            for name in NAMES
        ],
        "notices": notices(request),
    }
    return render(request, "workspace/intake.html", context)
