"""Nobody fits, or nobody is open: onto a practice's waiting list, straight from the search.

What was asked for is kept with the search until its mail address is proved: by a link in a mail, or by being signed in.
So nobody is put on a list by somebody else, and no answer tells whether an address is known here.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accord.records.accounts.models import User
from accord.records.digits import numeral
from accord.records.errors import Refused
from accord.records.matching.clients import client_of, welcome
from accord.records.matching.enquiring import LONGEST, check_address
from accord.records.matching.letters import BACK, write_letter
from accord.records.matching.models import Search
from accord.records.matching.queries import answers_of, contact_of
from accord.records.matching.searching import claim, keep_contact
from accord.records.matching.wishes import BY_SLUG, ELSEWHERE, Answers, asked, is_wish
from accord.records.practices.models import Practice
from accord.records.profiles.queries import published
from accord.records.profiles.vocabulary import is_known
from accord.records.waiting.actions import Said, join_list
from accord.records.waiting.models import Wait
from accord.science.matching import Asked, Wish

PRACTICE, URGENCY, GIVES, WAIT = "list_practice", "list_urgency", "list_gives", "list_wait"  # beside the contact
FIELDS = ("name", "address", "reach")


def practices_to_wait_for(*, at: datetime) -> list[Practice]:
    """Those in which somebody can be found at all."""
    return list(Practice.objects.filter(pk__in=published(at=at).order_by().values("practice")).order_by("name"))


def may_be_given(answers: Answers) -> list[str]:
    """The questions whose answers a list can use, where there is one. How somebody likes to work is not for a list."""
    return [slug for slug, given in answers.items() if is_wish(given) and BY_SLUG[slug].how != "style"]


def lives_elsewhere(answers: Answers) -> bool:
    """Where the law lets nobody here treat people: a place on a list would be no place."""
    return answers.get("home", {"picks": []})["picks"] == [ELSEWHERE]


def asked_of(search: Search | None) -> str:
    """The code of the practice whose list was asked for, while the mail address is not proved."""
    return contact_of(search).get(PRACTICE, "")


def wait_of(search: Search | None) -> Wait | None:
    """The open wait that this search became."""
    code = contact_of(search).get(WAIT, "")
    return Wait.objects.filter(code=code, ended_at=None).select_related("practice").first() if code else None


@transaction.atomic
def ask_for_list(
    search: Search, typed: Mapping[str, str], gives: Iterable[str], *, by: User | None, at: datetime
) -> Search:
    """Kept with the search. typed: name, address, reach, practice, urgency; gives: whose answers go along."""
    told = _checked(typed if by is None else {**typed, "name": by.first_name, "address": by.email}, at=at)
    answers = answers_of(search)
    if lives_elsewhere(answers):
        raise Refused(_("By law, nobody here may treat people where you live. So a list would not help."))
    given = ",".join(slug for slug in may_be_given(answers) if slug in set(gives))
    return keep_contact(search, {**told, GIVES: given, WAIT: ""}, at=at)


def _checked(typed: Mapping[str, str], *, at: datetime) -> dict[str, str]:
    found = {name: typed.get(name, "").strip() for name in FIELDS}
    for name in FIELDS:
        if len(found[name]) > LONGEST[name]:
            raise Refused(_("This is too long: at most %(most)s characters fit.") % {"most": numeral(LONGEST[name])})
    if not found["name"]:
        raise Refused(_("Say what you would like to be called."))
    check_address(found["address"])
    if typed.get("urgency", "") not in map(str, Wait.Urgency.values):
        raise Refused(_("Choose how soon you need somebody."))
    if typed.get("practice") not in {one.code for one in practices_to_wait_for(at=at)}:
        raise Refused(_("Choose whose list it is."))
    return found | {URGENCY: typed["urgency"], PRACTICE: typed["practice"]}


def send_proof(search: Search, *, at: datetime, link_url: str) -> None:
    if not write_letter(search, BACK, at=at, link_url=link_url):
        raise Refused(_("No more mail goes to this address today. Your answers stay here in this browser."))


@transaction.atomic
def join_from(search: Search, *, by: User | None, at: datetime, sign_in: str) -> Wait | None:
    """Onto the list, once it is sure whose address it is. None: nothing was asked for, or it is not sure."""
    held = claim(search)
    told = contact_of(held)
    practice = Practice.objects.filter(code=told.get(PRACTICE, "")).first()
    if practice is None or (by is None and held.proved_at is None):
        return None
    client = by or client_of(told["address"], practice, name=told["name"], language=held.language, at=at)
    given = given_to_list(answers_of(held), told.get(GIVES, "").split(","))
    said = Said(int(told[URGENCY]), told["reach"])
    wait = join_list(practice, client, given, by=client, at=at, said=said)
    if by is not None:  # only a sign-in tells whose browser it is
        Search.objects.filter(pk=held.pk).update(client=by)
    keep_contact(held, {PRACTICE: "", URGENCY: "", GIVES: "", WAIT: wait.code}, at=at)
    welcome(client, sign_in, at=at)
    return wait


def given_to_list(answers: Answers, slugs: Iterable[str]) -> Asked:
    """As wishes in the list's own words."""
    allowed = set(slugs) & set(may_be_given(answers))
    told = asked({slug: given for slug, given in answers.items() if slug in allowed})
    return Asked(tuple(filter(_is_known, told.musts)), tuple(one for one in told.nice if _is_known(one[0])))


def _is_known(wish: Wish) -> bool:
    return all(is_known(*token.split(":", 1)) for token in wish.any_of)
