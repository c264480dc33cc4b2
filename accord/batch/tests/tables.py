"""Small tables for the tests, and the shortest way to analyse one."""

import zipfile
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import polars as pl

from accord.batch.analysing import Outcome, Request, analyse, understand
from accord.batch.errors import BadTable
from accord.batch.judging import judges
from accord.batch.mapping import Wish
from accord.batch.numbers import Scale
from accord.batch.quality import Complaint
from accord.science import alliance


def quiet(step: str, done: int, total: int) -> None:
    """Progress nobody watches."""


def request(path: Path, target: Path, **chosen: Any) -> Request:
    """A request with the command line's defaults."""
    scale = chosen.pop("scale", Scale())
    settings = {name: chosen.pop(name, None) for name in ("cutoff", "budget")}
    rules = judges(chosen.pop("rules", ()), scale, **settings)
    told = {name: chosen.pop(name) for name in ("pages", "csv") if name in chosen}
    return Request(path, target, Wish(**chosen), scale, rules, alliance.DEFAULT, **told)


def run(path: Path, target: Path, **chosen: Any) -> Outcome:
    """Analyse as the command line does."""
    asked = request(path, target, **chosen)
    opened, quality = understand(asked)
    return analyse(asked, opened, quality, quiet)


def complaints(path: Path, target: Path, **chosen: Any) -> tuple[Complaint, ...]:
    """Everything that is said about a table, good or bad."""
    try:
        return run(path, target, **chosen).quality.complaints()
    except BadTable as error:
        assert not target.exists()
        return error.complaints


def write_workbook(path: Path, rows: list[list[Any]], *, sheets: tuple[str, ...] = ("Ratings",)) -> Path:
    """The least that a spreadsheet program would open; the rows stand on the first sheet."""
    schemas = "http://schemas.openxmlformats.org"
    main, offices = f"{schemas}/spreadsheetml/2006/main", f"{schemas}/officeDocument/2006/relationships"
    numbers = range(1, len(sheets) + 1)
    named = "".join(f'<sheet name="{sheets[i - 1]}" sheetId="{i}" r:id="rId{i}"/>' for i in numbers)
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{schemas}/package/2006/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/></Types>',
        "_rels/.rels": _relations([("officeDocument", "xl/workbook.xml")]),
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{offices}"><sheets>{named}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": _relations([("worksheet", f"worksheets/sheet{i}.xml") for i in numbers]),
    }
    for i in numbers:
        body = "".join(_row(row, number) for number, row in enumerate(rows if i == 1 else [["note"]], start=1))
        parts[f"xl/worksheets/sheet{i}.xml"] = f'<worksheet xmlns="{main}"><sheetData>{body}</sheetData></worksheet>'
    with zipfile.ZipFile(path, "w") as book:
        for name, content in parts.items():
            book.writestr(name, '<?xml version="1.0" encoding="UTF-8"?>' + content)
    return path


def _relations(targets: list[tuple[str, str]]) -> str:
    schemas = "http://schemas.openxmlformats.org"
    entries = "".join(
        f'<Relationship Id="rId{i}" Type="{schemas}/officeDocument/2006/relationships/{kind}" Target="{target}"/>'
        for i, (kind, target) in enumerate(targets, start=1)
    )
    return f'<Relationships xmlns="{schemas}/package/2006/relationships">{entries}</Relationships>'


def _row(cells: list[Any], number: int) -> str:
    return f'<row r="{number}">{"".join(_cell(cell, place, number) for place, cell in enumerate(cells))}</row>'


def _cell(value: Any, place: int, row: int) -> str:
    at = f"{chr(65 + place)}{row}"
    if value is None:
        return ""
    if isinstance(value, int | float):
        return f'<c r="{at}"><v>{value}</v></c>'
    return f'<c r="{at}" t="inlineStr"><is><t>{escape(str(value))}</t></is></c>'


def wide_frame(pairs: int = 12, sessions: int = 8) -> pl.DataFrame:
    """A small table without anything odd: every pair has its own level, one in four falls at session 6."""
    columns: dict[str, list[Any]] = {"pair": [f"p{pair}" for pair in range(pairs)]}
    for session in range(1, sessions + 1):
        fall = [5 if pair % 4 == 0 and session == 6 else 0 for pair in range(pairs)]
        columns[f"bond_{session}"] = [7 + (pair + session) % 3 - fall[pair] for pair in range(pairs)]
    return pl.DataFrame(columns)


def long_frame(wide: pl.DataFrame) -> pl.DataFrame:
    """The same ratings with one row a session."""
    tall = wide.unpivot(index="pair", variable_name="session", value_name="bond")
    numbered = tall.with_columns(pl.col("session").str.extract(r"(\d+)$").cast(pl.Int64))
    order = pl.DataFrame({"pair": wide["pair"], "#place": range(wide.height)})
    return numbered.join(order, on="pair").sort("#place", "session").drop("#place")
