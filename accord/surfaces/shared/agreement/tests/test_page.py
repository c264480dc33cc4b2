"""The board's pages, from both doors: the same board, and nobody else at it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accord.records.agreements.actions import Text, add, agree, ask_to_agree_again, decline, rate, reword
from accord.records.agreements.models import Item, Rating, Reply, Version
from accord.records.agreements.queries import item_of, items_of
from accord.records.audit.models import Entry
from accord.records.checkins.models import CheckIn
from accord.records.pairs.actions import end_pair
from accord.records.pairs.queries import Seen, seen_by

DOORS = {"cleo": "portal", "tess": "workspace"}
SLEEP = "sleep without dread"


@pytest.fixture
def cleo(new_pair, person, now) -> Seen:
    return seen_by(person("cleo"), new_pair.code, at=now)


@pytest.fixture
def tess(new_pair, person, now) -> Seen:
    return seen_by(person("tess"), new_pair.code, at=now)


@pytest.fixture
def goal(cleo, now) -> Item:
    return add("goal", Text(SLEEP), by=cleo, at=now)


@pytest.fixture
def url(new_pair):
    return lambda slug, name="agreement": reverse(f"{DOORS[slug]}:{name}", args=[new_pair.code])


@pytest.fixture
def read(browse, url):
    """read("tess"): the page as she reads it."""
    return lambda slug, name="agreement": browse(slug).get(url(slug, name)).content.decode()


@pytest.fixture
def press(browse, url):
    """press("tess", what="agree", version=…): a button of the board."""

    def send(slug: str, *, headers=None, **form):
        return browse(slug).post(url(slug, "change_agreement"), form, headers=headers or {})

    return send


def asked(seen: Seen, item: Item) -> str:
    return item_of(seen, item.code).asked.version.code


@pytest.mark.parametrize("slug", DOORS)
def test_it_begins_empty_and_invites(slug, read) -> None:
    text = read(slug)
    assert "No goal yet" in text
    assert "No task yet" in text
    assert ('<details class="add" id="add-goal" open>' in text) == (slug == "cleo")


@pytest.mark.parametrize(
    ("slug", "whose", "state"), [("cleo", "Your words", "Needs Tess’s OK"), ("tess", "Cleo’s words", "Needs your OK")]
)
def test_both_read_the_same_words_and_whose_they_are(slug, whose, state, goal, read) -> None:
    text = read(slug)
    for expected in (SLEEP, whose, state):
        assert expected in text


def test_a_suggestion_is_shown_beside_with_its_three_answers(goal, tess, read, now) -> None:
    reword(goal, Text("fall asleep without fear"), seen=asked(tess, goal), by=tess, at=now)
    text = read("cleo")
    assert text.index(SLEEP) < text.index("Tess suggests") < text.index("fall asleep without fear")
    for button in ('value="agree"', 'value="decline"', 'value="not-sure"', 'value="reword"'):
        assert button in text
    hers = read("tess")
    assert "You suggest" in hers
    assert 'value="withdraw"' in hers
    assert 'value="agree"' not in hers


def test_agreed_by_both_says_when(goal, tess, press, read, cleo) -> None:
    answer = press("tess", what="agree", version=asked(tess, goal))
    assert answer["Location"].endswith(f"/agreement/#item-{goal.code}")
    for slug in DOORS:
        assert "Agreed by both, 6 May" in read(slug)


def test_not_sure_asks_what_would_fit_better(tess, press, read, cleo, now) -> None:
    task = add("task", Text("worry diary"), by=tess, at=now)
    press("cleo", what="not-sure", version=asked(cleo, task))
    text = read("cleo")
    assert "Not agreed yet" in text
    assert "What would fit better?" in text
    press("cleo", what="not-for-me", version=asked(cleo, task), words="ten minutes, not the evening")
    hers = read("tess")
    assert "Cleo: not for me." in hers
    assert "ten minutes, not the evening" in hers
    assert "What would fit better?" not in hers


@pytest.mark.parametrize("slug", DOORS)
def test_the_writer_alone_never_gets_to_agreed(slug, press, cleo, tess, now) -> None:
    """Whatever she presses, with every code there is, in every field."""
    mine, theirs = (cleo, tess) if slug == "cleo" else (tess, cleo)
    item = add("task", Text("worry diary"), by=mine, at=now)
    for what in ("agree", "decline", "withdraw", "agree-to-end", "finished", "agree-to-end", "aside", "go-on"):
        for side in ("client", "therapist"):
            more = {"version": asked(mine, item), "item": item.code, "side": side, "by": theirs.viewer.pk}
            assert press(slug, what=what, **more).status_code in (302, 409, 422)
    press(slug, what="reword", item=item.code, seen=asked(mine, item), words="anything")
    press(slug, what="agree", version=asked(mine, item))
    held = item_of(mine, item.code)
    assert (held.state, held.needs) == ("needs-ok", [theirs.side])
    assert not Reply.objects.filter(version__item=item, side=theirs.side).exists()


@pytest.mark.parametrize("slug", ["kai", "jo", "sana", "omar", "rui", "theo", "sam", "ines", ""])
def test_nobody_else_sees_or_moves_it(slug, goal, cleo, browse, url) -> None:
    client = browse(slug)
    version = Version.objects.get(item=goal).code
    for door in DOORS:
        for name in ("agreement", "agreement_part", "agreement_live", "agreement_history"):
            answer = client.get(url(door, name))
            assert answer.status_code in ((302,) if not slug else (403, 404)), name
            assert SLEEP not in answer.content.decode()
        form = {"what": "agree", "version": version, "item": goal.code}
        assert client.post(url(door, "change_agreement"), form).status_code in ((302,) if not slug else (403, 404))
    assert items_of(cleo)[0].needs == ["therapist"]


def test_each_comes_by_their_own_door(goal, browse, url) -> None:
    assert browse("tess").get(url("cleo")).status_code == 403
    assert browse("cleo").get(url("tess")).status_code == 403


def test_a_code_of_another_pair_is_not_found(press, pair_of, cleo) -> None:
    kais = Version.objects.filter(item__pair=pair_of("kai"))[0]
    for form in ({"what": "agree", "version": kais.code}, {"what": "finished", "item": kais.item.code}):
        assert press("cleo", **form).status_code == 404


@pytest.mark.parametrize(
    "form",
    [{}, {"what": "sign-for-tess"}, {"what": "add", "kind": "wish", "words": "x"}, {"what": "add", "kind": "goal"}],
)
def test_what_makes_no_sense_is_refused(form, press) -> None:
    assert press("cleo", **form).status_code == 422


@pytest.mark.parametrize("value", ["", "11", "-1", "ten", "٣", "5.5"])
def test_a_rating_is_a_number_from_0_to_10(value, goal, press) -> None:
    assert press("cleo", what="progress", item=goal.code, value=value).status_code == 422
    assert not Rating.objects.filter(item=goal).exists()


def test_importance_and_how_we_know_are_seen_by_both(goal, cleo, press, read) -> None:
    press("cleo", what="importance", item=goal.code, value="9")
    press(
        "cleo",
        what="reword",
        item=goal.code,
        seen=asked(cleo, goal),
        words=SLEEP,
        how_known="I stop checking the clock",
    )
    for slug in DOORS:
        text = read(slug)
        assert "I stop checking the clock" in text
        assert '<b class="num">9</b>' in text
    assert "How important is this" not in read("tess")


def test_progress_is_a_sentence_a_drawing_and_a_table(goal, cleo, press, read) -> None:
    press("cleo", what="progress", item=goal.code, value="4")
    text = read("tess")
    assert "4 of 10 on 6 May." in text
    assert 'class="course"' in text
    assert "<td>4</td>" in text


def test_who_was_slower_sees_both_texts_and_loses_none(goal, cleo, tess, press, now) -> None:
    known = asked(tess, goal)
    reword(goal, Text("sleep, and not dread it"), seen=known, by=cleo, at=now)
    answer = press("tess", what="reword", item=goal.code, seen=known, words="rest at night", how_known="up at seven")
    text = answer.content.decode()
    assert answer.status_code == 409
    for kept in ("sleep, and not dread it", "rest at night", "up at seven", "Cleo has written too"):
        assert kept in text
    assert Version.objects.filter(item=goal).count() == 2
    again = press("tess", what="reword", item=goal.code, seen=asked(tess, goal), words="rest at night")
    assert again.status_code == 302
    assert item_of(cleo, goal.code).asked.version.words == "rest at night"


def test_a_yes_to_words_that_changed_meanwhile_is_told_in_plain_words(goal, cleo, tess, press, now) -> None:
    known = asked(tess, goal)
    reword(goal, Text("sleep at all"), seen=known, by=cleo, at=now)
    answer = press("tess", what="agree", version=known, headers={"Accept": "application/json"})
    assert answer.status_code == 409
    assert "worded anew" in answer.json()["message"]


def test_the_script_gets_the_changed_part_alone(goal, tess, press) -> None:
    answer = press("tess", what="agree", version=asked(tess, goal), headers={"X-Part": "1"})
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "Agreed by both" in text
    assert "<html" not in text


def test_an_agreed_goal_that_is_edited_needs_the_other_and_the_history_has_both(goal, cleo, tess, press, read) -> None:
    press("tess", what="agree", version=asked(tess, goal))
    press("tess", what="reword", item=goal.code, seen=asked(tess, goal), words="rest at night")
    assert "Needs your OK" in read("cleo")
    assert "you both agreed to this on 6 May" in read("cleo")
    for slug in DOORS:
        story = read(slug, "agreement_history")
        assert SLEEP in story
        assert "rest at night" in story
    assert "You: wrote this" in read("cleo", "agreement_history")
    assert "Tess: worded it anew" in read("cleo", "agreement_history")


def test_the_history_tells_what_was_declined_and_ended(goal, cleo, tess, press, read, now) -> None:
    reword(goal, Text("rest at night"), seen=asked(tess, goal), by=tess, at=now)
    decline(item_of(cleo, goal.code).asked.version, by=cleo, at=now + timedelta(minutes=1))
    press("cleo", what="take-back", item=goal.code)
    assert "Put it back on the board" in read("cleo", "agreement_history")
    assert "taken off" in read("tess", "agreement_history").lower()
    assert SLEEP not in read("tess")
    assert "Cleo: kept the earlier words" in read("tess", "agreement_history")


def test_the_note_is_plain_text_for_the_therapist(goal, cleo, tess, press, read, now) -> None:
    press("tess", what="agree", version=asked(tess, goal))
    task = add("task", Text("worry diary", why="to see it", serves=(goal.code,)), by=tess, at=now)
    text = read("tess")
    note = text.split("data-note>")[1].split("</pre>")[0]
    for line in (
        "Goals and tasks of Cleo and Tess, 6 May 2024",
        f"1. {SLEEP}",
        "   State: Agreed by both, 6 May",
        "1. worry diary",
        "   State: Needs Cleo’s OK",
        "   Why this: to see it",
        f"   For: {SLEEP}",
    ):
        assert line in note.splitlines()
    assert "data-note" not in read("cleo")
    assert task.kind == "task"


def test_opening_it_is_in_the_log_and_the_part_is_not_again(goal, read, new_pair) -> None:
    read("tess")
    read("tess", "agreement_part")
    assert Entry.objects.filter(kind="read", verb="opened the board", pair=new_pair.code).count() == 1


def test_after_the_end_the_client_reads_and_presses_nothing(goal, cleo, tess, press, read, now) -> None:
    end_pair(cleo.pair, by=tess.viewer, at=now)
    text = read("cleo")
    assert SLEEP in text
    assert "This page is yours to read" in text
    assert "<button" not in text.split("<main")[1].split("</main>")[0]
    assert press("cleo", what="add", kind="goal", words="x").status_code == 422
    assert press("tess", what="agree", version=asked(cleo, goal)).status_code in (403, 404)


def test_tasks_to_be_agreed_again_say_so(cleo, tess, read, now) -> None:
    task = add("task", Text("worry diary"), by=tess, at=now)
    agree(item_of(cleo, task.code).asked.version, by=cleo, at=now)
    ask_to_agree_again(by=cleo, at=now)
    for slug in DOORS:
        assert "To be agreed again, by both" in read(slug)


def test_what_people_write_is_text_and_never_markup(cleo, press, read) -> None:
    press("cleo", what="add", kind="goal", words="<script>alert(1)</script> & “quotes”")
    for slug in DOORS:
        assert "<script>alert" not in read(slug)
        assert "&lt;script&gt;alert(1)" in read(slug)


def test_the_clients_page_and_the_pairs_page_lead_there(goal, browse, url, new_pair) -> None:
    assert url("cleo") in browse("cleo").get(reverse("portal:home")).content.decode()
    for name in ("pair", "prep"):
        assert url("tess") in browse("tess").get(reverse(f"workspace:{name}", args=[new_pair.code])).content.decode()


def test_a_page_left_open_keeps_nobody_signed_in(goal, browse, url, clock_at, now) -> None:
    client = browse("tess")
    for minute in (0, 10):
        clock_at(now + timedelta(minutes=minute))
        name = "agreement" if minute == 0 else "agreement_part"
        assert client.get(url("tess", name)).status_code == 200
    clock_at(now + timedelta(minutes=16))
    assert client.get(url("tess")).status_code == 302


@pytest.mark.parametrize("slug", DOORS)
def test_ten_times_as_much_on_the_board_takes_no_more_queries(slug, cleo, tess, browse, url, now) -> None:
    def fill(count: int) -> None:
        for number in range(count):
            goal = add("goal", Text(f"goal {number}", how_known="so"), by=cleo, at=now)
            task = add("task", Text(f"task {number}", serves=(goal.code,)), by=tess, at=now)
            reword(goal, Text(f"other {number}"), seen=asked(tess, goal), by=tess, at=now)
            agree(item_of(cleo, task.code).asked.version, by=cleo, at=now)
            rate(goal, "progress", 3, by=cleo, at=now)

    client, counts = browse(slug), []
    client.get(url(slug))  # the first page of a stay writes the stay down
    for more in (1, 9):
        fill(more)
        for name in ("agreement", "agreement_part", "agreement_history"):
            with CaptureQueriesContext(connection) as caught:
                assert client.get(url(slug, name)).status_code == 200
            counts.append(len(caught))
    assert counts[:3] == counts[3:]
    assert max(counts) <= 20


def test_the_check_in_names_the_goals_that_both_agree_on(browse, pair_of) -> None:
    waiting = CheckIn.objects.get(session__pair=pair_of("kai"), instrument="checkin@1", received_at=None)
    text = browse("kai").get(reverse("portal:check_in", args=[waiting.code])).content.decode()
    assert "You two agreed on: <q>Say what I need at home before I get angry</q>" in text
    assert "Play the guitar" not in text, "that one is not agreed"


def test_what_cannot_be_saved_comes_back_whole_in_the_same_form(goal, cleo, press) -> None:
    """Without a script: words that are too long, or that stand there already, are not typed twice."""
    long = {"words": "w" * 1001, "how_known": "up at seven"}
    for what, more in (("add", {"kind": "goal"}), ("reword", {"item": goal.code, "seen": asked(cleo, goal)})):
        answer = press("cleo", what=what, **more, **long)
        text = answer.content.decode()
        assert answer.status_code == 422
        for kept in ("at most 1,000 characters", "w" * 1001, "up at seven", f'name="what" value="{what}"'):
            assert kept in text
        for name, value in more.items():
            assert f'name="{name}" value="{value}"' in text
    answer = press("tess", what="not-sure", version=asked(cleo, goal), words="d" * 1001)
    assert (answer.status_code, "d" * 1001 in answer.content.decode()) == (422, True)


def test_words_for_what_was_taken_off_meanwhile_are_not_lost(goal, cleo, tess, press) -> None:
    version = asked(cleo, goal)
    press("cleo", what="take-back", item=goal.code)
    answer = press("tess", what="not-sure", version=version, words="a walk first")
    assert (answer.status_code, "a walk first" in answer.content.decode()) == (409, True)
