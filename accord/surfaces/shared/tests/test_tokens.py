"""Colours: enough contrast in both modes, worked out from the style sheet, apart from any browser."""

import re
from pathlib import Path

import pytest

from accord.surfaces.shared.colours import DARK, LIGHT, contrast, linear_rgb, pairs

STATIC = Path(__file__).parents[1] / "static" / "accord"
GROUNDS = ("paper", "sheet")


def test_it_reads_every_colour_of_the_tokens():
    assert len(pairs()) == (STATIC / "tokens.css").read_text().count(": light-dark(oklch") >= 15


def test_it_knows_black_and_white():
    assert linear_rgb(1, 0, 0) == pytest.approx((1, 1, 1), abs=1e-6)
    assert linear_rgb(0, 0, 0) == (0, 0, 0)


def test_it_knows_red():
    assert linear_rgb(0.62796, 0.25768, 29.234) == pytest.approx((1, 0, 0), abs=1e-3)


@pytest.mark.parametrize("mode", [LIGHT, DARK])
@pytest.mark.parametrize("ground", [*GROUNDS, "shade"])
@pytest.mark.parametrize("name", ["ink", "ink-soft", "clay", "clay-deep"])
def test_text_is_at_least_four_and_a_half_to_one(name: str, ground: str, mode: int):
    assert contrast(name, ground, mode) >= 4.5


@pytest.mark.parametrize("mode", [LIGHT, DARK])
@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("name", ["goal", "task", "bond", "ink-client", "ink-therapist"])
def test_pillars_carry_text_too(name: str, ground: str, mode: int):
    assert contrast(name, ground, mode) >= 4.5


@pytest.mark.parametrize("mode", [LIGHT, DARK])
@pytest.mark.parametrize("ground", GROUNDS)
def test_edges_of_fields_are_at_least_three_to_one(ground: str, mode: int):
    assert contrast("line-strong", ground, mode) >= 3


@pytest.mark.parametrize("mode", [LIGHT, DARK])
@pytest.mark.parametrize("name", ["clay", "clay-deep"])
def test_words_on_clay_can_be_read(name: str, mode: int):
    assert contrast("on-clay", name, mode) >= 4.5


def test_no_other_style_sheet_decides_a_colour():
    for sheet in STATIC.rglob("*.css"):
        if sheet.name != "tokens.css":
            assert not re.search(r"oklch\(|rgb\(|hsl\(|#[0-9a-f]{3,8}\b(?![^{]*\{)", sheet.read_text()), sheet.name
