"""The practice in a few true numbers about groups. No client, no answer, no therapist."""

from django.http import HttpResponse
from django.shortcuts import render

from accord.records.checkins.counts import FEWEST_CLIENTS, FEWEST_THERAPISTS, STEP, practice_counts
from accord.records.matching.moving_queries import moves_in
from accord.surfaces.dashboard import words
from accord.surfaces.shared.requests import PersonRequest


def practice(request: PersonRequest) -> HttpResponse:
    practices = [
        (
            counts.practice,
            (counts.since.replace(tzinfo=None), counts.until.replace(tzinfo=None)),  # where the practice is
            [
                words.open_pairs(counts.open_pairs),
                words.sessions(counts.sessions),
                words.answered(counts.answered_percent),
                words.moved(moves_in(counts.practice, until=counts.until)),
            ],
        )
        for counts in practice_counts(request.user, at=request.now)
    ]
    context = {"practices": practices, "clients": FEWEST_CLIENTS, "therapists": FEWEST_THERAPISTS, "step": STEP}
    return render(request, "dashboard/practice.html", context)
