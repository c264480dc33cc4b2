"""What was read and guessed, in a few lines for the terminal and the report."""

from collections.abc import Iterator

from accord.batch.mapping import Wish
from accord.batch.ratings import Meaning, Opened

Guess = tuple[str, str, str]  # what, as which column, how we know


def each_guess(opened: Opened, wish: Wish) -> Iterator[Guess]:
    """What, as which column, and whether it was said or guessed: for the short table in the terminal."""
    mapping = opened.meaning.mapping
    yield "table", f"{opened.source.form}, {_FORMS[mapping.form]}", "seen"
    yield "pair", mapping.pair, _by(wish.pair)
    if mapping.form == "wide":
        for place, reading in enumerate(mapping.readings):
            cells = [cell for cell in mapping.cells if cell.reading == place]
            yield _called(reading.name, reading.rater), _span([cell.column for cell in cells]), _by(wish.columns)
        first, last = mapping.cells[0].session, mapping.cells[-1].session
        yield "sessions", f"{first} to {last}, taken to be a week apart", "assumed"
        return
    yield from _long_guesses(opened.meaning, wish)


def _long_guesses(meaning: Meaning, wish: Wish) -> Iterator[Guess]:
    mapping = meaning.mapping
    if mapping.session:
        apart = "" if mapping.time else ", taken to be a week apart"
        yield "session", mapping.session + apart, _by(wish.session)
    if mapping.time:
        yield "time", f"{mapping.time} ({'dates' if meaning.dates else 'days'})", _by(wish.time)
    for name in mapping.scores:
        yield "score", name, _by(name if name in wish.scores else "")
    for what, name, said in (("pillar", mapping.pillar, wish.pillar), ("rater", mapping.rater, wish.rater)):
        if name:
            yield what, name, _by(said)


_FORMS = {"wide": "one row a pair", "long": "one row a session"}


def _by(said: str) -> str:
    return "as you said" if said else "guessed"


def _called(name: str, rater: str) -> str:
    return name if rater == "client" else f"{name} (therapist)"


def _span(columns: list[str]) -> str:
    return ", ".join(columns) if len(columns) <= 3 else f"{columns[0]} … {columns[-1]} ({len(columns)} columns)"
