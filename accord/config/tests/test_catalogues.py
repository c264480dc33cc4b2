"""The translations: complete for everybody, true to their placeholders, and compiled as they stand."""

import gettext
import io
import re
import shutil
import subprocess

import pytest

from accord.config.catalogues import (
    PLURALS,
    Message,
    _in_python,
    _in_template,
    compile_mo,
    po_path,
    read_po,
    sentences,
    write_po,
)

LANGUAGES = sorted(PLURALS)
PLACE = re.compile(r"%\(\w+\)s|\{\w+\}|<[^>]+>")


def catalogue(language: str):
    return read_po(po_path(language).read_text(encoding="utf-8"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_of_any_page_is_missing(language) -> None:
    known = catalogue(language)
    missing = [message.id for message in sentences() if not all(known.get(message, ("",)))]
    assert missing == [], f"run `make languages`, then translate these in {po_path(language)}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_translation_keeps_the_places_to_fill(language) -> None:
    for message, texts in catalogue(language).items():
        for text in filter(None, texts):
            found, wanted = set(PLACE.findall(text)), set(PLACE.findall(message.plural or message.id))
            assert found == wanted or (message.plural and found <= wanted), message.id


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_compiled_is_what_is_written(language) -> None:
    made = compile_mo(language, catalogue(language))
    assert po_path(language).with_suffix(".mo").read_bytes() == made, "run `make languages`"


@pytest.mark.parametrize("language", LANGUAGES)
def test_gettext_itself_reads_it(language) -> None:
    read = gettext.GNUTranslations(io.BytesIO(compile_mo(language, catalogue(language))))
    for message, texts in catalogue(language).items():
        if all(texts) and not message.plural:
            assert read.gettext(message.id) == texts[0]


@pytest.mark.skipif(shutil.which("msgfmt") is None, reason="gettext's own tools are not installed here")
@pytest.mark.parametrize("language", LANGUAGES)
def test_gettexts_own_compiler_agrees(language, tmp_path) -> None:
    made = tmp_path / "django.mo"
    subprocess.run(["msgfmt", "--check-format", "-o", made, po_path(language)], check=True)
    ours = gettext.GNUTranslations(io.BytesIO(compile_mo(language, catalogue(language))))
    theirs = gettext.GNUTranslations(io.BytesIO(made.read_bytes()))
    for message, texts in catalogue(language).items():
        if all(texts) and not message.plural:
            assert ours.gettext(message.id) == theirs.gettext(message.id)


def test_no_sentence_stands_once_with_and_once_without_a_plural() -> None:
    """A catalogue knows a sentence by its first words alone."""
    counted = {(message.context, message.id) for message in sentences() if message.plural}
    assert [each.id for each in sentences() if not each.plural and (each.context, each.id) in counted] == []


def test_it_finds_what_a_template_says() -> None:
    source = (
        "{% load i18n %}{% translate 'One' %}{% translate \"It's\" as x %}{{ x|default:_('Two') }}"
        "{% blocktranslate trimmed with name=y %}\n  Hello {{ name }}\n{% endblocktranslate %}"
        "{% blocktranslate count n=n %}one day{% plural %}{{ n }} days{% endblocktranslate %}"
        "{% translate 'May' context 'month' %} “plain” text's end"
    )
    assert set(_in_template(source)) == {
        Message("One"),
        Message("It's"),
        Message("Two"),
        Message("Hello %(name)s"),
        Message("one day", "%(n)s days"),
        Message("May", context="month"),
    }


def test_it_finds_what_python_says() -> None:
    source = "_('a'); gettext_lazy('b' 'c'); ngettext('d', 'e', n); pgettext('x', 'f'); other('g'); _(text)"
    assert set(_in_python(source)) == {
        Message("a"),
        Message("bc"),
        Message("d", "e"),
        Message("f", context="x"),
    }


def test_what_is_written_is_read_back() -> None:
    found = {Message('a "quoted"\nline'): {"x.html"}, Message("one", "many"): {"y.py"}, Message("May", "", "m"): {"z"}}
    known = {
        Message('a "quoted"\nline'): ("así\n",),
        Message("one", "many"): ("uno", "más"),
        Message("May", "", "m"): ("",),
    }
    assert read_po(write_po("es", found, known)) == known


def test_a_fuzzy_translation_is_none() -> None:
    assert read_po('msgid ""\nmsgstr ""\n\n#, fuzzy\nmsgid "a"\nmsgstr "b"\n') == {}
