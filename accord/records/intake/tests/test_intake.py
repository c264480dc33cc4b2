"""The intake's records: asked once, kept as it is typed, the client's alone until it is sent."""

from datetime import timedelta

import pytest

from accord.records.accounts.models import Consent, Notice
from accord.records.accounts.queries import has_consented
from accord.records.audit.models import Entry
from accord.records.errors import NotAllowed, NotFound, Refused, StateMoved
from accord.records.intake import jobs
from accord.records.intake.actions import (
    Allowed,
    Given,
    answer_intake,
    ask_for_intake,
    begin_intake,
    keep_words,
    read_intake,
    send_intake,
    take_back_intake,
)
from accord.records.intake.jobs import ask_who_begins, join_pairs
from accord.records.intake.models import Intake, IntakeAnswer
from accord.records.intake.queries import (
    answers_in,
    intake_for,
    intake_of_pair,
    newest_intake,
    put_right,
    unread_intakes,
)
from accord.records.intake.questions import LONGEST, NAMES, Known
from accord.records.pairs.actions import begin_pair, end_pair
from accord.records.practices.actions import end_post

READ = Allowed(read=True)
KNOWN = [Known("name", "Cleo Marsh")]


@pytest.fixture
def cleo(person):
    return person("cleo")


@pytest.fixture
def begun(cleo, now):
    intake: Intake | None = newest_intake(cleo)
    assert intake
    return begin_intake(intake, by=cleo, at=now)


@pytest.fixture
def sent(begun, cleo, now):
    answer_intake(begun, Given("brings", "I lie awake."), by=cleo, at=now)
    send_intake(begun, READ, known=KNOWN, by=cleo, at=now)
    begun.refresh_from_db()
    return begun


def words_of(intake, question):
    return answers_in(intake)[question].words


def test_it_is_asked_once_of_two_people(cleo, person, now):
    tess = person("tess").posts.get(role="therapist")
    assert ask_for_intake(cleo, tess, at=now) is None
    assert Intake.objects.filter(client=cleo).count() == 1


def test_asking_leaves_one_neutral_mail(person, now):
    rosa, tess = person("rosa"), person("tess").posts.get(role="therapist")
    assert ask_for_intake(rosa, tess, at=now, address="https://here.example/me/intake/on/")
    mail = Notice.objects.get(user=rosa, made_at=now)
    assert "here.example" in (mail.body or "")
    for word in ("Tess", "Harbour", "therap"):
        assert word not in mail.subject + (mail.body or "")


def test_what_is_typed_is_kept_and_the_place_with_it(begun, cleo, now):
    assert keep_words(begun, Given("helped", "Walks by"), by=cleo, at=now)
    begun.refresh_from_db()
    assert begun.place == "helped"
    assert words_of(begun, "helped") == "Walks by"
    assert answers_in(begun)["helped"].state == "draft"


def test_each_answer_leads_to_the_next_question_and_the_last_to_the_review(begun, cleo, now):
    for place, name in enumerate(NAMES):
        words = "no" if name == "before" else "a word"
        answer_intake(begun, Given(name, words), by=cleo, at=now)
        begun.refresh_from_db()
        assert begun.place == (NAMES[place + 1] if place + 1 < len(NAMES) else "")


def test_what_is_typed_in_an_old_page_overwrites_no_answer(begun, cleo, now):
    answer_intake(begun, Given("week", "newer", revision=0), by=cleo, at=now)
    assert not keep_words(begun, Given("week", "older", revision=0), by=cleo, at=now)
    assert words_of(begun, "week") == "newer"


def test_another_answer_from_an_old_page_is_told_and_the_same_one_is_not(begun, cleo, now):
    answer_intake(begun, Given("week", "here", revision=0), by=cleo, at=now)
    answer_intake(begun, Given("week", "here", revision=0), by=cleo, at=now)
    with pytest.raises(StateMoved):
        answer_intake(begun, Given("week", "there", revision=0), by=cleo, at=now)
    assert words_of(begun, "week") == "here"


def test_skipped_and_later_have_no_words(begun, cleo, now):
    answer_intake(begun, Given("brings", "typed", "later"), by=cleo, at=now)
    answer_intake(begun, Given("week", "typed", "skipped"), by=cleo, at=now)
    answer_intake(begun, Given("better", "   "), by=cleo, at=now)
    states = {name: (one.state, one.words) for name, one in answers_in(begun).items()}
    assert states == {"brings": ("later", None), "week": ("skipped", None), "better": ("skipped", None)}


@pytest.mark.parametrize(
    "given",
    [Given("nothing", "x"), Given("before", "perhaps"), Given("week", "x" * (LONGEST + 1)), Given("week", "", "later")],
)
def test_what_makes_no_sense_is_refused(given, begun, cleo, now):
    with pytest.raises(Refused):
        answer_intake(begun, given, by=cleo, at=now)


def test_nobody_else_writes_into_it(begun, person, now):
    for slug in ("tess", "omar", "jo"):
        with pytest.raises(NotAllowed):
            answer_intake(begun, Given("week", "x"), by=person(slug), at=now)
        with pytest.raises(NotAllowed):
            take_back_intake(begun, by=person(slug), at=now)


def test_the_words_are_sealed(begun, cleo, now):
    answer_intake(begun, Given("brings", "canary-9931"), by=cleo, at=now)
    raw = IntakeAnswer.objects.filter(intake=begun).values_list("words", flat=True)
    assert not [held for held in raw if "canary" in repr(held)]


def test_nothing_is_sent_without_leave_to_read(begun, cleo, now):
    with pytest.raises(Refused):
        send_intake(begun, Allowed(read=False, research=True), known=KNOWN, by=cleo, at=now)
    begun.refresh_from_db()
    assert begun.sent_at is None
    assert not has_consented(cleo, "research")


@pytest.mark.parametrize(("supervise", "research"), [(False, False), (True, False), (False, True), (True, True)])
def test_each_choice_stands_alone(supervise, research, begun, cleo, now):
    send_intake(begun, Allowed(True, supervise, research), known=KNOWN, by=cleo, at=now)
    given = set(Consent.objects.filter(user=cleo, withdrawn_at=None).values_list("purpose", flat=True))
    assert given == {name for name, said in (("supervision", supervise), ("research", research)) if said}


def test_what_was_known_goes_with_it_as_the_client_has_put_it_right(begun, cleo, now):
    answer_intake(begun, Given("known-name", "Cleo"), by=cleo, at=now)
    assert put_right([*KNOWN, Known("language", "English")], answers_in(begun)) == [
        Known("name", "Cleo"),
        Known("language", "English"),
    ]
    send_intake(begun, READ, known=[*KNOWN, Known("language", "English")], by=cleo, at=now)
    assert words_of(begun, "known-name") == "Cleo"
    assert words_of(begun, "known-language") == "English"


def test_sent_is_sent_once_and_then_it_stands(sent, cleo, person, now):
    with pytest.raises(StateMoved):
        send_intake(sent, READ, known=KNOWN, by=cleo, at=now)
    with pytest.raises(StateMoved):
        answer_intake(sent, Given("brings", "other"), by=cleo, at=now)
    assert Notice.objects.filter(user=person("tess"), made_at=now).count() == 1


def test_taken_back_while_unread_it_is_as_before(begun, cleo, person, now):
    answer_intake(begun, Given("brings", "I lie awake."), by=cleo, at=now)
    before = {name: (one.state, one.words) for name, one in answers_in(begun).items()}
    send_intake(begun, Allowed(True, True, True), known=KNOWN, by=cleo, at=now)
    take_back_intake(begun, by=cleo, at=now)
    assert {name: (one.state, one.words) for name, one in answers_in(begun).items()} == before
    assert not Consent.objects.filter(user=cleo, withdrawn_at=None).exists()
    with pytest.raises(NotAllowed):
        intake_for(person("tess"), begun.code, at=now)


def test_once_read_it_is_not_taken_back(sent, cleo, person, now):
    read_intake(sent, by=person("tess"), at=now)
    read_intake(sent, by=person("tess"), at=now + timedelta(hours=1))
    sent.refresh_from_db()
    assert sent.read_at == now
    with pytest.raises(StateMoved):
        take_back_intake(sent, by=cleo, at=now)


def test_its_therapist_finds_it_and_nobody_else(sent, person, now):
    assert intake_for(person("tess"), sent.code, at=now) == sent
    assert list(unread_intakes(person("tess"), at=now)) == [sent]
    for slug in ("theo", "sana", "omar", "rui", "ines", "dora", "vera"):
        with pytest.raises(NotAllowed):
            intake_for(person(slug), sent.code, at=now)
    for slug in ("sam", "jo"):
        with pytest.raises(NotFound):
            intake_for(person(slug), sent.code, at=now)
    assert Entry.objects.filter(kind="denied", row=sent.code).count() == 9


def test_a_therapist_who_was_does_not_find_it(sent, person, new_pair, now):
    join_pairs(now)
    sent.refresh_from_db()
    assert sent.pair == new_pair
    assert intake_of_pair(new_pair) == sent
    end_pair(new_pair, by=person("tess"), at=now)
    with pytest.raises(NotAllowed):
        intake_for(person("tess"), sent.code, at=now)


def test_an_ended_post_opens_nothing(sent, person, now):
    end_post(person("tess").posts.get(role="therapist"), on=now.date())
    with pytest.raises(NotFound):
        intake_for(person("tess"), sent.code, at=now)


def test_who_begins_is_asked_once_and_who_was_asked_is_not(person, now):
    theo = person("theo").posts.get(role="therapist")
    begin_pair(person("nia"), theo, by=None, at=now)
    begin_pair(person("cleo"), theo, by=None, at=now)
    assert ask_who_begins(now, address="x") == 1
    assert ask_who_begins(now, address="x") == 0
    assert Intake.objects.filter(client=person("nia"), therapist=theo).count() == 1


def test_a_pair_that_ends_while_it_is_looked_up_is_not_asked(person, now, monkeypatch):
    pair = begin_pair(person("nia"), person("theo").posts.get(role="therapist"), by=None, at=now)

    def end_first(rows, act):
        found = list(rows)
        end_pair(pair, by=person("theo"), at=now)
        return sum(act(row) for row in found)

    monkeypatch.setattr(jobs, "one_by_one", end_first)
    assert ask_who_begins(now, address="x") == 0
    assert not Intake.objects.filter(client=person("nia")).exists()
