"""What happened between two people, told in order: episodes with their steps, when answers came."""

from datetime import datetime
from typing import NamedTuple

from django.utils.translation import gettext as _

from accord.records.accounts.models import User
from accord.records.checkins.models import CheckIn
from accord.records.ruptures.models import Episode, Step
from accord.records.ruptures.queries import Story
from accord.surfaces.shared import clock
from accord.surfaces.workspace.cards import sentence_of
from accord.surfaces.workspace.why import Why, why


class Told(NamedTuple):
    """One step: what, when, and the words that go with it."""

    state: str
    sentence: str
    at: datetime
    words: str


class Chapter(NamedTuple):
    """One episode, from noticing to its end."""

    episode: Episode
    is_open: bool
    sentences: list[str]  # what was noticed
    steps: list[Told]
    reasons: list[Why]


class Times(NamedTuple):
    """When one check-in of the client was asked, answered, heard and seen."""

    session: int
    asked: datetime
    answered: datetime | None
    received: datetime | None
    read: datetime | None


def retell(episode: Episode, story: Story, *, viewer: User) -> Chapter:
    """Its flags are told by the story's own rows, which know their sessions."""
    flags = [flag for flag in story.flags if flag.episode_id == episode.pk]
    steps = sorted(episode.steps.all(), key=lambda step: (step.at, step.pk))
    return Chapter(
        episode=episode,
        is_open=episode.ended_at is None,
        sentences=list(dict.fromkeys(sentence_of(story, flag) for flag in flags)),
        steps=[_told(step, story, viewer) for step in steps],
        reasons=[why(story, flag) for flag in flags],
    )


def _told(step: Step, story: Story, viewer: User) -> Told:
    who = step.by.first_name if step.by else ""
    state = Episode.State
    sentence = {
        state.NOTICED: _("Noticed"),
        state.LOOKED_AT: _("%(who)s looked at it"),
        state.TALKED_ABOUT: _("Talked about, noted by %(who)s"),
        state.AGREED: _("Something agreed, noted by %(who)s"),
        state.CLOSED: _("%(who)s says it feels repaired"),
        state.LET_GO: _("%(who)s let it go"),
    }[state(step.state)]
    if step.state == state.NOTICED and step.by:
        sentence = _("%(who)s took that back")
    return Told(step.state, sentence % {"who": who}, clock.on_the_wall(step.at, viewer), step.words or "")


def times(story: Story, *, viewer: User) -> list[Times]:
    """Of what the therapist may see; newest first."""
    return [
        Times(
            seen.session.number,
            clock.on_the_wall(seen.client.asked_at, viewer),
            *(moment and clock.on_the_wall(moment, viewer) for moment in _moments(seen.client)),
        )
        for seen in reversed(story.answers)
        if seen.client is not None
    ]


def _moments(check_in: CheckIn) -> tuple[datetime | None, datetime | None, datetime | None]:
    return check_in.answered_at, check_in.received_at, check_in.read_at
