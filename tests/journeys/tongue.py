"""The steps say in English what a person sees. In another language the same steps look for its translation.

Names and what somebody typed stay as they are. What no catalogue knows ends the test: nothing passes unread.
"""

import gettext
import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import pytest
from django.conf import global_settings
from django.utils import translation
from django.utils.dates import MONTHS, WEEKDAYS
from playwright.sync_api import Keyboard, Locator, LocatorAssertions, Page

from accord.config.catalogues import PLURALS, Message, po_path, read_po
from accord.config.harbour import CAST, OTHERS
from accord.surfaces.shared.digits import localised, with_commas

HOLE = re.compile(r"%\((\w+)\)s|\{(\w+)\}")
TAG = re.compile(r"<[^>]+>")
DIGIT = r"\d"  # in the patterns of the steps
NAMES = {name for _, full in (*((one.slug, one.name) for one in CAST), *OTHERS) for name in (full, full.split()[0])}
DAYS = {str(day): day for day in (*MONTHS.values(), *WEEKDAYS.values())}
LANGUAGES = {name: translation.gettext_lazy(name) for _, name in global_settings.LANGUAGES}


class Sentence(NamedTuple):
    """How it is recognised in English, and its translation, several where something is counted."""

    shape: re.Pattern[str]
    weight: int  # how much of it is not a hole
    forms: tuple[str, ...]


class Unknown(AssertionError):
    """No sentence of the catalogue reads like this."""


class Tongue:
    def __init__(self, language: str) -> None:
        self.language = language
        self.typed: list[str] = []
        catalogue = read_po(po_path(language).read_text(encoding="utf-8"))
        found = [one for message, forms in catalogue.items() for one in _sentences(message, forms)]
        self.words = {message.id: forms[0] for message, forms in catalogue.items() if message.id.isalpha()}
        self.sentences = sorted((one for one in found if one.weight > 2), key=lambda one: -one.weight)
        self.form_of = gettext.c2py(PLURALS[language].partition("plural=")[2].rstrip(";"))

    def __call__(self, said: str) -> str:
        """The one translation of it."""
        found = self.all(said)
        assert len(found) == 1, f"{said!r} may be {found}"
        return found[0]

    def all(self, said: str) -> list[str]:
        """Its translations by the closest sentences: the same words may stand in the catalogue for two things."""
        if said in self.typed:
            return [said]
        found: dict[str, int] = {}
        for one in self.sentences:
            if found and one.weight < max(found.values()):
                break
            told = self._as(one, said)
            if told is not None:
                found.setdefault(told, one.weight)
        return list(found) or [self._own(said)]

    def _as(self, sentence: Sentence, said: str) -> str | None:
        met = sentence.shape.fullmatch(said)
        if met is None:
            return None
        try:
            holes = {name: self._hole(value) for name, value in met.groupdict().items()}
        except Unknown:
            return None
        numbers = [int(value) for value in met.groupdict().values() if value.isdecimal()] or [1]
        form = sentence.forms[self.form_of(numbers[0]) if len(sentence.forms) > 1 else 0]
        return HOLE.sub(lambda hole: holes[hole[1] or hole[2]], form)

    def _hole(self, value: str) -> str:
        return self._own(value) if self._is_own(value) else self(value)

    def _own(self, said: str) -> str:
        """What is no sentence: names, people's own words, numbers, days, single words beside them."""
        if self._is_own(said):
            return said
        with translation.override(self.language):
            parts = re.split(r"([A-Za-z]{2,})", said)
            known = {name: name for name in NAMES} | DAYS | LANGUAGES | self.words
            told = [str(known.get(part) or with_commas(localised(part))) for part in parts]
        left = {part for part in parts if re.fullmatch(r"[A-Za-z]{2,}", part)} - known.keys()
        if left or not said.strip():
            raise Unknown(f"no sentence in {self.language} for {said!r}")
        return "".join(told)

    def _is_own(self, said: str) -> bool:
        return said in NAMES or (any(map(str.isalpha, said)) and any(said in typed for typed in self.typed))

    def look_for(self, said: Any, *, exact: bool = True) -> Any:
        """The text or pattern to look for in place of this one."""
        if isinstance(said, re.Pattern):
            return self._pattern(said)
        if isinstance(said, list):
            return [self.look_for(each) for each in said]
        found = self.all(said)
        if len(found) == 1:
            return found[0]
        either = "|".join(_escaped(each) for each in found)
        return re.compile(rf"^\s*({either})\s*$" if exact else f"({either})")

    def _pattern(self, said: re.Pattern[str]) -> re.Pattern[str]:
        """Sentences with `.*` between them, and digits that are not known."""
        start, end = "^" * said.pattern.startswith("^"), "$" * said.pattern.endswith("$")
        parts = said.pattern.removeprefix("^").removesuffix("$").split(".*")
        parts = [re.sub(r"\\([().?])", r"\1", part) for part in parts]
        either = [f"({'|'.join(_escaped(each) for each in self.all(part))})" for part in parts]
        return re.compile(start + ".*".join(either) + end, said.flags & ~re.UNICODE)


def _sentences(message: Message, forms: tuple[str, ...]) -> Iterator[Sentence]:
    """A text, and where it is of several sentences, each of them."""
    plain = tuple(TAG.sub("", form) for form in forms)
    for text in filter(None, (TAG.sub("", message.id), TAG.sub("", message.plural))):
        yield _sentence(text, plain)
        parts = [re.split(r"(?<=[.?:؟])\s+", each) for each in (text, *plain)]
        if len(parts[0]) > 1 and {len(each) for each in parts} == {len(parts[0])}:
            yield from (_sentence(part, told) for part, *told in zip(*parts, strict=True))


def _sentence(text: str, forms: Sequence[str]) -> Sentence:
    return Sentence(_shape(text), len(HOLE.sub("", text)), tuple(forms))


def _shape(text: str) -> re.Pattern[str]:
    seen: set[str] = set()

    def hole(found: re.Match[str]) -> str:
        name = found[1] or found[2]
        again = name in seen
        seen.add(name)
        return f"(?P={name})" if again else f"(?P<{name}>.+?)"

    parts = [re.escape(part) for part in re.split(HOLE.pattern.replace("(\\w+)", "\\w+"), text)]
    holes = [hole(found) for found in HOLE.finditer(text)]
    return re.compile("".join(part + each for part, each in zip(parts, [*holes, ""], strict=True)), re.DOTALL)


def _escaped(told: str) -> str:
    literal = re.sub(r"([.*+?^$(){}|\[\]])", r"\\\1", told)
    return literal.replace(DIGIT, "[0-9\u0660-\u0669]")


SEEN = ("get_by_text", "get_by_label", "get_by_placeholder")
EXPECTED = ("to_have_text", "to_contain_text", "to_have_accessible_name", "to_have_value")


def speak(language: str, patch: pytest.MonkeyPatch) -> Tongue:
    """From here on the steps of this test are taken in this language."""
    tongue = Tongue(language)
    for kind in (Page, Locator):
        for name in SEEN:
            _translate(kind, name, tongue, patch)
        for name in ("get_by_role", "locator"):
            _translate_named(kind, name, tongue, patch)
    _translate_named(Locator, "filter", tongue, patch)
    for name in EXPECTED:
        for each in (name, f"not_{name}"):
            _translate(LocatorAssertions, each, tongue, patch)
    for kind, name in ((Locator, "fill"), (Locator, "press_sequentially"), (Keyboard, "type")):
        _listen(kind, name, tongue, patch)
    return tongue


def _translate(kind: type, name: str, tongue: Tongue, patch: pytest.MonkeyPatch) -> None:
    first = getattr(kind, name)

    def translated(self: Any, said: Any, **options: Any) -> Any:
        exact = options.get("exact", name != "to_contain_text" and name not in SEEN)
        return first(self, tongue.look_for(said, exact=exact), **options)

    patch.setattr(kind, name, translated)


def _translate_named(kind: type, name: str, tongue: Tongue, patch: pytest.MonkeyPatch) -> None:
    first = getattr(kind, name)

    def translated(self: Any, *given: Any, **options: Any) -> Any:
        for key in {"name", "has_text", "has_not_text"} & options.keys():
            options[key] = tongue.look_for(options[key], exact=options.get("exact", False))
        return first(self, *given, **options)

    patch.setattr(kind, name, translated)


def _listen(kind: type, name: str, tongue: Tongue, patch: pytest.MonkeyPatch) -> None:
    first = getattr(kind, name)

    def listening(self: Any, words: str, **options: Any) -> Any:
        tongue.typed.append(words)
        return first(self, words, **options)

    patch.setattr(kind, name, listening)
