"""Every page of a client reads at grade 6 or below, in English. A new template or word list is in here by itself."""

import re
from pathlib import Path

import pytest

from accord.config.catalogues import _in_python, _in_template
from accord.science.instruments import BY_ID
from tests.plugins.reading import grade, sentences_in, syllables, words_in

PORTAL = Path(__file__).parents[1] / "accord/surfaces/portal"
SHARED = PORTAL.parent / "shared"
OF_CLIENTS = [
    *sorted(PORTAL.glob("templates/**/*.html")),
    *sorted(PORTAL.glob("*words*.py")),
    *sorted(PORTAL.glob("views/*.py")),
    *(
        SHARED / "templates/shared" / f"{name}.html"
        for name in ("front", "help", "leave", "stay", "base", "error_summary")
    ),
    *(SHARED / "templates/sign_in" / f"{name}.html" for name in ("ask", "sent", "open", "over")),
    *(SHARED / name for name in ("search_words.py", "token_words.py")),
    *(PORTAL.parents[1] / f"records/matching/{name}.py" for name in ("letters", "searching", "enquiring")),
    *(SHARED / name for name in ("help_lines.py", "intakes.py", "sign_in/links.py")),
    PORTAL.parents[1] / "records/checkins/actions.py",
    PORTAL.parents[1] / "records/checkins/taking_back.py",
]
HIGHEST = 6.0
HARDEST_SENTENCE = 10.0  # one by one, numbers of a few words jump about; the page is what is read
FEWEST_WORDS = 4  # a button's one word says nothing about how hard a page is
ENOUGH = 30  # words; fewer are no page


def texts_of(path: Path) -> list[str]:
    read = _in_python if path.suffix == ".py" else _in_template
    texts = [
        text for message in read(path.read_text(encoding="utf-8")) for text in (message.id, message.plural) if text
    ]
    return [filled(text) for text in texts if len(words_in(text)) >= FEWEST_WORDS]


def filled(text: str) -> str:
    """As it is read: a name for a name, a number for a number, no tags."""
    text = re.sub(r"<[^>]+>", "", text)
    text = re.sub(r"%\((?:name|client|email)\)s|\{name\}", "Tess", text)
    return re.sub(r"%\(\w+\)s|\{\w+\}", "4", text)


@pytest.mark.parametrize("path", OF_CLIENTS, ids=lambda path: path.name)
def test_a_page_reads_at_grade_six_or_below(path) -> None:
    texts = texts_of(path)
    if sum(len(words_in(text)) for text in texts) < ENOUGH:
        return
    told = {text: round(grade([text]), 1) for text in sorted(texts, key=lambda text: -grade([text]))[:5]}
    assert grade(texts) <= HIGHEST, f"the hardest: {told}"


@pytest.mark.parametrize("path", OF_CLIENTS, ids=lambda path: path.name)
def test_no_sentence_is_a_wall(path) -> None:
    texts = {text: round(grade([text]), 1) for text in texts_of(path) if len(words_in(text)) >= 8}
    assert {text: level for text, level in texts.items() if level > HARDEST_SENTENCE} == {}


def test_the_questions_read_at_grade_six_or_below() -> None:
    for instrument in BY_ID.values():
        if instrument.owns_texts and instrument.audience == "client":
            texts = [text for item in instrument.items for text in (item.question, item.why) if text]
            assert grade(texts) <= HIGHEST, instrument.id


# Counted by hand, in the dictionary's way.
SYLLABLES = {
    1: "the made safe need leaves asked looked moved through words phone voice time here these",
    2: "before session answer question little people over agreed wanted started something matters table reading being",
    3: "therapist together completely hospital remember important family another connection",
    4: "emergency impossible information",
}


@pytest.mark.parametrize(("count", "words"), SYLLABLES.items())
def test_syllables_are_counted_as_they_are_spoken(count, words) -> None:
    assert {word: syllables(word) for word in words.split()} == dict.fromkeys(words.split(), count)


def test_sentences_and_words_are_counted_as_they_are_read() -> None:
    text = "It's fine. Can you stay? Yes: “I can.” Nothing…"
    assert len(sentences_in(text)) == 5
    assert words_in("It's 3 o'clock") == ["It's", "3", "o'clock"]


def test_the_grade_is_the_formula() -> None:
    """Ten words of one syllable each in two sentences: 0.39 · 5 + 11.8 − 15.59."""
    assert grade(["The cat sat on it. The dog ran to him."]) == pytest.approx(0.39 * 5 + 11.8 - 15.59)


def test_hard_words_are_found_hard() -> None:
    assert grade(["Individual psychotherapeutic confidentiality considerations necessitate documentation."]) > 20
