"""The report's sentences: plain, and never more than the numbers say."""

from collections.abc import Sequence
from typing import Any

from accord.batch.findings import Findings, Story
from accord.batch.numbers import Scale

KINDS = {
    "said": "the client said that something is off",
    "dip": "lower than usual for these two",
    "slide": "slowly lower over several sessions",
    "low": "low and staying low",
    "ceiling": "only perfect scores",
    "silence": "fewer answers than usual",
    "drop": "a fall",
    "below-mean": "below the client's own mean",
    "shift": "a shift of the level",
    "reliable-fall": "a reliable fall",
    "sudden-gain": "a sudden gain",
    "sudden-loss": "a sudden loss",
}

OUR_KINDS = ("dip", "slide", "low", "ceiling", "silence")  # a table of ratings has nothing that was said
BUDGETED = ("dip", "slide")  # the budget holds for both together; their size counts from the expected score

COLUMNS = {
    "pair": "The pair, as your table names it.",
    "session": "Number of the session, as your table numbers it; without numbers, the order in time.",
    "day": "Days since the pair's first session; a session number counts as a week.",
    "date": "The date, where your table has dates.",
    "pillar": "In flags: goal, task or bond; a score of its own keeps its column's name. In estimates it stands in "
    "front of the next six names, as in goal_score.",
    "score": "The client's rating, as in your table.",
    "therapist_score": "The therapist's rating, as in your table.",
    "level": "Where the model places the client's level with hindsight (all sessions), in your points; also where "
    "this pillar was not rated in a session that took place.",
    "level_sd": "Its standard deviation, in your points.",
    "usual_low, usual_high": "The usual band before the session, in your points: two of three ratings fall inside.",
    "version": "The version of the model, or of the rule that judged.",
    "rule, kind": "The rule by name, and what it says.",
    "size": "Points of your scale: how far from what was expected. Sudden gains count up, sudden losses down.",
    "limit": "What the statistic is held against. For dip: the logarithm of how many times likelier the ratings are "
    "after a fall than without one. For slide: a sum of such logarithms. For low: a probability. For the rules from "
    "the literature: points of your scale, or standard deviations where the rule counts in these.",
    "statistic": "The number that crossed the limit, in the limit's units.",
    "expected_false_alarms": "Flags per 10 judged sessions in which nothing changed, dips and slides counted together; "
    "empty: not known.",
    "first_reading, last_reading": "The client's ratings that were used, counted from 1.",
    "cannot_know": "What the arithmetic cannot tell.",
}


def plural(number: int, noun: str, many: str = "") -> str:
    """1 flag, 2 flags, 1,200 flags."""
    return f"{number:,} {noun if number == 1 else many or noun + 's'}"


def number(value: float | None) -> str:
    """A score or a size in as few digits as tell it apart."""
    if value is None or value != value:
        return "–"
    return f"{value:.2f}".rstrip("0").rstrip(".").replace("-", "−")


def headline(findings: Findings) -> str:
    """The report's first sentence."""
    if not findings.flags:
        return f"None of {plural(findings.pairs, 'pair')} was flagged by the rules chosen."
    was = "has" if findings.flagged_pairs == 1 else "have"
    return f"{findings.flagged_pairs:,} of {plural(findings.pairs, 'pair')} {was} a session worth a second look."


def lead(findings: Findings) -> str:
    """The counts behind the first sentence."""
    hints = f" and {plural(findings.hints, 'hint')}" if findings.hints else ""
    counts = f"{plural(findings.flags, 'flag')}{hints} in {plural(findings.sessions, 'rated session')}."
    return f"{counts} A flag is arithmetic with a stated error, not a verdict."


def story_sentence(story: Story, scale: Scale) -> str:
    """One pair in one sentence: its largest flag."""
    largest = max(story.flags.to_dicts(), key=lambda flag: abs(flag["size"] or 0.0))
    return _about(largest) + flag_words(largest, scale)


def flag_words(flag: dict[str, Any], scale: Scale) -> str:
    """One flag in words, with its numbers."""
    what = KINDS.get(flag["kind"], flag["kind"].replace("-", " "))
    if flag["kind"].startswith("sudden-"):
        after = flag["score"] - flag["size"] * (1 if scale.better == "low" else -1)
        points = plural_points(abs(flag["size"]))
        return f"{what} of {points} after session {flag['session']} ({number(flag['score'])}, then {number(after)})"
    given = f": {number(flag['score'])}" if flag["score"] is not None else ""
    band = "" if flag["usual_low"] is None else f", usually {number(flag['usual_low'])} to {number(flag['usual_high'])}"
    size = f" ({plural_points(abs(flag['size']))} below what was expected)" if flag["kind"] in BUDGETED else ""
    return f"{what} at session {flag['session']}{given}{band}{size}"


def flag_lines(flags: Sequence[dict[str, Any]], scale: Scale) -> list[str]:
    """The flags of a pair, those of one kind and pillar in one line."""
    lines: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for flag in flags:
        lines.setdefault((flag["pillar"], flag["kind"]), []).append(flag)
    return [_about(alike[0]) + _line(alike, scale) + f" · {alike[0]['version']}" for alike in lines.values()]


def _line(alike: Sequence[dict[str, Any]], scale: Scale) -> str:
    first = flag_words(alike[0], scale)
    others = [str(flag["session"]) for flag in alike[1:]]
    return first + (f"; again at session{'s' if len(others) > 1 else ''} {', '.join(others)}" if others else "")


def _about(flag: dict[str, Any]) -> str:
    return f"{flag['pillar']}: " if flag["pillar"] else ""


def plural_points(size: float) -> str:
    """1 point, 2.5 points."""
    return f"{number(round(size, 1))} point{'' if round(size, 1) == 1 else 's'}"


def chart_words(name: str, scores: Sequence[float | None], flags: int) -> str:
    """What a chart shows, for those who hear it."""
    given = [score for score in scores if score is not None]
    if not given:
        return f"{name}: no rating by the client"
    first, last = number(given[0]), number(given[-1])
    span = f"between {number(min(given))} and {number(max(given))}"
    return f"{name}: {plural(len(given), 'rating')}, from {first} to {last}, {span}; {plural(flags, 'flag')}"
