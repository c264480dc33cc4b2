"""The pages for saying it and repairing it: short sentences, short words, and none that judge."""

import re
from html import unescape

import pytest
from django.urls import reverse

from accord.records.pairs.queries import Seen
from accord.records.ruptures.actions import move
from accord.records.ruptures.repairing import write_change
from accord.records.ruptures.saying import finish, keep_draft

GRADE = 6
SHORTEST = 6  # words; a label or a button is no sentence to be weighed
NEVER = re.compile(
    r"\b(?:detect|predict|risk|fail|comply|compliance|monitor|anonymous|drop out|resistan|rupture|alliance)",
    re.IGNORECASE,
)


def blocks(page: str) -> list[str]:
    main = page.split("<main", 1)[1].split("</main>")[0]
    main = re.sub(r"<(script|style|svg|textarea)\b.*?</\1>", " ", main, flags=re.DOTALL)
    main = re.sub(r'<(ul|ol) class="quiet-list.*?</\1>', " ", main, flags=re.DOTALL)
    parts = re.split(
        r"</?(?:p|li|h\d|dt|dd|div|section|label|button|legend|blockquote|summary|form)\b[^>]*>|<br>", main
    )
    return [" ".join(unescape(re.sub(r"<[^>]+>", " ", part)).split()) for part in parts]


def sentences(page: str) -> list[list[str]]:
    found = [part for block in blocks(page) for part in re.split(r"(?<=[.?!:;])\s", block)]
    return [words for part in found if len(words := re.findall(r"[A-Za-z’']+", part)) >= SHORTEST]


def syllables(word: str) -> int:
    """As readability formulas count them: groups of vowels, a silent e at the end not counted."""
    plain = re.sub(r"[^a-z]", "", word.lower())
    plain = re.sub(r"(?<=[^laeiouy])e$|(?<=[^td])ed$|(?<=[^sxz])es$", "", plain) or plain
    return max(1, len(re.findall(r"[aeiouy]+", plain)))


def grade(found: list[list[str]]) -> float:
    """Flesch–Kincaid."""
    words = [word for sentence in found for word in sentence]
    return 0.39 * len(words) / len(found) + 11.8 * sum(map(syllables, words)) / len(words) - 15.59


@pytest.fixture
def kais(pair_of, person, now):
    kai, tess = Seen(pair_of("kai"), person("kai"), "client"), Seen(pair_of("kai"), person("tess"), "therapist")
    kept = finish(keep_draft(kai, at=now, about="bond", words="hm", travels="keep"), by=kai, at=now)
    sent = finish(keep_draft(kai, at=now, about="bond", words="hm", travels="now"), by=kai, at=now)
    assert sent.episode
    write_change(sent.episode, "I will ask first.", by=tess, at=now)
    keep_draft(kai, at=now, about="task", words="hm", travels="before-next")
    return {"kai": kai, "tess": tess, "kept": kept, "sent": sent}


@pytest.mark.parametrize(
    "name", ["say", "say_words", "say_travels", "say_check", "kept", "sent", "open", "addressed", "let-go", "concern"]
)
def test_a_page_is_easy_to_read_and_judges_nobody(browse, kais, now, name):
    if name in ("addressed", "let-go"):
        move(kais["sent"].episode, name, by=kais["tess" if name == "addressed" else "kai"], at=now)
    path = {
        "kept": lambda: reverse("portal:said", args=[kais["kept"].code]),
        "sent": lambda: reverse("portal:said", args=[kais["sent"].code]),
        **{
            state: lambda: reverse("portal:repair", args=[kais["sent"].episode.code])
            for state in ("open", "addressed", "let-go")
        },
    }.get(name, lambda: reverse(f"portal:{name}"))()
    page = browse("kai").get(path).content.decode()
    found = sentences(page)
    assert len(found) >= 3
    assert grade(found) <= GRADE, f"{grade(found):.1f}: {[' '.join(one) for one in found]}"
    assert max(map(len, found)) <= 25, max(found, key=len)
    assert not NEVER.findall(" ".join(blocks(page)))


def test_the_measure_tells_plain_from_hard() -> None:
    plain = "<main><p>You can say it in your own words, and you can take it back.</p></main>"
    hard = "<main><p>Dissatisfaction with collaboration necessitates interdisciplinary consideration.</p></main>"
    assert grade(sentences(plain)) < 4
    assert grade(sentences(hard)) > 15
