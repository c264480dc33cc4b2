"""Writes about a search: begun by a press, answered a question at a time, cleared at once, forgotten in time."""

import json
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from accord.records.accounts.models import User
from accord.records.audit.actions import record
from accord.records.digits import numeral
from accord.records.errors import Gone, Refused
from accord.records.matching.models import Enquiry, Search
from accord.records.matching.queries import answers_of, contact_of, open_enquiries, owed_to, questions_of
from accord.records.matching.wishes import BY_SLUG, MUCH, MUST, Given, is_answer
from accord.records.one_by_one import one_by_one

LIFE = timedelta(days=30)
MOST_QUESTIONS, LONGEST_QUESTION = 20, 300


@transaction.atomic
def begin_search(*, by: User | None, at: datetime) -> Search:
    """By pressing a button; a look alone leaves nothing behind."""
    search = Search.objects.create(
        client=by,
        language=translation.get_language() or "",
        seed=secrets.randbelow(2**31),
        begun_at=at,
        expires_at=at + LIFE,
    )
    record(by, "search begun", search, at=at)
    return search


@transaction.atomic
def answer_search(search: Search, slug: str, given: Given, *, at: datetime) -> Search:
    """One more answer, or another one. What two tabs answered is all kept."""
    question = BY_SLUG.get(slug)
    if question is None or not is_answer(question, given):
        raise Refused(_("There is no such answer."))
    held = claim(search)
    return _keep(held, {"answers": {**answers_of(held), slug: given}}, at=at)


@transaction.atomic
def relax(search: Search, slug: str, pick: str, *, at: datetime) -> Search:
    """Let go of a must-have: it still matters a lot. Of several that are each one, only of this."""
    held = claim(search)
    answers, question = answers_of(held), BY_SLUG.get(slug)
    given = answers.get(slug)
    if question is None or given is None or given["strength"] != MUST or (question.each and pick not in given["picks"]):
        raise Refused(_("There is no such answer."))
    soft: Given = {**given, "soft": sorted({*given.get("soft", []), pick})}
    return _keep(held, {"answers": {**answers, slug: soft if question.each else {**given, "strength": MUCH}}}, at=at)


@transaction.atomic
def ask_too(search: Search, text: str, *, at: datetime) -> Search:
    """One more question for the list; the same one stands there once."""
    words = " ".join(text.split())
    held = claim(search)
    kept = questions_of(held)
    if not words or words in kept:
        return held
    if len(words) > LONGEST_QUESTION:
        raise Refused(_("This is too long: at most %(most)s characters fit.") % {"most": numeral(LONGEST_QUESTION)})
    if len(kept) >= MOST_QUESTIONS:
        raise Refused(_("Your list is full. Take one off first."))
    return _keep(held, {"questions": [*kept, words]}, at=at)


@transaction.atomic
def ask_no_more(search: Search, text: str, *, at: datetime) -> Search:
    held = claim(search)
    return _keep(held, {"questions": [words for words in questions_of(held) if words != text]}, at=at)


@transaction.atomic
def keep_contact(search: Search, contact: Mapping[str, str], *, at: datetime) -> Search:
    """What is typed so far. Another address is another letterbox: nobody has opened a mail there yet."""
    held = claim(search)
    before = contact_of(held)
    after = {**before, **contact}
    if after.get("address", "").lower() != before.get("address", "").lower():
        Search.objects.filter(pk=held.pk).update(proved_at=None)
    return _keep(held, {"contact": after}, at=at)


@transaction.atomic
def clear_search(search: Search, *, by: User | None, at: datetime) -> None:
    """At once, and everything: open enquiries are taken back, answers, questions and mails are gone."""
    held = claim(search)
    record(by, "search cleared", held, at=at)
    _erase(held, at=at)


def forget_searches(now: datetime) -> int:
    """Those whose time is over. Each step of one of their enquiries gave them time; so does an answer that is owed."""
    return one_by_one(
        Search.objects.filter(expires_at__lte=now).order_by("expires_at")[:200], partial(_forget, now=now)
    )


@transaction.atomic
def _forget(search: Search, now: datetime) -> int:
    held = Search.objects.select_for_update().filter(pk=search.pk, expires_at__lte=now).first()
    if held is None or owed_to(held).exists():
        return 0
    record(None, "search forgotten", held, at=now)
    _erase(held, at=now)
    return 1


def _erase(search: Search, *, at: datetime) -> None:
    """Of an enquiry that ended there stays that it was, for the therapist's own list; of a start, what was told."""
    close_all(search, at=at)
    Enquiry.objects.filter(search=search).update(search=None)
    search.delete()


def close_all(search: Search, *, at: datetime, but: int = 0) -> None:
    """Take back whatever is open."""
    for enquiry in open_enquiries(search).exclude(pk=but):
        if Enquiry.objects.filter(pk=enquiry.pk, state__in=Enquiry.OPEN).update(
            state=Enquiry.State.WITHDRAWN, over_at=at, **WITHOUT_WORDS
        ):
            record(search.client, "enquiry withdrawn", enquiry, at=at)


WITHOUT_WORDS: dict[str, None] = dict.fromkeys(("name", "reach", "address", "words", "answers", "call_how"))


def claim(search: Search) -> Search:
    """The row, held until the end of the transaction; an error where it was cleared meanwhile."""
    held = Search.objects.select_for_update().filter(pk=search.pk).first()
    if held is None:
        raise Gone(_("Your answers were cleared. You can start again any time."))
    return held


def _keep(search: Search, values: Mapping[str, Any], *, at: datetime) -> Search:
    sealed: dict[str, Any] = {}
    for name, value in values.items():
        field: Any = Search._meta.get_field(name)
        sealed[name] = field.sealed_for(search, json.dumps(value, ensure_ascii=False))
    language = translation.get_language() or ""
    Search.objects.filter(pk=search.pk).update(**sealed, expires_at=at + LIFE, language=language)
    search.refresh_from_db()
    return search
