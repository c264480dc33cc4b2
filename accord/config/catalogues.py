"""The sentences of the pages and their translations: collected from the source, kept in .po, compiled to .mo.

In plain Python, so that a clone needs no gettext: `make languages` collects and compiles, and a test holds that
every .mo is what its .po says.
"""

import ast
import re
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from django.utils.translation.template import templatize

from accord.science.instruments import BY_ID
from accord.science.ruptures import CANNOT_KNOW

ACCORD = Path(__file__).parents[1]
LOCALE = ACCORD / "locale"
ROOMS = ("surfaces", "records", "config")  # where sentences are written
CALLS = {"_": 0, "gettext": 0, "gettext_lazy": 0, "ngettext": 1, "ngettext_lazy": 1, "pgettext": 2, "pgettext_lazy": 2}
LITERAL = r"u?('(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")"
IN_TEMPLATE = re.compile(
    rf"\b(?:ngettext\({LITERAL}\s*,\s*{LITERAL}|pgettext\({LITERAL}\s*,\s*{LITERAL}|(?:gettext|_)\({LITERAL})"
)
HEADER = """Project-Id-Version: Accord
Language: {language}
MIME-Version: 1.0
Content-Type: text/plain; charset=UTF-8
Content-Transfer-Encoding: 8bit
Plural-Forms: {plurals}
"""
PLURALS = {
    "es": "nplurals=2; plural=(n != 1);",
    "ar": "nplurals=6; plural=n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3"
    " : n%100>=11 && n%100<=99 ? 4 : 5;",
}


class Message(NamedTuple):
    id: str
    plural: str = ""
    context: str = ""


Sentences = dict[Message, set[str]]  # where each is written
Catalogue = dict[Message, tuple[str, ...]]  # its translation; several where there is a plural


def po_path(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def sentences() -> Sentences:
    """Every sentence that a page may show, with the files it stands in."""
    found: Sentences = {}
    for room in ROOMS:
        for path in sorted((ACCORD / room).rglob("*")):
            if path.suffix not in {".html", ".txt", ".py"} or {"tests", "migrations"} & set(path.parts):
                continue
            read = _in_python if path.suffix == ".py" else _in_template
            for message in read(path.read_text(encoding="utf-8")):
                found.setdefault(message, set()).add(path.relative_to(ACCORD.parent).as_posix())
    for message in _in_instruments():
        found.setdefault(message, set()).add("accord/science/instruments")
    for text in CANNOT_KNOW.values():
        found.setdefault(Message(text), set()).add("accord/science/ruptures")
    return found


def _in_python(source: str) -> Iterator[Message]:
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        texts = [each.value for each in node.args if isinstance(each, ast.Constant) and isinstance(each.value, str)]
        if name not in CALLS or not texts:
            continue
        kind = CALLS[name]
        if kind == 1:
            yield Message(texts[0], texts[1])
        elif kind == 2:
            yield Message(texts[1], context=texts[0])
        else:
            yield Message(texts[0])


def _in_template(source: str) -> Iterator[Message]:
    for found in IN_TEMPLATE.finditer(templatize(source)):
        one, many, context, within, plain = (ast.literal_eval(text) if text else "" for text in found.groups())
        yield Message(one, many) if one else Message(within, context=context) if context else Message(plain)


def _in_instruments() -> Iterator[Message]:
    """The texts of our own instruments; those of others are never here."""
    for instrument in BY_ID.values():
        if not instrument.owns_texts:
            continue
        for item in instrument.items:
            texts = (item.question, item.why, item.low_word, item.high_word, *(choice.text for choice in item.choices))
            yield from (Message(text) for text in texts if text)


# ---- .po -------------------------------------------------------------------------------------------------------


def read_po(text: str) -> Catalogue:
    """What we write ourselves, and what an editor of translations makes of it, less what is fuzzy or obsolete."""
    found: Catalogue = {}
    for block in text.split("\n\n"):
        lines = [line for line in block.splitlines() if line and not line.startswith("#~")]
        fields = _fields([line for line in lines if not line.startswith("#")])
        if not fields.get("msgid") or any(line.startswith("#,") and "fuzzy" in line for line in lines):
            continue
        message = Message(fields["msgid"], fields.get("msgid_plural", ""), fields.get("msgctxt", ""))
        found[message] = tuple(fields[key] for key in sorted(fields) if key.startswith("msgstr"))
    return found


def _fields(lines: list[str]) -> dict[str, str]:
    fields: dict[str, str] = {}
    key = ""
    for line in lines:
        if not line.startswith('"'):
            key, _, line = line.partition(" ")
            fields[key] = ""
        fields[key] += ast.literal_eval(line)
    return fields


def write_po(language: str, found: Sentences, known: Catalogue) -> str:
    """Sorted by place, so that a change is a small one."""
    head = HEADER.format(language=language, plurals=PLURALS[language])
    blocks = ['msgid ""\nmsgstr ""\n' + "\n".join(_quoted(line + "\n") for line in head.splitlines())]
    empty = ("",) * int(PLURALS[language][9])
    for message, places in sorted(found.items(), key=lambda one: (min(one[1]), one[0])):
        lines = [f"#: {' '.join(sorted(places))}"]
        if message.context:
            lines.append(f"msgctxt {_quoted(message.context)}")
        lines.append(f"msgid {_quoted(message.id)}")
        if message.plural:
            lines.append(f"msgid_plural {_quoted(message.plural)}")
            lines += [f"msgstr[{at}] {_quoted(text)}" for at, text in enumerate(known.get(message, empty))]
        else:
            lines.append(f"msgstr {_quoted(known.get(message, empty)[0])}")
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks) + "\n"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return f'"{escaped}"'


# ---- .mo -------------------------------------------------------------------------------------------------------


def compile_mo(language: str, known: Catalogue) -> bytes:
    """GNU's binary catalogue: two sorted tables of lengths and places, then the texts."""
    pairs = {"": HEADER.format(language=language, plurals=PLURALS[language])}
    for message, texts in known.items():
        if all(texts):
            key = f"{message.context}\x04{message.id}" if message.context else message.id
            pairs[f"{key}\x00{message.plural}" if message.plural else key] = "\x00".join(texts)
    entries = sorted((key.encode(), text.encode()) for key, text in pairs.items())
    keys_at, texts_at = 28, 28 + 8 * len(entries)
    place, tables, body = texts_at + 8 * len(entries), [b"", b""], b""
    for column in (0, 1):
        for entry in entries:
            tables[column] += struct.pack("<II", len(entry[column]), place + len(body))
            body += entry[column] + b"\x00"
    return struct.pack("<7I", 0x950412DE, 0, len(entries), keys_at, texts_at, 0, place) + b"".join(tables) + body
