"""Is this the right fit? Asked at the third visit and whenever a client wants, version fit-check@1. Frozen.

Own short items about the fit between two people; not a rating of a person, and not a validated test.
"""

from accord.science.instruments.checkin1 import NOTE
from accord.science.instruments.model import NOT_SURE, Choice, Instrument, Item

SO_FAR = (Choice("yes", "Yes"), Choice("partly", "Partly"), Choice("no", "No"), Choice(NOT_SURE, "Not sure"))

FIT_CHECK_1 = Instrument(
    id="fit-check@1",
    title="Is this the right fit?",
    audience="client",
    note=NOTE,
    source="Own items: one for each of the three parts that Bordin (1979) describes, and one for the gut feeling.",
    items=(
        Item(
            "bond",
            choices=SO_FAR,
            question="Can you say here what is on your mind?",
            why="It is fine if you hold some things back. Trust can take months.",
        ),
        Item(
            "goal",
            choices=SO_FAR,
            question="Are you two heading where you want to go?",
            why="You may want something else now than on the first day.",
        ),
        Item(
            "task",
            choices=SO_FAR,
            question="Does the way you two work suit you?",
            why="There is more than one way to work.",
        ),
        Item(
            "gut",
            choices=(
                Choice("right", "It feels right"),
                Choice("may-grow", "Not yet, but it may grow"),
                Choice("not-right", "It does not feel right"),
                Choice(NOT_SURE, "Not sure"),
            ),
            question="And what does your gut say: is this the right fit?",
            why="A gut feeling needs no reason.",
        ),
    ),
    scales=(),  # answers to look at, not a score
    owns_texts=True,
)
