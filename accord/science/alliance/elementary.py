"""Exponentials, logarithms and normal tails of sixteen numbers at once, to the last digits."""

import math

from accord.science.alliance.lanes import Row, exponent, fraction, spread, two_to_the, where_less
from accord.science.alliance.layout import inlined

DENSITY = 1.0 / math.sqrt(2.0 * math.pi)
LOG_DENSITY = math.log(DENSITY)
_SMALLEST = -700.0  # e^x below this is nothing next to any number here
_TO_BINARY = 1.0 / math.log(2.0)
_WHOLE = 1.5 * 2.0**52  # added and taken off again, it rounds to whole numbers
_LOG_TWO_HIGH, _LOG_TWO_LOW = 0.6931471803691238, 1.9082149292705877e-10  # their sum is log 2 to 70 bits
_ROOT_TWO = math.sqrt(2.0)
_ARTANH = tuple(1.0 / k for k in range(23, -1, -2))  # 1/23, …, 1/3, 1
_TAYLOR = tuple(1.0 / math.factorial(k) for k in range(13, -1, -1))

# (h(a) − a)(a + 4) for a ≥ 0 as a polynomial in (a − 4)/(a + 4), highest power first: interpolated at 26 Chebyshev
# nodes from 50-digit arithmetic; the error is below 1e-15 relative everywhere.
_MIDDLE = 4.0
_MILLS = (
    *(-3.906712967328505e-08, 1.2092741813969258e-07, 2.840160156567987e-07, -1.3026750419347125e-06),
    *(-6.640976331250119e-07, 7.464075733573773e-06, -1.9553370535132873e-06, -3.10058340101023e-05),
    *(2.5961055667509984e-05, 0.0001043747773562374, -0.0001505119796174784, -0.0002890349979157957),
    *(0.0006655572509822367, 0.0005947679786218075, -0.002485806198287187, -0.00037356575928000895),
    *(0.007961413170404778, -0.004488592869381738, -0.020800454483315568, 0.031656527751079556),
    *(0.03370366766085787, -0.13822449149106505, 0.06751792792265662, 0.40195670380644866),
    *(-1.1822045015192792, 1.804857155915768),
)


@inlined
def exponential(x: Row) -> Row:
    """e^x = 2^n e^r, n whole, |r| ≤ log √2, e^r by its series; to the last digit or the one before it."""
    x = where_less(x, spread(_SMALLEST), spread(_SMALLEST), x)
    shifted = x * _TO_BINARY + _WHOLE
    n = shifted - _WHOLE
    r = x - n * _LOG_TWO_HIGH - n * _LOG_TWO_LOW
    series = spread(_TAYLOR[0])
    for k in range(1, len(_TAYLOR)):
        series = series * r + _TAYLOR[k]
    return series * two_to_the(shifted)


@inlined
def size(a: Row) -> Row:
    """|a|"""
    return where_less(a, spread(0.0), 0.0 - a, a)


@inlined
def excess(b: Row) -> Row:
    """h(b) − b for b ≥ 0, without cancellation."""
    ratio = (b - _MIDDLE) / (b + _MIDDLE)
    series = spread(_MILLS[0])
    for k in range(1, len(_MILLS)):
        series = series * ratio + _MILLS[k]
    return series / (b + _MIDDLE)


@inlined
def upper_tail(a: Row) -> Row:
    """Φ(−a) = φ(a)/h(a); for negative a from the other side."""
    b = size(a)
    outer = DENSITY * exponential(-0.5 * b * b) / (b + excess(b))
    return where_less(a, spread(0.0), 1.0 - outer, outer)


@inlined
def logarithm(x: Row) -> Row:
    """log x for x > 0: x = 2^e f, f in [√½, √2), log f = 2 artanh((f − 1)/(f + 1)) by its series."""
    f, e = fraction(x), exponent(x)
    e = where_less(f, spread(_ROOT_TWO), e, e + 1.0)
    f = where_less(f, spread(_ROOT_TWO), f, 0.5 * f)
    ratio = (f - 1.0) / (f + 1.0)
    square, series = ratio * ratio, spread(_ARTANH[0])
    for k in range(1, len(_ARTANH)):
        series = series * square + _ARTANH[k]
    return e * _LOG_TWO_HIGH + (2.0 * ratio * series + e * _LOG_TWO_LOW)


@inlined
def log_upper_tail(a: Row) -> Row:
    """log Φ(−a) = log φ(a) − log h(a) for a ≥ 0, without underflow; log(1 − Φ(a)) from the other side."""
    b = size(a)
    outer = LOG_DENSITY - 0.5 * b * b - logarithm(b + excess(b))
    return where_less(a, spread(0.0), logarithm(1.0 - exponential(outer)), outer)
