"""The client's check-in after a session, version checkin@1. Own short items; not a validated test. Frozen."""

from accord.science.instruments.model import Choice, Instrument, Item, Scale

NOTE = "not a validated test"
TENSION = (
    Choice("no", "No"),
    Choice("a-bit", "A bit"),
    Choice("yes", "Yes"),
    Choice("not-sure", "Not sure"),
)

CHECKIN_1 = Instrument(
    id="checkin@1",
    title="Check-in after a session",
    audience="client",
    note=NOTE,
    source="Own items, one for each of the three parts that Bordin (1979) describes, and one on tension.",
    items=(
        Item(
            "bond",
            0,
            10,
            question="How safe did it feel to say what was on your mind?",
            low_word="Not at all safe",
            high_word="Completely safe",
            why="It is easier to work on hard things when you feel safe with each other.",
        ),
        Item(
            "goal",
            0,
            10,
            question="Did you both work toward what matters to you?",
            low_word="Not at all",
            high_word="Completely",
            why="You both need to want the same thing from this.",
        ),
        Item(
            "task",
            0,
            10,
            question="Did the way you worked make sense to you?",
            low_word="Not at all",
            high_word="Completely",
            why="There is more than one way to work. It should be one that fits you.",
        ),
        Item(
            "tension",
            choices=TENSION,
            question="Is anything off between you two, even a little?",
            why="Small things are easier to fix early. Saying so is welcome.",
        ),
    ),
    scales=(Scale("bond", ("bond",)), Scale("goal", ("goal",)), Scale("task", ("task",))),
    owns_texts=True,
)
