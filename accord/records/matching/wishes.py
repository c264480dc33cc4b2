"""What a search asks: its questions, what may be answered, and what the answers mean as wishes. `search@1`."""

from collections.abc import Mapping
from typing import Literal, NamedTuple, NotRequired, TypedDict

from accord.records.profiles.vocabulary import CLOSED, STYLE, is_known
from accord.science.matching import Asked, Wish

VERSION = "search@1"
SKIPPED, NOT_SURE = "skipped", "not-sure"
NEITHER = frozenset({SKIPPED, NOT_SURE})
MUST, MUCH, SOME = "must", "much", "some"  # "I need this", "it matters a lot", "it would be nice"
STRENGTHS: Mapping[str, float] = {MUCH: 1.0, SOME: 0.5, "": 0.5}


class Given(TypedDict):
    """One answer: what was picked, and how much it matters ("": they did not say)."""

    picks: list[str]
    strength: str
    soft: NotRequired[list[str]]  # of several must-haves, those that were let go of since


Answers = dict[str, Given]


class Question(NamedTuple):
    """One page. A pick is a value of `kind`, or a whole token of one of the kinds in `opens`."""

    slug: str
    kind: str
    picks: tuple[str, ...]
    opens: tuple[str, ...] = ()  # kinds whose values are known from the profiles only: towns, insurers
    many: bool = False  # more than one pick
    how: Literal["must", "weighed", "style"] = "weighed"  # always a must-have, as they say, or a way of working
    each: bool = False  # every pick is a wish of its own; else any of them will do


ELSEWHERE = "elsewhere"  # a country where nobody here may work
WAYS = ("left-much", "left", "right", "right-much")
# What it is about, then what the law asks, then wishes, then the person. Each is skipped as easily.
QUESTIONS: tuple[Question, ...] = (
    Question("needs", "need", CLOSED["need"], many=True, each=True),
    Question("kind", "kind", CLOSED["kind"], how="must"),
    Question("who", "population", CLOSED["population"], how="must"),
    Question("language", "language", (), opens=("language",), many=True),
    Question("home", "licence", (ELSEWHERE,), opens=("licence",), how="must"),
    Question("way", "mode", CLOSED["mode"], opens=("place",), many=True),
    Question("times", "time", CLOSED["time"], many=True),
    Question("pays", "pays", CLOSED["pays"], opens=("insurer",), many=True),
    *(Question(side, side, WAYS, how="style") for side in STYLE),
    Question("person", "identity", CLOSED["identity"], many=True, each=True),
)
BY_SLUG = {question.slug: question for question in QUESTIONS}
BY_KIND = {question.kind: question for question in QUESTIONS}
SLUGS = tuple(BY_SLUG)
# From one end to the other, as they stand on the page: the side that is asked for, and how much it matters.
SIDES: Mapping[str, tuple[float, float]] = {
    "left-much": (-1.0, 1.0),
    "left": (-1.0, 0.5),
    "right": (1.0, 0.5),
    "right-much": (1.0, 1.0),
}


def is_answer(question: Question, given: Given) -> bool:
    """Whether these picks and this strength may be given to this question."""
    picks, strength = given["picks"], given["strength"]
    if set(picks) & NEITHER:
        return len(picks) == 1 and not strength
    known = bool(picks) and all(_may_be_picked(question, pick) for pick in picks) and len(set(picks)) == len(picks)
    weighed = strength in {MUST, *STRENGTHS} if question.how == "weighed" else not strength
    return known and weighed and (question.many or len(picks) == 1)


def _may_be_picked(question: Question, pick: str) -> bool:
    kind, _, value = pick.rpartition(":")
    return pick in question.picks or (kind in question.opens and is_known(kind, value))


def token_of(question: Question, pick: str) -> str:
    return pick if ":" in pick else f"{question.kind}:{pick}"


def wishes_of(question: Question, given: Given) -> tuple[Wish, ...]:
    """Each pick a wish, or all of them one: in the evening or at the weekend."""
    tokens = [token_of(question, pick) for pick in given["picks"]]
    if question.each:
        return tuple(Wish(question.kind, frozenset({token})) for token in tokens)
    return (Wish(question.kind, frozenset(tokens)),) if tokens else ()


def asked(answers: Mapping[str, Given]) -> Asked:
    """The wishes as the science takes them, in the order of the questions."""
    told = [(BY_SLUG[slug], answers[slug]) for slug in SLUGS if slug in answers and is_wish(answers[slug])]
    weighed = [
        (wish, strength_of(question, given, wish))
        for question, given in told
        if question.how != "style"
        for wish in wishes_of(question, given)
    ]
    musts = tuple(wish for wish, strength in weighed if strength == MUST)
    nice = tuple((wish, STRENGTHS[strength]) for wish, strength in weighed if strength != MUST)
    style = [(question.slug, *SIDES[given["picks"][0]]) for question, given in told if question.how == "style"]
    return Asked(musts, nice, tuple(style))


def is_wish(given: Given) -> bool:
    return bool(given["picks"]) and not set(given["picks"]) & NEITHER


def strength_of(question: Question, given: Given, wish: Wish) -> str:
    """How much one wish matters: what the question as a whole says, unless this one was let go of."""
    let_go = {token_of(question, pick) for pick in given.get("soft", [])}
    return MUST if question.how == "must" else MUCH if wish.any_of & let_go else given["strength"]
