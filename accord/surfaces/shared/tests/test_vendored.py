"""Files that others made: exactly the ones that were looked at, with their licence beside them, and small."""

import hashlib
import re
import tomllib
from pathlib import Path

import pytest

STATIC = Path(__file__).parents[1] / "static" / "accord"
FILES = tomllib.loads((STATIC / "vendored.toml").read_text())["file"]
FONT_BUDGET = 60_000  # bytes a page, all faces together


@pytest.mark.parametrize("file", FILES, ids=lambda file: file["path"])
def test_it_is_the_file_that_was_recorded(file: dict[str, str]):
    assert hashlib.sha256((STATIC / file["path"]).read_bytes()).hexdigest() == file["sha256"]


def test_every_font_and_licence_is_recorded():
    present = {f"fonts/{path.name}" for path in (STATIC / "fonts").iterdir()}
    assert present == {file["path"] for file in FILES}


def test_every_font_has_its_licence_beside_it():
    for path in (STATIC / "fonts").glob("*.woff2"):
        family = re.split(r"-(?:latin|arabic)-(?=\d)", path.name)[0]
        assert "SIL OPEN FONT LICENSE" in (STATIC / "fonts" / f"LICENSE-{family}.txt").read_text()


@pytest.mark.parametrize("faces", [("latin",), ("atkinson", "noto")], ids=["latin", "arabic"])
def test_fonts_fit_their_budget(faces):
    """An Arabic page takes the faces for its own letters, and those of the interface for names and numbers."""
    fonts = [path for path in (STATIC / "fonts").glob("*.woff2") if any(face in path.name for face in faces)]
    assert fonts
    assert sum(path.stat().st_size for path in fonts) <= FONT_BUDGET
