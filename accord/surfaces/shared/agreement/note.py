"""The board as plain text, to be put into any record system."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from accord.surfaces.shared.agreement.cards import BoardShown, Card, Two
from accord.surfaces.shared.digits import localised, numeral, set_apart


def note(board: BoardShown, two: Two, today: str) -> str:
    """Goals, tasks, dates and states; lines that wrap nowhere and need no font."""
    title = _("Goals and tasks of %(client)s and %(therapist)s, %(day)s") % {
        "client": two.first("client"),
        "therapist": two.first("therapist"),
        "day": today,
    }
    parts = [title, "", *_part(_("GOALS"), board.goals, two), "", *_part(_("TASKS"), board.tasks, two)]
    if board.closed:
        parts += ["", *_part(_("FINISHED OR PUT ASIDE"), board.closed, two)]
    return "\n".join(parts)


def _part(title: str, cards: tuple[Card, ...], two: Two) -> Iterator[str]:
    yield title
    if not cards:
        yield _("none")
    for number, each in enumerate(cards, 1):
        yield f"{numeral(number)}. {each.current.text}"
        yield from (f"   {line}" for line in _lines(each, two))


def _lines(card: Card, two: Two) -> Iterator[str]:
    words = card.current
    yield _("State: %(state)s") % {"state": _neutral(card, two)}
    yield _("Worded by %(name)s, %(day)s") % {"name": two.first(words.side), "day": words.on}
    if card.first:
        yield _("First in %(name)s’s words: %(words)s") % {"name": two.first("client"), "words": card.first.text}
    if words.how_known:
        yield _("How we will know: %(words)s") % {"words": words.how_known}
    if words.why:
        yield _("Why this: %(words)s") % {"words": words.why}
    if words.serves:
        yield _("For: %(goals)s") % {"goals": set_apart(words.serves)}
    if card.importance is not None:
        yield _("Importance: %(value)s of 10") % {"value": localised(str(card.importance))}
    if card.progress:
        yield _("Progress: %(sentence)s") % {"sentence": card.progress.sentence}
    if card.proposed:
        name = two.first(card.proposed.side)
        yield _("%(name)s suggests: %(words)s") % {"name": name, "words": card.proposed.text}
    for doubt in card.doubts:
        yield f"{two.first(doubt.side)}: {_('not sure')}" + (f" ({doubt.text})" if doubt.text else "")


def _neutral(card: Card, two: Two) -> str:
    """A note has no "you": it says the name."""
    if card.state == "needs-ok" and not card.i_agree:
        return _("Needs %(name)s’s OK") % {"name": two.first(two.seen.side)}
    return card.state_words
