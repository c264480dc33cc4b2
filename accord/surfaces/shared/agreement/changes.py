"""What may be pressed on the board: the name of a button, and the action it stands for."""

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from django.http import QueryDict
from django.utils.translation import gettext as _

from accord.records.agreements import actions
from accord.records.agreements.models import Item, Version
from accord.records.agreements.queries import item_of, version_of
from accord.records.errors import Refused
from accord.records.pairs.queries import Seen


class Pressed(NamedTuple):
    """A form of the board, by who sent it and when."""

    form: QueryDict
    by: Seen
    at: datetime

    def word(self, name: str) -> str:
        return self.form.get(name, "")

    @property
    def item(self) -> Item:
        return item_of(self.by, self.word("item")).item

    @property
    def version(self) -> Version:
        return version_of(self.by, self.word("version"))[1]

    @property
    def text(self) -> actions.Text:
        serves = tuple(self.form.getlist("serves"))
        return actions.Text(self.word("words"), self.word("how_known"), self.word("why"), serves)

    @property
    def value(self) -> int:
        value = self.word("value")
        if not (value.isascii() and value.isdigit() and len(value) <= 2):
            raise Refused(_("Please pick a number from 0 to 10."))
        return int(value)


def _add(pressed: Pressed) -> str:
    return actions.add(pressed.word("kind"), pressed.text, by=pressed.by, at=pressed.at).code


def _reword(pressed: Pressed) -> str:
    item = pressed.item
    actions.reword(item, pressed.text, seen=pressed.word("seen"), by=pressed.by, at=pressed.at)
    return item.code


def _answer(pressed: Pressed) -> str:
    version, what = pressed.version, pressed.word("what")
    plain = {"agree": actions.agree, "decline": actions.decline, "withdraw": actions.withdraw}
    if what in plain:
        plain[what](version, by=pressed.by, at=pressed.at)
    else:
        actions.doubt(version, what, by=pressed.by, at=pressed.at, words=pressed.word("words"))
    return version.item.code


def _rate(pressed: Pressed) -> str:
    item = pressed.item
    actions.rate(item, pressed.word("what"), pressed.value, by=pressed.by, at=pressed.at)
    return item.code


def _end(pressed: Pressed) -> str:
    item, what = pressed.item, pressed.word("what")
    plain = {"agree-to-end": actions.agree_to_end, "go-on": actions.go_on, "take-back": actions.take_back}
    if what in plain:
        plain[what](item, by=pressed.by, at=pressed.at)
    else:
        actions.end(item, what, by=pressed.by, at=pressed.at)
    return item.code


BUTTONS: dict[str, Callable[[Pressed], str]] = {
    "add": _add,
    "reword": _reword,
    **dict.fromkeys(("agree", "decline", "withdraw", "not-sure", "not-for-me"), _answer),
    **dict.fromkeys(("importance", "progress"), _rate),
    **dict.fromkeys(("finished", "aside", "agree-to-end", "go-on", "take-back"), _end),
}


def change(pressed: Pressed) -> str:
    """Do it; the code of the thing that was changed."""
    act = BUTTONS.get(pressed.word("what"))
    if act is None:
        raise Refused(_("There is no such button."))
    return act(pressed)
