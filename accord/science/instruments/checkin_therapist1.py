"""The therapist's check-in, checkin-therapist@1: own view, and a guess at the client's answer. Frozen."""

from accord.science.instruments.checkin1 import NOTE, TENSION
from accord.science.instruments.model import Instrument, Item, Scale

_GUESS = "Where guess and answer differ, there is something to ask about. Nobody grades the guess."
_NAMES = ("bond", "goal", "task", "predicted-bond", "predicted-goal", "predicted-task")

CHECKIN_THERAPIST_1 = Instrument(
    id="checkin-therapist@1",
    title="Therapist's check-in after a session",
    audience="therapist",
    note=NOTE,
    source="Own items, the same three as the client's check-in, and a guess at the client's answers.",
    items=(
        Item(
            "bond",
            0,
            10,
            question="How safe did it feel between you two?",
            low_word="Not at all safe",
            high_word="Completely safe",
            why="Your own view, before you see your client's.",
        ),
        Item(
            "goal",
            0,
            10,
            question="Did you both work toward what matters to your client?",
            low_word="Not at all",
            high_word="Completely",
            why="Your own view, before you see your client's.",
        ),
        Item(
            "task",
            0,
            10,
            question="Did the way you worked fit your client?",
            low_word="Not at all",
            high_word="Completely",
            why="Your own view, before you see your client's.",
        ),
        Item(
            "predicted-bond",
            0,
            10,
            question="How safe will your client say it felt?",
            low_word="Not at all safe",
            high_word="Completely safe",
            why=_GUESS,
        ),
        Item(
            "predicted-goal",
            0,
            10,
            question="How far will your client say you worked toward what matters to them?",
            low_word="Not at all",
            high_word="Completely",
            why=_GUESS,
        ),
        Item(
            "predicted-task",
            0,
            10,
            question="How much will your client say the way you worked made sense?",
            low_word="Not at all",
            high_word="Completely",
            why=_GUESS,
        ),
        Item(
            "tension",
            choices=TENSION,
            question="Is anything off between you two, even a little?",
            why="Your own sense of it is kept beside your client's answer.",
        ),
    ),
    scales=tuple(Scale(name, (name,)) for name in _NAMES),
    owns_texts=True,
)
