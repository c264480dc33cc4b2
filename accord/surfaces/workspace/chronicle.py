"""What happened between two people, told in order: episodes with their steps, when answers came."""

from datetime import datetime
from typing import NamedTuple

from accord.records.accounts.models import User
from accord.records.checkins.models import CheckIn
from accord.records.pairs.queries import Seen
from accord.records.ruptures.models import Episode
from accord.records.ruptures.queries import Story
from accord.surfaces.shared import clock
from accord.surfaces.shared.storylines import Moment, storyline
from accord.surfaces.workspace.cards import sentence_of
from accord.surfaces.workspace.why import Why, why


class Chapter(NamedTuple):
    """One episode, from noticing to its end."""

    episode: Episode
    is_open: bool
    sentences: list[str]  # what was noticed
    story: list[Moment]  # in order, in words that both may read
    reasons: list[Why]


class Times(NamedTuple):
    """When one check-in of the client was asked, answered, heard and seen."""

    session: int
    asked: datetime
    answered: datetime | None
    received: datetime | None
    read: datetime | None


def retell(episode: Episode, story: Story, *, seen: Seen) -> Chapter:
    """Its flags are told by the story's own rows, which know their sessions."""
    flags = [flag for flag in story.flags if flag.episode_id == episode.pk]
    return Chapter(
        episode=episode,
        is_open=episode.ended_at is None,
        sentences=list(dict.fromkeys(sentence_of(story, flag) for flag in flags if flag.note_id is None)),
        story=storyline(episode, seen, answers=story.answers, estimates=story.estimates),
        reasons=[why(story, flag) for flag in flags],
    )


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
