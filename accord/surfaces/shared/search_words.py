"""Every sentence of a search: its questions, how much a wish matters, why somebody fits, what does not."""

from collections.abc import Mapping
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accord.records.matching.offering import Person
from accord.records.matching.wishes import (
    BY_KIND,
    BY_SLUG,
    MUCH,
    MUST,
    NOT_SURE,
    SIDES,
    SLUGS,
    SOME,
    Answers,
    Question,
    is_wish,
    token_of,
)
from accord.science.matching import Asked, Wish
from accord.surfaces.shared.digits import joined
from accord.surfaces.shared.token_words import label, reason

Names = Mapping[str, str]  # of insurers, by token


class Page(NamedTuple):
    """A question page: its heading, why we ask, and what "not sure" is called here."""

    question: str
    why: str
    not_sure: str


def page(slug: str) -> Page:
    question, why = PAGES[slug]
    fine = _("Both are fine") if BY_SLUG[slug].how == "style" else _("I am not sure")
    return Page(str(question), str(why), fine)


PAGES = {
    "needs": (
        gettext_lazy("What would you like help with?"),
        gettext_lazy("So that you see people who know it well. Pick as many as you like."),
    ),
    "kind": (
        gettext_lazy("What kind of help are you looking for?"),
        gettext_lazy("Both can help. If you do not know yet, say so: you will see both."),
    ),
    "who": (gettext_lazy("Who is it for?"), gettext_lazy("Not everybody works with young people, or with two.")),
    "language": (
        gettext_lazy("Which language would you like to talk in?"),
        gettext_lazy("Feelings are easier to say in your own words. Pick more than one if that is fine for you."),
    ),
    "home": (
        gettext_lazy("Where do you live?"),
        gettext_lazy("The law says where a person may treat people. You only see those who may treat you."),
    ),
    "way": (
        gettext_lazy("How would you like to meet?"),
        gettext_lazy("Video works well for most people. Pick all that suit you."),
    ),
    "times": (gettext_lazy("When could you come?"), gettext_lazy("Pick all the times that you could make most weeks.")),
    "pays": (
        gettext_lazy("How could you pay?"),
        gettext_lazy("So that money is no surprise. You see the fee before you ask anybody."),
    ),
    "challenge": (
        gettext_lazy("How should they talk with you?"),
        gettext_lazy("Some people want a soft voice. Some want it said as it is. Neither is better."),
    ),
    "structure": (
        gettext_lazy("A plan, or room to talk?"),
        gettext_lazy("Some people like to know what comes next. Some like to see where it goes."),
    ),
    "now": (
        gettext_lazy("Look at the past, or at today?"),
        gettext_lazy("Some people want to know where it comes from. Some want to change what is now."),
    ),
    "homework": (
        gettext_lazy("Things to do at home?"),
        gettext_lazy("Some people like to try things between two talks. Some have no time or no wish for it."),
    ),
    "person": (
        gettext_lazy("Would something about the person help you?"),
        gettext_lazy("Only you know that, so we ask and never guess. People say it about themselves, or leave it out."),
    ),
}
STYLES = {
    "challenge": (
        *(gettext_lazy("Softly. That matters a lot to me"), gettext_lazy("A bit softly")),
        *(gettext_lazy("Quite openly"), gettext_lazy("Say it as it is. That matters a lot to me")),
    ),
    "structure": (
        *(gettext_lazy("Room to talk. That matters a lot to me"), gettext_lazy("A bit more room to talk")),
        *(gettext_lazy("A bit of a plan"), gettext_lazy("A clear plan. That matters a lot to me")),
    ),
    "now": (
        *(gettext_lazy("The past. That matters a lot to me"), gettext_lazy("The past a bit more")),
        *(gettext_lazy("Today a bit more"), gettext_lazy("Today. That matters a lot to me")),
    ),
    "homework": (
        *(gettext_lazy("No. That matters a lot to me"), gettext_lazy("Rather not")),
        *(gettext_lazy("Now and then"), gettext_lazy("Yes. That matters a lot to me")),
    ),
}
STRENGTHS = {
    MUST: gettext_lazy("I need this"),
    MUCH: gettext_lazy("It matters a lot"),
    SOME: gettext_lazy("It would be nice"),
}


class Choice(NamedTuple):
    pick: str
    text: str


def choices(question: Question, offered: frozenset[str], names: Names) -> list[Choice]:
    """What there is to pick: what always is, and what somebody here offers."""
    if question.how == "style":
        return [Choice(pick, str(text)) for pick, text in zip(SIDES, STYLES[question.slug], strict=True)]
    open_ones = sorted((token for token in offered if token.partition(":")[0] in question.opens), key=label)
    first = [Choice(_short(question, token), label(token, names)) for token in open_ones]
    fixed = [Choice(pick, label(token_of(question, pick), names)) for pick in question.picks]
    return [*first, *fixed] if question.slug in {"language", "home"} else [*fixed, *first]


def _short(question: Question, token: str) -> str:
    kind, _colon, value = token.partition(":")
    return value if kind == question.kind and value in question.picks else token


class Line(NamedTuple):
    """One answer, to look at and to change."""

    slug: str
    question: str
    answer: str
    strength: str


def told(answers: Answers, names: Names, *, blanks: bool = True) -> list[Line]:
    """All of them in order, as they stand on the page of whoever may see them. blanks: what was skipped, too."""
    lines = []
    for slug in SLUGS:
        given = answers.get(slug, {"picks": [], "strength": ""})
        if is_wish(given):
            text = joined(_picked(BY_SLUG[slug], pick, names) for pick in given["picks"])
            strength = str(STRENGTHS.get(given["strength"], ""))
        elif blanks:
            text, strength = page(slug).not_sure if given["picks"] == [NOT_SURE] else _("Skipped"), ""
        else:
            continue
        lines.append(Line(slug, page(slug).question, text, strength))
    return lines


def needed(answers: Answers) -> str:
    """The must-haves in one line: an intake shows them, and nobody asks for them again."""
    return " · ".join(line.answer for line in told(answers, {}, blanks=False) if answers[line.slug]["strength"] == MUST)


def _picked(question: Question, pick: str, names: Names) -> str:
    if question.how == "style":
        return str(STYLES[question.slug][list(SIDES).index(pick)])
    return label(token_of(question, pick), names)


def wish_words(wish: Wish, names: Names) -> str:
    return _(" or ").join(label(token, names) for token in sorted(wish.any_of))


def fits(person: Person, asked: Asked, names: Names) -> list[str]:
    """Each reason in words; a must-have says so. What the law or the work itself asks comes last."""
    given = sorted(person.match.fits, key=lambda wish: BY_KIND[wish.kind].how == "must")
    told = [_fit(wish, person, asked, names) for wish in given]
    last = sum(BY_KIND[wish.kind].how == "must" for wish in given)
    return [*told[: len(told) - last], *_style_fits(person, asked), *told[len(told) - last :]]


def _fit(wish: Wish, person: Person, asked: Asked, names: Names) -> str:
    met = joined(reason(token, names) for token in sorted(wish.any_of & person.has))
    if wish in asked.musts and BY_KIND[wish.kind].how == "weighed":
        return _("%(reason)s: your must-have") % {"reason": met}
    return met


def _style_fits(person: Person, asked: Asked) -> list[str]:
    side = {dimension: way for dimension, way, _strength in asked.style}
    return [str(ALIKE[name][side[name] > 0]) for name in person.match.style_fits]


ALIKE = {
    "challenge": (gettext_lazy("Speaks softly, as you like it"), gettext_lazy("Says it as it is, as you like it")),
    "structure": (gettext_lazy("Likes room to talk, like you"), gettext_lazy("Likes structure, like you")),
    "now": (gettext_lazy("Looks at the past, as you like it"), gettext_lazy("Looks at today, as you like it")),
    "homework": (
        gettext_lazy("Gives little to do at home, as you like it"),
        gettext_lazy("Gives things to try at home, as you like it"),
    ),
}
OTHERWISE = {
    "challenge": (gettext_lazy("Is more open than you asked for"), gettext_lazy("Is softer than you asked for")),
    "structure": (
        gettext_lazy("Likes more structure than you do"),
        gettext_lazy("Leaves more room to talk than you asked for"),
    ),
    "now": (
        gettext_lazy("Looks at today more than you asked for"),
        gettext_lazy("Looks at the past more than you asked for"),
    ),
    "homework": (
        gettext_lazy("Gives more to do at home than you asked for"),
        gettext_lazy("Gives less to do at home than you asked for"),
    ),
}


def lacks(person: Person, asked: Asked, names: Names) -> list[str]:
    """What does not fit, as plainly."""
    side = {dimension: way for dimension, way, _strength in asked.style}
    missing = [_("Not on their page: %(what)s") % {"what": wish_words(wish, names)} for wish in person.match.lacks]
    return [*missing, *(str(OTHERWISE[name][side[name] > 0]) for name in person.match.style_differs)]


# To start a list from. The person's own come beside them.
ASK_THEM = (
    gettext_lazy("How do we find out if it helps?"),
    gettext_lazy("What do you do if I am not happy with how it goes?"),
    gettext_lazy("Have you worked with people like me?"),
    gettext_lazy("What would our first weeks look like?"),
    gettext_lazy("How do we choose what to work on?"),
    gettext_lazy("What if I can not come one day?"),
)
