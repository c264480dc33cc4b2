"""One episode told in order, in words that both may read: lower than usual, a note, a talk, a change, back again."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from django.utils.translation import gettext as _

from accord.records.accounts.models import User
from accord.records.alliance.models import Estimate
from accord.records.alliance.queries import estimates_of
from accord.records.checkins.queries import SessionAnswers, answers_of
from accord.records.pairs.queries import Seen
from accord.records.ruptures.models import Change, Episode, Note, Step
from accord.surfaces.shared import clock
from accord.surfaces.shared.chart_marks import pillar_name
from accord.surfaces.shared.charts import Band, Pillar
from accord.surfaces.shared.digits import joined, numeral
from accord.surfaces.shared.histories import PILLARS, band_of, rating
from accord.surfaces.shared.said import said

State = Episode.State
TELLING = ("dip", "said", "note")  # what says how it began


class Moment(NamedTuple):
    """One thing that happened; `kind` picks the small mark beside it."""

    at: datetime
    kind: str  # dip, said, note, read, step, talk, change, answer, back, end
    sentence: str
    words: str = ""


class Fall(NamedTuple):
    """A pillar below its usual band in the session where the episode began."""

    pillar: Pillar
    value: float
    band: Band


def told_to(seen: Seen, episode: Episode, *, at: datetime) -> list[Moment]:
    """The story of one episode for one of its two people."""
    answers = answers_of(seen.pair, seen.side, at=at)
    return storyline(episode, seen, answers=answers, estimates=estimates_of(seen.pair))


def storyline(
    episode: Episode, seen: Seen, *, answers: Sequence[SessionAnswers], estimates: Mapping[int, Estimate]
) -> list[Moment]:
    """Oldest first, with the times of the viewer's clock. `answers` are those that this side may see now."""
    read = {note.read_at for note in episode.sent_notes}  # the step that comes with reading says nothing more
    found = [
        *_numbers(episode, answers, estimates),
        *_said(episode, answers, seen),
        *(moment for note in episode.sent_notes for moment in _note(note, seen)),
        *(moment for change in episode.changes.all() for moment in _change(change, seen)),
        *(moment for step in episode.steps.all() for moment in _step(step, seen) if step.at not in read),
    ]
    if not any(moment.kind in TELLING for moment in found):
        found.append(Moment(episode.opened_at, "said", _("Something was off")))
    told = sorted(found, key=lambda moment: moment.at)  # what came at the same moment stays in this order
    return [moment._replace(at=clock.on_the_wall(moment.at, seen.viewer)) for moment in told]


def _numbers(
    episode: Episode, answers: Sequence[SessionAnswers], estimates: Mapping[int, Estimate]
) -> Iterator[Moment]:
    """Where it went down, and the first session after which it was as usual again."""
    began = next((one for one in answers if one.session.pk == episode.session_id), None)
    falls = _falls(began, estimates) if began is not None else []
    if began is None or not falls or began.client is None or began.client.received_at is None:
        return
    told = [_lower(fall) for fall in falls]
    facts = {"number": numeral(began.session.number), "readings": joined(told)}
    yield Moment(began.client.received_at, "dip", _("Lower than usual after session %(number)s: %(readings)s") % facts)
    for later in answers:
        if later.session.number > began.session.number and _is_back(later, falls) and later.client is not None:
            told = [f"{pillar_name(fall.pillar)} {_plain(rating(later.client, fall.pillar) or 0)}" for fall in falls]
            facts = {"number": numeral(later.session.number), "readings": joined(told)}
            sentence = _("As usual again after session %(number)s: %(readings)s") % facts
            yield Moment(later.client.received_at or began.client.received_at, "back", sentence)
            return


def _falls(seen: SessionAnswers, estimates: Mapping[int, Estimate]) -> list[Fall]:
    found = []
    for pillar in PILLARS:
        value, band = rating(seen.client, pillar), band_of(estimates.get(seen.session.pk), pillar)
        if value is not None and band is not None and value < band.low:
            found.append(Fall(pillar, value, band))
    return found


def _is_back(seen: SessionAnswers, falls: list[Fall]) -> bool:
    values = [(rating(seen.client, fall.pillar), fall.band.low) for fall in falls]
    return all(value is not None and value >= low for value, low in values)


def _plain(value: float) -> str:
    return numeral(f"{value:.1f}".removesuffix(".0"))


def _lower(fall: Fall) -> str:
    low, high = _plain(fall.band.low), _plain(fall.band.high)
    facts = {"pillar": pillar_name(fall.pillar), "score": _plain(fall.value)}
    return _("%(pillar)s %(score)s (usually %(band)s)") % (facts | {"band": low if low == high else f"{low}–{high}"})


def _said(episode: Episode, answers: Sequence[SessionAnswers], seen: Seen) -> Iterator[Moment]:
    """What the client said in a check-in: the answer, and the words as far as this side may see them."""
    flagged = {flag.session_id for flag in episode.flags.all() if flag.kind == "said" and flag.note_id is None}
    for one in answers:
        if one.session.pk not in flagged or one.client is None or one.client.received_at is None:
            continue
        sentence = (
            _("You said in your check-in that something was off")
            if seen.side == "client"
            else _("%(name)s said in the check-in that something was off") % {"name": seen.pair.client.first_name}
        )
        yield Moment(one.client.received_at, "said", sentence, one.words.text if one.words else "")


def _note(note: Note, seen: Seen) -> Iterator[Moment]:
    """A sent note. The words are on this page only after they were read where reading is told to the client."""
    therapist, client = seen.pair.therapist.user.first_name, seen.pair.client.first_name
    if note.sent_at is None:
        return
    yours = seen.side == "client"
    sent = _("You wrote to %(name)s") % {"name": therapist} if yours else _("%(name)s wrote a note") % {"name": client}
    yield Moment(note.sent_at, "note", sent, said(note).words if yours or note.read_at else "")
    if note.read_at is not None:
        read = _("%(name)s read it") % {"name": therapist} if yours else _("You read it")
        yield Moment(note.read_at, "read", read)


def _step(step: Step, seen: Seen) -> Iterator[Moment]:
    if step.state == State.NOTICED and step.by is None:
        return  # what was noticed is told by what was said and by the numbers
    yield Moment(step.at, _kind(step.state), step_sentence(step, seen.viewer), step.words or "")


def _kind(state: str) -> str:
    if state in (State.CLOSED, State.LET_GO):
        return "end"
    return "talk" if state in (State.TALKED_ABOUT, State.AGREED) else "step"


def step_sentence(step: Step, viewer: User) -> str:
    """One step, with "you" for whoever is looking."""
    if step.by_id == viewer.pk:
        return str(_your_steps()[step.state])
    return _their_steps()[step.state] % {"who": step.by.first_name if step.by else ""}


def _their_steps() -> dict[str, str]:
    return {
        State.NOTICED: _("%(who)s took that back"),  # who noticed at first is nobody: see `_step`
        State.LOOKED_AT: _("%(who)s looked at it"),
        State.TALKED_ABOUT: _("Talked about, noted by %(who)s"),
        State.AGREED: _("Something agreed, noted by %(who)s"),
        State.ADDRESSED: _("%(who)s thinks you two have addressed it"),
        State.CLOSED: _("%(who)s says it feels repaired"),
        State.LET_GO: _("%(who)s let it go"),
    }


def _your_steps() -> dict[str, str]:
    return {
        State.NOTICED: _("You took that back"),
        State.LOOKED_AT: _("You looked at it"),
        State.TALKED_ABOUT: _("Talked about, noted by you"),
        State.AGREED: _("Something agreed, noted by you"),
        State.ADDRESSED: _("You think you two have addressed it"),
        State.CLOSED: _("You said it feels repaired"),
        State.LET_GO: _("You stopped talking about it"),
    }


def _change(change: Change, seen: Seen) -> Iterator[Moment]:
    therapist, client = seen.pair.therapist.user.first_name, seen.pair.client.first_name
    yours = seen.side == "therapist"
    offered = _("You wrote what you will change") if yours else _("%(name)s wrote what will change")
    yield Moment(change.at, "change", offered % {"name": therapist}, change.words or "")
    if change.answered_at is None:
        return
    answer = {"yes": _("yes"), "partly": _("partly"), "no": _("no")}[change.answer]
    sentence = (
        _("%(name)s on “Did I get it right?”: %(answer)s") if yours else _("You on “Did I get it right?”: %(answer)s")
    )
    yield Moment(change.answered_at, "answer", sentence % {"name": client, "answer": answer}, change.reply or "")
