"""One tap after the first session, version first-impression@1. Frozen."""

from accord.science.instruments.checkin1 import NOTE
from accord.science.instruments.model import Choice, Instrument, Item

FIRST_IMPRESSION_1 = Instrument(
    id="first-impression@1",
    title="First impression",
    audience="client",
    note=NOTE,
    source="Own item.",
    items=(
        Item(
            "impression",
            choices=(
                Choice("good", "Good so far"),
                Choice("unsure", "Unsure"),
                Choice("not-for-me", "Not for me"),
            ),
            question="How does this feel so far?",
            why="Many people know within about three visits. Trust can take longer. Any answer is fine.",
        ),
    ),
    scales=(),  # a choice, not a score
    owns_texts=True,
)
