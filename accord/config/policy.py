"""Which routes there are, and who may use them with which methods. A route that is not declared here does not start.

This table decides by role only. Whether this person may see this thing is decided by the queries, which all
start from who is looking (accord.records.pairs.queries).
"""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.core.exceptions import ImproperlyConfigured
from django.urls import URLPattern, URLResolver, get_resolver

NOBODY_YET = "anonymous"
CLIENT, THERAPIST, SUPERVISOR = "client", "therapist", "supervisor"
LEAD, RESEARCHER, OPERATOR = "lead", "researcher", "operator"
DUTY, CONTACT = "duty", "contact"
STAFF = frozenset({THERAPIST, SUPERVISOR, LEAD, RESEARCHER, OPERATOR, DUTY, CONTACT})
SIGNED_IN = STAFF | {CLIENT}
ANYONE = SIGNED_IN | {NOBODY_YET}
READ, WRITE, BOTH = frozenset({"GET"}), frozenset({"POST"}), frozenset({"GET", "POST"})


class Policy(NamedTuple):
    who: frozenset[str]
    methods: frozenset[str]
    object: str = ""  # the query that decides about the thing behind a code, in words


PAIR = "its two people see a pair; a colleague is refused, a stranger finds nothing"
OWN_LINK = "whoever holds the link, for what it opens and as long as it lives"
OWN = "only one's own"
ASKED = "the therapist whom a client asked to move to; a colleague is refused, a stranger finds nothing"
SEARCH = "whoever holds the search, in a signed cookie or by signing in"
ASKED = "the therapist who was asked; a colleague is refused, a stranger finds nothing"
QUEUE = "the queue of one's own practice: the wishes that each agreed to give it"
PUBLISHED = "what its therapist published, the same for everybody"

POLICIES: dict[str, Policy] = {
    "home": Policy(ANYONE, READ),
    "help": Policy(ANYONE, READ),
    "quick_exit": Policy(ANYONE, READ),
    "health": Policy(ANYONE, READ),
    "profile": Policy(ANYONE, READ, PUBLISHED),
    "language": Policy(ANYONE, WRITE, OWN),
    "sign_in": Policy(ANYONE, BOTH),
    "sign_in_by_link": Policy(ANYONE, BOTH, OWN_LINK),
    "calendar_feed": Policy(ANYONE, READ, OWN_LINK),
    "sign_out": Policy(ANYONE, WRITE),
    "stay": Policy(ANYONE, READ, OWN),
    "invitation": Policy(ANYONE, BOTH, OWN_LINK),
    "account_login": Policy(ANYONE, BOTH),
    "mfa_login_webauthn": Policy(ANYONE, BOTH),
    "mfa_authenticate": Policy(ANYONE, BOTH, "whoever has just given the right password"),
    "account_reauthenticate": Policy(STAFF, BOTH, OWN),
    "mfa_reauthenticate": Policy(STAFF, BOTH, OWN),
    "mfa_reauthenticate_webauthn": Policy(STAFF, BOTH, OWN),
    "mfa_index": Policy(STAFF, READ, OWN),
    "staff_password": Policy(STAFF, BOTH, OWN),
    "mfa_add_webauthn": Policy(STAFF, BOTH, OWN),
    "mfa_remove_webauthn": Policy(STAFF, BOTH, OWN),
    "mfa_activate_totp": Policy(STAFF, BOTH, OWN),
    "mfa_deactivate_totp": Policy(STAFF, BOTH, OWN),
    "mfa_view_recovery_codes": Policy(STAFF, READ, OWN),
    "mfa_generate_recovery_codes": Policy(STAFF, BOTH, OWN),
    "portal:check_in_by_link": Policy(ANYONE, BOTH, OWN_LINK),
    "portal:service_worker": Policy(ANYONE, READ, "the same for everybody"),
    "portal:manifest": Policy(ANYONE, READ, "the same for everybody"),
    "portal:shell": Policy(ANYONE, READ, "the same for everybody"),
    "portal:phone": Policy(ANYONE, BOTH, OWN),
    "portal:take_back_by_link": Policy(ANYONE, WRITE, OWN_LINK),
    "portal:take_back": Policy(frozenset({CLIENT}), WRITE, PAIR),
    "portal:find": Policy(ANYONE, BOTH, SEARCH),
    "portal:find_question": Policy(ANYONE, BOTH, SEARCH),
    "portal:find_people": Policy(ANYONE, READ, SEARCH),
    "portal:find_wait": Policy(ANYONE, BOTH, SEARCH),
    "portal:let_go": Policy(ANYONE, WRITE, SEARCH),
    "portal:clear_search": Policy(ANYONE, WRITE, SEARCH),
    "portal:find_questions": Policy(ANYONE, BOTH, SEARCH),
    "portal:find_mail": Policy(ANYONE, BOTH, SEARCH),
    "portal:find_back": Policy(ANYONE, BOTH, OWN_LINK),
    "portal:find_contact": Policy(ANYONE, BOTH, PUBLISHED),
    "portal:find_check": Policy(ANYONE, BOTH, SEARCH),
    "portal:enquiry": Policy(ANYONE, READ, SEARCH),
    "portal:answer_enquiry": Policy(ANYONE, WRITE, SEARCH),
    "portal:home": Policy(frozenset({CLIENT}), READ, OWN),
    "portal:check_in": Policy(frozenset({CLIENT}), BOTH, PAIR),
    "portal:sessions": Policy(frozenset({CLIENT}), READ, OWN),
    "portal:choose_reminders": Policy(frozenset({CLIENT}), WRITE, OWN),
    "portal:make_address": Policy(frozenset({CLIENT}), WRITE, OWN),
    "portal:revoke_address": Policy(frozenset({CLIENT}), WRITE, OWN),
    "portal:cancel_session": Policy(frozenset({CLIENT}), BOTH, PAIR),
    "portal:bring_back_session": Policy(frozenset({CLIENT}), WRITE, PAIR),
    "portal:session_file": Policy(frozenset({CLIENT}), READ, PAIR),
    "portal:repair": Policy(frozenset({CLIENT}), READ, PAIR),
    "portal:move_repair": Policy(frozenset({CLIENT}), WRITE, PAIR),
    "portal:agreement": Policy(frozenset({CLIENT}), READ, PAIR),
    "portal:agreement_part": Policy(frozenset({CLIENT}), READ, PAIR),
    "portal:agreement_live": Policy(frozenset({CLIENT}), READ, PAIR),
    "portal:agreement_history": Policy(frozenset({CLIENT}), READ, PAIR),
    "portal:change_agreement": Policy(frozenset({CLIENT}), WRITE, PAIR),
    "portal:write_repair": Policy(frozenset({CLIENT}), WRITE, PAIR),
    "portal:answer_change": Policy(frozenset({CLIENT}), WRITE, PAIR),
    "portal:say": Policy(frozenset({CLIENT}), BOTH, OWN),
    "portal:say_words": Policy(frozenset({CLIENT}), BOTH, OWN),
    "portal:say_travels": Policy(frozenset({CLIENT}), BOTH, OWN),
    "portal:say_check": Policy(frozenset({CLIENT}), BOTH, OWN),
    "portal:drop_note": Policy(frozenset({CLIENT}), WRITE, OWN),
    "portal:said": Policy(frozenset({CLIENT}), READ, PAIR),
    "portal:take_back_note": Policy(frozenset({CLIENT}), WRITE, PAIR),
    "portal:send_note": Policy(frozenset({CLIENT}), WRITE, PAIR),
    "portal:change_note": Policy(frozenset({CLIENT}), WRITE, PAIR),
    "portal:throw_note_away": Policy(frozenset({CLIENT}), WRITE, PAIR),
    "portal:concern": Policy(frozenset({CLIENT}), BOTH, OWN),
    "portal:intake": Policy(frozenset({CLIENT}), BOTH, OWN),
    "portal:intake_on": Policy(frozenset({CLIENT}), READ, OWN),
    "portal:intake_link": Policy(frozenset({CLIENT}), WRITE, OWN),
    "portal:intake_question": Policy(frozenset({CLIENT}), BOTH, OWN),
    "portal:intake_known": Policy(frozenset({CLIENT}), BOTH, OWN),
    "portal:intake_review": Policy(frozenset({CLIENT}), READ, OWN),
    "portal:intake_consent": Policy(frozenset({CLIENT}), BOTH, OWN),
    "portal:intake_sent": Policy(frozenset({CLIENT}), READ, OWN),
    "portal:take_back_intake": Policy(frozenset({CLIENT}), WRITE, OWN),
    "portal:wait": Policy(frozenset({CLIENT}), READ, OWN),
    "portal:answer_place": Policy(frozenset({CLIENT}), WRITE, OWN),
    "portal:leave_list": Policy(frozenset({CLIENT}), WRITE, OWN),
    "portal:fit": Policy(frozenset({CLIENT}), BOTH, OWN),
    "portal:fit_question": Policy(frozenset({CLIENT}), BOTH, OWN),
    "portal:fit_doors": Policy(frozenset({CLIENT}), READ, OWN),
    "portal:way": Policy(frozenset({CLIENT}), BOTH, OWN),
    "portal:way_words": Policy(frozenset({CLIENT}), BOTH, OWN),
    "portal:way_check": Policy(frozenset({CLIENT}), BOTH, OWN),
    "portal:drop_way": Policy(frozenset({CLIENT}), WRITE, OWN),
    "portal:moving": Policy(frozenset({CLIENT}), BOTH, OWN),
    "portal:moving_wishes": Policy(frozenset({CLIENT}), BOTH, OWN),
    "portal:moving_people": Policy(frozenset({CLIENT}), BOTH, OWN),
    "portal:moving_note": Policy(frozenset({CLIENT}), BOTH, OWN),
    "portal:moving_goodbye": Policy(frozenset({CLIENT}), BOTH, OWN),
    "portal:moving_check": Policy(frozenset({CLIENT}), BOTH, OWN),
    "portal:confirm_move": Policy(frozenset({CLIENT}), WRITE, OWN),
    "portal:other_time": Policy(frozenset({CLIENT}), WRITE, OWN),
    "portal:cancel_move": Policy(frozenset({CLIENT}), WRITE, OWN),
    "portal:meet": Policy(frozenset({CLIENT}), BOTH, OWN),
    "portal:take_back_wish": Policy(frozenset({CLIENT}), WRITE, OWN),
    "workspace:agreement": Policy(STAFF, READ, PAIR),
    "workspace:agreement_part": Policy(STAFF, READ, PAIR),
    "workspace:agreement_live": Policy(STAFF, READ, PAIR),
    "workspace:agreement_history": Policy(STAFF, READ, PAIR),
    "workspace:change_agreement": Policy(STAFF, WRITE, PAIR),
    "workspace:note": Policy(STAFF, READ, PAIR),
    "workspace:asked_move": Policy(frozenset({THERAPIST}), READ, ASKED),
    "workspace:answer_move": Policy(frozenset({THERAPIST}), WRITE, ASKED),
    "workspace:leaving": Policy(frozenset({THERAPIST}), READ, "their therapist before, once the client has chosen it"),
    "workspace:brought": Policy(STAFF, READ, PAIR),
    "workspace:intake": Policy(STAFF, READ, PAIR),
    "workspace:repair": Policy(STAFF, READ, PAIR),
    "workspace:write_repair": Policy(STAFF, WRITE, PAIR),
    "workspace:write_change": Policy(STAFF, WRITE, PAIR),
    "workspace:guide": Policy(STAFF, READ, PAIR),
    "workspace:enquiries": Policy(frozenset({THERAPIST}), READ, OWN),
    "workspace:enquiry": Policy(STAFF, READ, ASKED),
    "workspace:offer_call": Policy(STAFF, WRITE, ASKED),
    "workspace:decline_enquiry": Policy(STAFF, WRITE, ASKED),
    "workspace:confirm_start": Policy(STAFF, WRITE, ASKED),
    "workspace:today": Policy(frozenset({THERAPIST, SUPERVISOR}), READ, OWN),
    "workspace:own_profile": Policy(frozenset({THERAPIST}), READ, OWN),
    "workspace:write_profile": Policy(frozenset({THERAPIST}), BOTH, OWN),
    "workspace:preview_profile": Policy(frozenset({THERAPIST}), READ, OWN),
    "workspace:publish_profile": Policy(frozenset({THERAPIST}), WRITE, OWN),
    "workspace:unpublish_profile": Policy(frozenset({THERAPIST}), WRITE, OWN),
    "workspace:confirm_places": Policy(frozenset({THERAPIST}), WRITE, OWN),
    "workspace:make_room": Policy(frozenset({THERAPIST}), WRITE, OWN),
    "workspace:week": Policy(frozenset({THERAPIST}), READ, OWN),
    "workspace:book": Policy(frozenset({THERAPIST}), BOTH, OWN),
    "workspace:calendar": Policy(frozenset({THERAPIST}), READ, OWN),
    "workspace:make_address": Policy(frozenset({THERAPIST}), WRITE, OWN),
    "workspace:revoke_address": Policy(frozenset({THERAPIST}), WRITE, OWN),
    "workspace:import_busy": Policy(frozenset({THERAPIST}), WRITE, OWN),
    "workspace:forget_busy": Policy(frozenset({THERAPIST}), WRITE, OWN),
    "workspace:session": Policy(STAFF, READ, PAIR),
    "workspace:move_session": Policy(STAFF, WRITE, PAIR),
    "workspace:undo_move_session": Policy(STAFF, WRITE, PAIR),
    "workspace:cancel_session": Policy(STAFF, WRITE, PAIR),
    "workspace:bring_back_session": Policy(STAFF, WRITE, PAIR),
    "workspace:pair": Policy(STAFF, READ, PAIR),
    "workspace:prep": Policy(STAFF, READ, PAIR),
    "workspace:together": Policy(STAFF, READ, PAIR),
    "workspace:rate": Policy(STAFF, BOTH, PAIR),
    "workspace:skip_rating": Policy(STAFF, WRITE, PAIR),
    "workspace:move_episode": Policy(STAFF, WRITE, PAIR),
    "workspace:snooze": Policy(STAFF, WRITE, PAIR),
    "workspace:undo_snooze": Policy(STAFF, WRITE, PAIR),
    "workspace:take_back_talk": Policy(STAFF, WRITE, PAIR),
    "workspace:mute": Policy(STAFF, WRITE, PAIR),
    "workspace:discussed": Policy(STAFF, WRITE, PAIR),
    "workspace:unquiet": Policy(STAFF, WRITE, PAIR),
    "workspace:pair_guesses": Policy(STAFF, READ, PAIR),
    "workspace:reflection": Policy(STAFF, BOTH, PAIR),
    "workspace:guesses": Policy(frozenset({THERAPIST}), READ, OWN),
    "workspace:track_record": Policy(frozenset({THERAPIST}), READ, OWN),
    "workspace:allow_record": Policy(frozenset({THERAPIST}), WRITE, OWN),
    "workspace:put_aside": Policy(frozenset({THERAPIST}), READ, OWN),
    "workspace:arrange": Policy(frozenset({THERAPIST}), BOTH, OWN),
    "workspace:find": Policy(frozenset({THERAPIST, SUPERVISOR}), READ, OWN),
    "workspace:openings": Policy(frozenset({THERAPIST}), READ, OWN),
    "workspace:keep_opening": Policy(frozenset({THERAPIST}), WRITE, OWN),
    "workspace:hide_opening": Policy(frozenset({THERAPIST}), WRITE, OWN),
    "workspace:bring_back_opening": Policy(frozenset({THERAPIST}), WRITE, OWN),
    "dashboard:practice": Policy(frozenset({LEAD}), READ, "counts of one's own practice"),
    "dashboard:queue": Policy(frozenset({LEAD, CONTACT}), READ, QUEUE),
    "dashboard:add_waiting": Policy(frozenset({LEAD, CONTACT}), BOTH, QUEUE),
    "dashboard:waiting_person": Policy(frozenset({LEAD, CONTACT}), READ, QUEUE),
    "dashboard:offer_place": Policy(frozenset({LEAD, CONTACT}), WRITE, QUEUE),
    "dashboard:withdraw_place": Policy(frozenset({LEAD, CONTACT}), WRITE, QUEUE),
    "dashboard:write_waiting": Policy(frozenset({LEAD, CONTACT}), WRITE, QUEUE),
    "dashboard:set_urgency": Policy(frozenset({LEAD, CONTACT}), WRITE, QUEUE),
    "dashboard:places": Policy(frozenset({LEAD}), READ, "capacity in one's own practice"),
    "dashboard:set_places": Policy(frozenset({LEAD}), WRITE, "capacity in one's own practice"),
    "dashboard:ask_to_confirm": Policy(frozenset({LEAD}), WRITE, "capacity in one's own practice"),
    "dashboard:research": Policy(frozenset({RESEARCHER}), READ, "clients of one's own practice who consented"),
    "dashboard:check_in_times": Policy(frozenset({RESEARCHER}), READ, "clients of one's own practice who consented"),
    "dashboard:duty": Policy(frozenset({DUTY}), READ, "concerns of one's own practice, never about one's own work"),
    "dashboard:see_concern": Policy(frozenset({DUTY}), WRITE, "concerns of one's own practice"),
    "dashboard:contact": Policy(frozenset({CONTACT}), READ, "wishes of one's own practice, never about one's own work"),
    "dashboard:got_in_touch": Policy(frozenset({CONTACT}), WRITE, "wishes of one's own practice"),
    "dashboard:operation": Policy(frozenset({OPERATOR}), READ, "no clinical text"),
}
DEMO_POLICIES: dict[str, Policy] = {
    "demo": Policy(ANYONE, READ),
    "demo_enter": Policy(ANYONE, READ),
    "demo_outbox": Policy(ANYONE, READ),
    "design": Policy(ANYONE, READ),
}


def table() -> dict[str, Policy]:
    """The policies in force: the demo's routes exist in the demo only."""
    return POLICIES | DEMO_POLICIES if settings.DEMO else POLICIES


def routes(resolver: URLResolver | None = None, space: str = "", path: str = "") -> Iterator[tuple[str, str]]:
    """(name, path) of every route that can be reached; a route without a name yields its path as its name."""
    for entry in (resolver or get_resolver()).url_patterns:
        here = path + str(entry.pattern)
        if isinstance(entry, URLResolver):
            inside = f"{space}{entry.namespace}:" if entry.namespace else space
            yield from routes(entry, inside, here)
        elif isinstance(entry, URLPattern):
            yield (f"{space}{entry.name}" if entry.name else f"unnamed route {here}"), here


def undeclared() -> list[str]:
    return sorted({name for name, _ in routes()} - set(table()))


def refuse_undeclared() -> None:
    """Called before the first request is served."""
    missing = undeclared()
    if missing:
        raise ImproperlyConfigured(
            f"No policy is declared for {', '.join(missing)}: add it to accord/config/policy.py."
        )


def check_policies(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    missing = [Error(f"No policy is declared for the route {name!r}.", id="accord.E001") for name in undeclared()]
    stale = sorted(set(table()) - {name for name, _ in routes()})
    return [
        *missing,
        *(Error(f"A policy is declared for {name!r}, which is no route.", id="accord.E003") for name in stale),
    ]
