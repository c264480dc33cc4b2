"""The canary sweep: a word of its own in every private field, looked for on every page, in mails, logs, the audit."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from accord.config.worker import run_once
from accord.records.accounts.models import Notice, User
from accord.records.agreements.actions import Text, add, doubt
from accord.records.audit.models import Entry
from accord.records.checkins.models import CheckIn
from accord.records.desk.actions import keep_reflection
from accord.records.intake import actions as intakes
from accord.records.matching.models import Letter
from accord.records.matching.moving import begin_move, keep_wishes
from accord.records.matching.queries import newest_search_of
from accord.records.matching.replying import pass_over
from accord.records.matching.searching import ask_too, keep_contact
from accord.records.pairs.models import CarePair
from accord.records.pairs.queries import Seen
from accord.records.ruptures.actions import keep_opening
from accord.records.ruptures.concerns import raise_concern
from accord.records.ruptures.models import Episode
from accord.records.ruptures.repairing import Given, write_change, write_passage
from accord.records.ruptures.saying import finish, keep_draft
from accord.records.sessions.actions import book, cancel
from tests.cells import Codes, ask_for_a_call, pages, prepare, told_before

EVERYBODY = ("", "kai", "jo", "cleo", "tess", "theo", "sana", "omar", "rui", "ines", "vera", "dora", "sam", "nia")
KAI, TESS, BOTH = frozenset({"kai"}), frozenset({"tess"}), frozenset({"kai", "tess"})
# What is written, and who may find it on some page: the table "who sees what".
MAY_SEE = {
    "check-in-keep": KAI,
    "check-in-myself": KAI,
    "check-in-now": BOTH,
    "check-in-before-next": BOTH,
    "note-keep": KAI,
    "note-draft": KAI,
    "note-sent": BOTH,
    "concern": frozenset({"kai", "dora"}),
    "reflection": TESS,
    "opening": TESS,
    "goal": BOTH,
    "why": BOTH,
    "doubt": BOTH,
    "kai-passage": BOTH,
    "tess-passage": BOTH,
    "change": BOTH,
    "cannot-come": BOTH,
    "intake": BOTH,
    "move": KAI,
    "intake-draft": frozenset({"cleo"}),
    "enquiry": BOTH,
    "first-question": KAI,
    "reach-kept": KAI,
}
# These stand on pages of their own codes, or give way to newer words; that they are shown is tested by their pages.
ELSEWHERE = frozenset({"cannot-come", "note-sent", "check-in-now"})


def canary(field: str) -> str:
    return f"canary-{field}-7f3a"


@pytest.fixture
def codes(pair_of, person, now) -> Codes:
    """Every field of MAY_SEE is written, by its own action where there is one."""
    pair, at = pair_of("kai"), now - timedelta(hours=1)
    kai, tess = Seen(pair, person("kai"), "client"), Seen(pair, person("tess"), "therapist")
    for number, travels in enumerate(("keep", "myself", "now", "before-next"), start=1):
        write_into_check_in(pair, number, travels)
    for state, travels in (("keep", "keep"), ("sent", "now")):
        note = keep_draft(kai, at=at, about="bond", words=canary(f"note-{state}"), travels=travels)
        finish(note, by=kai, at=at)
    raise_concern(canary("concern"), by=kai, at=at)
    told_before(pair, at, canary("intake"))
    write_intake_draft(person("cleo"), at)
    keep_wishes(begin_move(by=kai, at=at), {}, keep=canary("move"), avoid="", by=kai)
    found = prepare(pair, now)
    keep_draft(kai, at=at, about="goal", words=canary("note-draft"), travels="now")
    keep_reflection(canary("reflection"), by=tess, at=at, version=0)
    keep_opening("bond-missed", canary("opening"), by=person("tess"), at=at)
    add("goal", Text(canary("goal")), by=kai, at=at)
    task = add("task", Text("ten minutes", why=canary("why")), by=tess, at=at)
    doubt(task.versions.get(), "not-sure", by=kai, at=at, words=canary("doubt"))
    episode = Episode.objects.get(code=found.episode)
    write_passage(episode, Given("client", canary("kai-passage"), 0), by=kai, at=now)
    write_passage(episode, Given("therapist", canary("tess-passage"), 0), by=tess, at=now)
    write_change(episode, canary("change"), by=tess, at=now)
    enquiry = ask_for_a_call(pair, now, words=canary("enquiry"))
    search = newest_search_of(pair.client, at=now)
    assert search
    ask_too(search, canary("first-question"), at=now)
    typed = {"reach": canary("reach-kept"), "words": canary("enquiry")}
    keep_contact(search, {"name": "Kai", "address": "kai@harbour.example", **typed}, at=now)
    later = book(pair, now + timedelta(days=40), by=person("tess"), at=at)
    cancel(later, by=person("kai"), at=now, words=canary("cannot-come"))
    return found._replace(enquiry=enquiry.code)


def write_intake_draft(cleo: User, at: datetime) -> None:
    """Half an answer of somebody who has sent nothing, as far as the page after it."""
    intake = intakes.begin_intake(cleo.intakes.get(), by=cleo, at=at)
    intakes.answer_intake(intake, intakes.Given("brings", canary("intake-draft")), by=cleo, at=at)


def write_into_check_in(pair: CarePair, number: int, travels: str) -> None:
    """Words as if they had come with the answers of an earlier session."""
    check_in = CheckIn.objects.get(session__pair=pair, session__number=number, instrument="checkin@1")
    sealed = CheckIn._meta.get_field("note").sealed_for(check_in, canary(f"check-in-{travels}"))
    CheckIn.objects.filter(pk=check_in.pk).update(note=sealed, travels=travels)


@pytest.mark.parametrize("slug", EVERYBODY)
def test_everybody_finds_only_what_is_theirs_to_see(slug, codes, pair_of, browse, now) -> None:
    found: dict[str, str] = {}
    for url, page in pages(browse(slug), codes, pair_of("kai"), now):
        found |= {field: url for field in MAY_SEE if canary(field) in page}
    leaked = {field: url for field, url in found.items() if slug not in MAY_SEE[field]}
    assert not leaked
    wanted = {field for field, who in MAY_SEE.items() if slug in who} - ELSEWHERE
    assert wanted <= set(found), "what is theirs is on some page: else this test could pass on words that are nowhere"


def test_no_mail_no_log_and_no_entry_of_the_audit_holds_a_word(codes, caplog, now, clock_at: Callable) -> None:
    clock_at(now)
    with caplog.at_level(logging.DEBUG):
        for _ in range(2):
            run_once()
        pass_over(now + timedelta(days=3), link_url="http://localhost/find/back/{token}/")
    told = [notice.subject + (notice.body or "") for notice in Notice.objects.all()]
    told += [letter.subject + (letter.body or "") for letter in Letter.objects.all()]
    told += [f"{entry.verb} {entry.row} {entry.detail}" for entry in Entry.objects.all()]
    told.append(caplog.text)
    assert len(told) > 10
    assert Letter.objects.exists()
    assert not [words for words in told if "canary-" in words]
