"""Colours: enough contrast in both modes. The numbers are worked out here from OKLCH, apart from any browser."""

import math
import re
from pathlib import Path

import pytest

STATIC = Path(__file__).parents[1] / "static" / "accord"
TOKENS = (STATIC / "tokens.css").read_text()
PAIRS = dict(re.findall(r"--([\w-]+): light-dark\((oklch\([^)]*\), oklch\([^)]*\))\)", TOKENS))
LIGHT, DARK = 0, 1
GROUNDS = ("paper", "sheet")


def linear_rgb(lightness: float, chroma: float, hue: float) -> tuple[float, float, float]:
    """OKLCH to linear sRGB after Ottosson (2020); outside the gamut it is cut off, as screens do."""
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    red = 4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short
    green = -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short
    blue = -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short
    return _cut(red), _cut(green), _cut(blue)


def _cut(channel: float) -> float:
    return min(1.0, max(0.0, channel))


def luminance(name: str, mode: int) -> float:
    red, green, blue = linear_rgb(*map(float, re.findall(r"oklch\(([^)]*)\)", PAIRS[name])[mode].split()))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str, mode: int) -> float:
    low, high = sorted((luminance(one, mode), luminance(other, mode)))
    return (high + 0.05) / (low + 0.05)


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
