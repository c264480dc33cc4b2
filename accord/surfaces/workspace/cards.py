"""Prep cards: one pair's story, made readable in ten seconds. What, which pillar, what next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median

from django.utils.safestring import SafeString

from accord.records.accounts.models import User
from accord.records.checkins.models import CheckIn
from accord.records.checkins.queries import SessionAnswers
from accord.records.pairs.models import CarePair
from accord.records.ruptures.models import Episode, Flag
from accord.records.ruptures.queries import LEARNING, OwnOpening, Story
from accord.records.sessions.models import TherapySession
from accord.surfaces.shared import clock
from accord.surfaces.shared.charts import Pillar
from accord.surfaces.shared.digits import dated
from accord.surfaces.shared.histories import PILLARS, band_of, rating
from accord.surfaces.shared.said import said
from accord.surfaces.workspace import words
from accord.surfaces.workspace.histories import small_chart
from accord.surfaces.workspace.hushing import Offer, Rest, chance_of, offers, rest_of
from accord.surfaces.workspace.why import Why, why

Openings = dict[str, list[OwnOpening]]


@dataclass(frozen=True, slots=True)
class Heard:
    """The client's own words, and the session they came after."""

    text: str
    session: int
    travels: str
    check_in: CheckIn


@dataclass(frozen=True, slots=True)
class Written:
    """A note that the client sent. Its words are on the card once they were read; reading is told to the client."""

    code: str
    unread: bool
    words: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """The client's newest answers are not here yet, and why."""

    sentence: str
    rating: CheckIn | None  # the therapist's own, to be filled in or skipped first
    session: int


@dataclass(frozen=True, slots=True)
class Card:
    """Everything a card shows, and nothing else: the template knows no story."""

    pair: CarePair
    session: TherapySession | None  # the one to prepare for
    starts: datetime | None  # where the therapist is
    tier: str  # "talk", "note" or ""
    sentence: str
    pillars: tuple[tuple[Pillar, SafeString], ...] = ()  # each with its small chart
    within: str = ""  # the other pillars
    also: str = ""  # what the client answered beside the number
    heard: Heard | None = None
    openings: tuple[OwnOpening, ...] = ()
    reasons: tuple[Why, ...] = ()
    episode: Episode | None = None
    standing: str = ""
    snoozed: bool = False
    waiting: Waiting | None = None
    learning: str = ""
    read: tuple[CheckIn, ...] = ()  # the client's check-ins that this card shows
    mutes: tuple[Offer, ...] = ()
    rest: Rest | None = None
    chance: str = ""
    written: tuple[Written, ...] = ()
    follow_up: str = ""  # the client's "partly" or "no", while nothing new was offered

    @property
    def name(self) -> str:
        return self.pair.client.first_name

    @property
    def wants_talk(self) -> bool:
        return self.tier == "talk"


def card(story: Story, session: TherapySession | None, *, viewer: User, openings: Openings) -> Card:
    """The card of one pair before one session."""
    newest, shown = _newest(story), _to_show(story)
    return Card(
        pair=story.pair,
        session=session,
        starts=clock.on_the_wall(session.starts_at, viewer) if session else None,
        tier=_tier(story),
        sentence=_sentence(story, viewer),
        pillars=tuple((one, small_chart(story, one, viewer=viewer)) for one in PILLARS if one in _named(shown)),
        within=_within(story, newest, shown),
        also=_also(story),
        openings=_openings(story, openings),
        reasons=tuple(why(story, flag) for flag in shown),
        episode=story.episode,
        standing=_standing(story),
        snoozed=story.snoozed_until is not None,
        learning=words.learning(story.check_ins, LEARNING) if 0 < story.check_ins < LEARNING else "",
        heard=newest_words(story.answers) if story.wants_talk else None,
        waiting=_waiting(story),
        read=_read(story, newest),
        mutes=offers(shown, story.pair.client.first_name),
        rest=rest_of(shown) if _tier(story) == "note" else None,
        chance=chance_of(shown),
        written=_written(story),
        follow_up=words.follow_up(story.pair.client.first_name) if story.follow_up else "",
    )


def _written(story: Story) -> tuple[Written, ...]:
    """Unread ones always, so that none is overlooked; read ones while it is to be talked about."""
    shown = [note for note in story.notes if note.read_at is None or story.wants_talk]
    return tuple(Written(note.code, note.read_at is None, said(note).words if note.read_at else "") for note in shown)


def _newest(story: Story) -> SessionAnswers | None:
    """The newest session whose answers from the client can be seen."""
    return next((seen for seen in reversed(story.answers) if seen.client is not None), None)


def _tier(story: Story) -> str:
    if story.wants_talk:
        return "talk"
    return "note" if story.episode is None and story.shown_flag is not None else ""


def _to_show(story: Story) -> list[Flag]:
    """The flags that a card lays open: none once the two have talked, or while it is put aside."""
    return story.current_flags if _tier(story) else []


def _last_number(story: Story) -> int:
    """The last session that is over: while the next one is on, "last time" still means the one before."""
    return max((seen.session.number for seen in story.answers if seen.session.state == "held"), default=0)


def _sentence(story: Story, viewer: User) -> str:
    flag, gone = story.shown_flag, story.taken_back
    if gone is not None and gone.taken_back_at is not None:
        at = dated(clock.local(gone.taken_back_at, viewer), "H:i")
        return words.took_back(story.pair.client.first_name, gone.session.number, at=at)
    if not _tier(story) or flag is None:
        return _quiet_sentence(story)
    if flag.kind == "said" and story.pillar_flag is not None:
        flag = story.pillar_flag  # the number gets the sentence, what was said stands beside it
    return sentence_of(story, flag)


def _quiet_sentence(story: Story) -> str:
    if story.episode is not None:
        return ""  # put aside or talked about: that is said elsewhere, and something does stand out
    if not story.answers:
        return words.first_session(story.pair.client.first_name)
    return words.nothing_stands_out() if story.check_ins >= LEARNING else ""


def sentence_of(story: Story, flag: Flag) -> str:
    """One flag in one sentence."""
    name = story.pair.client.first_name
    spoken = words.when(flag.session.number, _last_number(story))
    if flag.kind == "dip":
        return words.dip(name, flag.pillar, when=spoken, numbers=_numbers(story, flag))
    if flag.kind == "slide":
        return words.slide(name, flag.pillar, numbers=_numbers(story, flag))
    if flag.kind == "low":
        return words.low(_usual_rating(story, flag.pillar))
    if flag.kind == "ceiling":
        return words.ceiling(len(flag.readings), story.check_ins)
    if flag.kind == "silence":
        return words.silence(name, round(flag.statistic or 1))
    if flag.note_id is not None:
        return words.wrote(name, flag.pillar)
    return words.said(name, _tension(story, flag), when=spoken)


def _numbers(story: Story, flag: Flag) -> str:
    value = rating(_client_of(story, flag), flag.pillar)
    if value is None or flag.band_low is None or flag.band_high is None:
        return ""
    return words.beside_usual(value, flag.band_low, flag.band_high)


def _client_of(story: Story, flag: Flag) -> CheckIn | None:
    return next((seen.client for seen in story.answers if seen.session.pk == flag.session_id), None)


def _usual_rating(story: Story, pillar: str) -> float:
    """The middle of the client's last ratings: what "around" means."""
    given = [rating(seen.client, pillar) for seen in story.answers]
    return median([value for value in given if value is not None][-5:])


def _tension(story: Story, flag: Flag) -> str:
    check_in = _client_of(story, flag)
    return str((check_in.answers or {}).get("tension", "")) if check_in is not None else ""


def _also(story: Story) -> str:
    """What the client answered, where a number has the sentence."""
    flag = story.shown_flag
    if _tier(story) != "talk" or flag is None or flag.kind != "said" or story.pillar_flag in (None, flag):
        return ""
    if flag.note_id is not None:
        return words.also_wrote(story.pair.client.first_name)
    return words.also_said(story.pair.client.first_name, _tension(story, flag))


def _within(story: Story, newest: SessionAnswers | None, shown: list[Flag]) -> str:
    """The pillars that no flag names, as long as they are within the usual."""
    named = _named(shown) - {""}
    if newest is None or not named or story.learning:
        return ""
    kept = []
    for pillar in PILLARS:
        value, band = rating(newest.client, pillar), band_of(story.estimates.get(newest.session.pk), pillar)
        if pillar not in named and value is not None and band is not None and value >= band.low:
            kept.append((pillar, value))
    return words.within_usual(kept)


def _named(flags: list[Flag]) -> set[str]:
    return {flag.pillar for flag in flags}


def _openings(story: Story, openings: Openings) -> tuple[OwnOpening, ...]:
    if not story.wants_talk:
        return ()
    flag = story.pillar_flag
    return tuple(openings[flag.pillar if flag is not None else ""])


def _standing(story: Story) -> str:
    if story.episode is None or not story.handled:
        return ""
    return words.standing(story.episode.state, story.pair.client.first_name)


def newest_words(answers: Sequence[SessionAnswers]) -> Heard | None:
    """The newest of the client's words that were sent; what was kept private is not among the answers at all."""
    for seen in reversed(answers):
        if seen.words is not None:
            sent = seen.words
            return Heard(sent.text, seen.session.number, sent.travels, sent.check_in)
    return None


def _waiting(story: Story) -> Waiting | None:
    """The newest session that the therapist has not rated, while the client's answers wait behind it."""
    seen = next((one for one in reversed(story.answers) if one.waiting_for == "rate"), None)
    if seen is None:
        return None
    sentence = words.blind(story.pair.client.first_name, seen.session.number, client_is_in=seen.other_is_in)
    return Waiting(sentence, seen.own, seen.session.number)


def _read(story: Story, newest: SessionAnswers | None) -> tuple[CheckIn, ...]:
    """What the therapist has seen of the client's once this card is shown."""
    shown = [newest.client] if _tier(story) and newest is not None and newest.client is not None else []
    heard = newest_words(story.answers) if story.wants_talk else None
    if heard is not None and heard.check_in not in shown:
        shown.append(heard.check_in)
    return tuple(shown)
