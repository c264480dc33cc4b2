"""Background work: the jobs of the records, one after the other, again and again.

By default a thread of the web process; `accord manage work` runs the same loop in a process of its own. Every
job claims its work by conditional UPDATEs, so any number of workers may run.
"""

import logging
import threading
from collections.abc import Callable
from datetime import datetime
from functools import partial

from django.conf import settings
from django.db import close_old_connections

from accord.records.accounts.jobs import send_waiting_notices
from accord.records.alliance.jobs import estimate_waiting
from accord.records.checkins.jobs import ask_after_sessions
from accord.records.desk.jobs import tell_therapists
from accord.records.desk.track_records import count_records
from accord.records.intake.jobs import ask_who_begins, join_pairs
from accord.records.matching.departures import bring_moves_back, end_enquiries
from accord.records.matching.jobs import ask_at_third_visit, send_letters, tell_of_fit_checks
from accord.records.matching.moving import lapse_moves
from accord.records.matching.replying import pass_over
from accord.records.matching.searching import forget_searches
from accord.records.profiles.jobs import free_ended_places, warn_before_places_turn_stale
from accord.records.ruptures.jobs import join_early_notes, raise_flags, said_now, tell_before_sessions
from accord.records.sessions.jobs import (
    cancel_after_endings,
    hold_past_sessions,
    remind_of_sessions,
    tell_of_changes,
)
from accord.records.waiting.jobs import end_waits_of_begun, pass_on_unanswered, tell_of_places
from accord.science.matching import Asked, Offer, Waiting, assign
from accord.surfaces.shared import clock

log = logging.getLogger(__name__)
PAUSE = 1.0  # seconds between two rounds
CHECK_IN_ADDRESS = "{url}/c/{{token}}/"
SESSIONS, WEEK = "{url}/me/sessions/", "{url}/desk/week/"
FIT = "{url}/me/fit/"
INTAKE = "{url}/me/intake/on/"
BACK = "{url}/find/back/{{token}}/"
WAIT, PLACES = "{url}/me/wait/", "{url}/desk/profile/"


def jobs() -> list[tuple[str, Callable[[datetime], int]]]:
    """In the order of the day: a session ends, both are asked, answers are estimated, flags raised, mail sent."""
    places = PLACES.format(url=settings.PUBLIC_URL)
    sessions, week = SESSIONS.format(url=settings.PUBLIC_URL), WEEK.format(url=settings.PUBLIC_URL)
    return [
        ("cancel after endings", cancel_after_endings),
        ("hold past sessions", hold_past_sessions),
        ("ask after sessions", partial(ask_after_sessions, link_url=CHECK_IN_ADDRESS.format(url=settings.PUBLIC_URL))),
        ("moves that nobody answered", lapse_moves),
        ("moves to somebody who has left", bring_moves_back),
        ("enquiries to somebody who has left", partial(end_enquiries, link_url=BACK.format(url=settings.PUBLIC_URL))),
        ("intakes of new pairs", join_pairs),
        ("ask for intake", partial(ask_who_begins, address=INTAKE.format(url=settings.PUBLIC_URL))),
        ("ask for fit", ask_at_third_visit),
        ("tell of fit", partial(tell_of_fit_checks, address=FIT.format(url=settings.PUBLIC_URL))),
        ("estimate", estimate_waiting),
        ("raise flags", raise_flags),
        ("what was said now", said_now),
        ("notes from before the first session", join_early_notes),
        ("notes before sessions", tell_before_sessions),
        ("tell of changes", partial(tell_of_changes, client_address=sessions, therapist_address=week)),
        ("remind of sessions", partial(remind_of_sessions, address=sessions)),
        ("waits of who has begun", end_waits_of_begun),
        ("pass on unanswered places", pass_on_unanswered),
        ("tell of places", partial(tell_of_places, address=WAIT.format(url=settings.PUBLIC_URL))),
        ("free places of ended pairs", free_ended_places),
        (
            "warn before places turn stale",
            partial(warn_before_places_turn_stale, address=places),
        ),
        ("count track records", count_records),
        ("tell therapists", tell_therapists),
        ("pass enquiries over", partial(pass_over, link_url=BACK.format(url=settings.PUBLIC_URL))),
        ("forget searches", forget_searches),
        ("send letters", send_letters),
        ("send notices", send_waiting_notices),
    ]


def run_once() -> int:
    """One round. A job that fails is written down and tried again; the others go on."""
    done = 0
    for name, job in jobs():
        try:
            done += job(clock.now())
        except Exception:
            log.exception("job failed: %s", name)
    return done


def compile_ahead() -> None:
    """The practice's queue does not wait for a compiler: after an installation this fills the cache on disk."""
    offer = Offer(
        "a", frozenset(), {}, places=1, days_since_confirmed=0, caseload_share=0.0, track={}, track_used=False
    )
    assign([Waiting("a", Asked())], [offer], seed=0)


def run_until(stop: threading.Event) -> None:
    run_once()
    compile_ahead()
    while not stop.is_set():
        run_once()
        close_old_connections()
        stop.wait(PAUSE)


def start() -> threading.Event:
    """Work beside the web pages, in this process. Set the event to end it."""
    stop = threading.Event()
    threading.Thread(target=run_until, args=(stop,), name="accord-worker", daemon=True).start()
    return stop
