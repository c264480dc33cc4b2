"""The pictures of docs/pictures.md, picked from those that the journeys took: `make pictures` calls it.

Each is cut to a readable height and kept with few colours, so that the whole set stays small.
"""

import sys
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).parents[2]
KEPT = ROOT / "docs" / "pictures"
TALLEST = 1500  # pixels
PICKED = {
    "check-in-question": "check-in-question",
    "check-in-waiting": "check-in-waiting",
    "languages/ar-320-dark-bond": "check-in-arabic",
    "board/1280-light-tess": "board",
    "board/320-dark-cleo": "board-phone",
    "ar/board/1280-light-tess": "board-arabic",
    "ar/fit/doors-320-dark": "doors-arabic",
    "say/preview-320": "say-preview",
    "say/right-320": "repair-phone",
    "say/repair-desk-1280": "repair-desk",
    "find/people-320-light": "people",
    "find/profile-1280-light": "profile",
    "intake/question-320-dark": "intake",
    "moving/note-320-light": "moving-note",
    "moving/asked-320-light": "moving-asked",
    "places/waiting-1280-light": "waiting",
    "prep-card": "prep-card",
    "together": "together",
    "pair-page": "pair-page",
    "sessions/week-1280-light": "week",
}


def keep(taken: Path, name: str, kept: str) -> None:
    with Image.open(taken / f"{name}.png") as whole:
        cut = whole.convert("RGB").crop((0, 0, whole.width, min(whole.height, TALLEST)))
    cut.quantize(colors=128, dither=Image.Dither.NONE).save(KEPT / f"{kept}.png", optimize=True)


def main() -> None:
    taken = Path(sys.argv[1])
    for name, kept in PICKED.items():
        keep(taken, name, kept)


if __name__ == "__main__":
    main()
