"""The colours of the tokens, and how far they stand apart: worked out from OKLCH, apart from any browser."""

import math
import re
from functools import cache
from pathlib import Path

TOKENS = Path(__file__).parent / "static" / "accord" / "tokens.css"
TWO = re.compile(r"--([\w-]+): light-dark\((oklch\([^)]*\)), (oklch\([^)]*\))\)")
LIGHT, DARK = 0, 1


@cache
def pairs() -> dict[str, tuple[str, str]]:
    """Each token's name with its light and its dark value, as written."""
    return {name: (light, dark) for name, light, dark in TWO.findall(TOKENS.read_text())}


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
    """Relative luminance after WCAG 2.2."""
    numbers = re.findall(r"oklch\(([^)]*)\)", pairs()[name][mode])[0].split()
    red, green, blue = linear_rgb(*map(float, numbers))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str, mode: int) -> float:
    """The ratio of two tokens after WCAG 2.2, from 1 to 21."""
    low, high = sorted((luminance(one, mode), luminance(other, mode)))
    return (high + 0.05) / (low + 0.05)
