"""Sixteen pairs at a time: a number whose every operation is done for sixteen pairs at once, for numba's compiled code.

Rows of a scratch hold sixteen neighbouring doubles each; `get(rows, k)` reads row k as one such number, `put`
writes it back, and + − * / between them, or with a plain number, take an instruction or two on processors that have
wide registers and a few on those that do not. So a formula is written once, as for one pair, and
sixteen pairs go through it; that is what makes the kernels fast, together with a scratch small enough for the
nearest cache. To the type checker a Row is a float: it has the same operators.
"""

import operator
from collections.abc import Callable
from inspect import Parameter, Signature
from typing import Any, TypeAlias, cast

from llvmlite import ir
from numba import types
from numba.core.cgutils import get_or_insert_function
from numba.core.datamodel import models
from numba.core.typing.templates import ConcreteTemplate, infer_global, signature
from numba.extending import intrinsic, lower_builtin, register_model

LANES = 16
Row: TypeAlias = float

_DOUBLE, _WORD, _INDEX = ir.DoubleType(), ir.IntType(64), ir.IntType(32)
_DOUBLES, _WORDS = ir.VectorType(_DOUBLE, LANES), ir.VectorType(_WORD, LANES)
_FUSED = ("contract",)  # a product and a sum may become one rounding
_MANTISSA, _ONE, _BIAS, _SHIFT = (1 << 52) - 1, 1023 << 52, 1023, 52


class _RowType(types.Type):
    def __init__(self) -> None:
        super().__init__("Row")


_ROW = _RowType()


class _RowModel(models.PrimitiveModel):
    def __init__(self, manager: Any, kind: Any) -> None:
        super().__init__(manager, kind, _DOUBLES)


register_model(_RowType)(_RowModel)


def _words(number: int) -> ir.Constant:
    return ir.Constant(_WORDS, [number] * LANES)


def _spread(builder: ir.IRBuilder, number: Any) -> Any:
    """One number in all sixteen places."""
    empty = ir.Constant(_DOUBLES, ir.Undefined)
    first = builder.insert_element(empty, number, ir.Constant(_INDEX, 0))
    return builder.shuffle_vector(first, empty, ir.Constant(ir.VectorType(_INDEX, LANES), [0] * LANES))


def _define_operator(symbol: Callable[..., Any], instruction: str) -> None:
    """Between two Rows, or a Row and a plain number on either side."""
    pairs = ((_ROW, _ROW), (_ROW, types.float64), (types.float64, _ROW))

    def emit(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        sides = zip(args, sig.args, strict=True)
        left, right = (value if kind == _ROW else _spread(builder, value) for value, kind in sides)
        return getattr(builder, instruction)(left, right, flags=_FUSED)

    cases = [signature(_ROW, *pair) for pair in pairs]
    infer_global(symbol)(type(f"Row_{instruction}", (ConcreteTemplate,), {"cases": cases}))
    for pair in pairs:
        lower_builtin(symbol, *pair)(emit)


for _symbol, _instruction in (
    (operator.add, "fadd"),
    (operator.sub, "fsub"),
    (operator.mul, "fmul"),
    (operator.truediv, "fdiv"),
):
    _define_operator(_symbol, _instruction)


def _primitive(result: Any, kinds: tuple[Any, ...], emit: Callable[[Any, list[Any]], Any]) -> Any:
    """A function for compiled code, made of the instructions that `emit` writes down."""

    def typed(context: Any, *given: Any) -> Any:
        return result(*kinds), lambda context, builder, sig, args: emit(builder, args)

    # numba counts a function's arguments by its signature, and does not count *given.
    names = ("context", *(f"x{place}" for place in range(len(kinds))))
    typed.__signature__ = Signature([Parameter(name, Parameter.POSITIONAL_ONLY) for name in names])  # type: ignore[attr-defined]
    return intrinsic(typed)


def _address(context: Any, builder: Any, kind: Any, args: Any) -> Any:
    """The address of row args[1] in the scratch args[0]."""
    start = context.make_array(kind)(context, builder, args[0]).data
    place = builder.mul(args[1], ir.Constant(args[1].type, LANES))
    return builder.bitcast(builder.gep(start, [place]), _DOUBLES.as_pointer())


def _get(context: Any, rows: Any, k: Any) -> Any:
    def emit(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        return builder.load(_address(context, builder, sig.args[0], args), align=8)

    return _ROW(rows, types.intp), emit


def _put(context: Any, rows: Any, k: Any, number: Any) -> Any:
    def emit(context: Any, builder: Any, sig: Any, args: Any) -> Any:
        builder.store(args[2], _address(context, builder, sig.args[0], args), align=8)
        return context.get_dummy_value()

    return types.void(rows, types.intp, _ROW), emit


def _emit_root(builder: Any, args: list[Any]) -> Any:
    kind = ir.FunctionType(_DOUBLES, [_DOUBLES])
    sqrt = get_or_insert_function(builder.module, kind, f"llvm.sqrt.v{LANES}f64")
    return builder.call(sqrt, args)


def _emit_power(builder: Any, args: list[Any]) -> Any:
    exponent = builder.shl(builder.bitcast(args[0], _WORDS), _words(_SHIFT))
    return builder.bitcast(builder.add(exponent, _words(_ONE)), _DOUBLES)


def _emit_fraction(builder: Any, args: list[Any]) -> Any:
    mantissa = builder.and_(builder.bitcast(args[0], _WORDS), _words(_MANTISSA))
    return builder.bitcast(builder.or_(mantissa, _words(_ONE)), _DOUBLES)


def _emit_exponent(builder: Any, args: list[Any]) -> Any:
    biased = builder.lshr(builder.bitcast(args[0], _WORDS), _words(_SHIFT))
    return builder.sitofp(builder.sub(biased, _words(_BIAS)), _DOUBLES)


def _emit_anywhere(builder: Any, args: list[Any]) -> Any:
    known = builder.fcmp_ordered("ord", args[0], args[0])
    return builder.icmp_signed("!=", builder.bitcast(known, ir.IntType(LANES)), ir.Constant(ir.IntType(LANES), 0))


def _emit_known(builder: Any, args: list[Any]) -> Any:
    return builder.select(builder.fcmp_ordered("ord", args[0], args[0]), args[1], args[2])


def _emit_less(builder: Any, args: list[Any]) -> Any:
    return builder.select(builder.fcmp_ordered("olt", args[0], args[1]), args[2], args[3])


def _emit_largest(builder: Any, args: list[Any]) -> Any:
    kind = ir.FunctionType(_DOUBLE, [_DOUBLES])
    return builder.call(get_or_insert_function(builder.module, kind, f"llvm.vector.reduce.fmax.v{LANES}f64"), args)


def _emit_sum(builder: Any, args: list[Any]) -> Any:
    halves, width = args[0], LANES
    while width > 1:
        width //= 2
        kind = ir.VectorType(_INDEX, width)
        low, high = (
            builder.shuffle_vector(halves, halves, ir.Constant(kind, list(range(first, first + width))))
            for first in (0, width)
        )
        halves = builder.fadd(low, high)
    return builder.extract_element(halves, ir.Constant(_INDEX, 0))


def _unary(emit: Callable[[Any, list[Any]], Any]) -> Any:
    return _primitive(_ROW, (_ROW,), emit)


get: Callable[[Any, int], Row] = cast(Any, intrinsic(_get))  # row k of a scratch
put: Callable[[Any, int, Row], None] = cast(Any, intrinsic(_put))  # write row k
spread: Callable[[float], Row] = _primitive(_ROW, (types.float64,), lambda builder, args: _spread(builder, args[0]))
root: Callable[[Row], Row] = _unary(_emit_root)
# 2^n, from n + 1.5 · 2^52, whose lowest bits are the whole number n
two_to_the: Callable[[Row], Row] = _unary(_emit_power)
# A positive x is fraction(x) · 2^exponent(x), with a fraction in [1, 2).
fraction: Callable[[Row], Row] = _unary(_emit_fraction)
exponent: Callable[[Row], Row] = _unary(_emit_exponent)
# Is any of the sixteen a number, and not NaN?
known_anywhere: Callable[[Row], bool] = _primitive(types.boolean, (_ROW,), _emit_anywhere)
# a where x is a number, b where it is NaN
where_known: Callable[[Row, Row, Row], Row] = _primitive(_ROW, (_ROW,) * 3, _emit_known)
# a where x < y, else b
where_less: Callable[[Row, Row, Row, Row], Row] = _primitive(_ROW, (_ROW,) * 4, _emit_less)
# Across the sixteen: the largest number, and the sum, halves added to halves.
largest: Callable[[Row], float] = _primitive(types.float64, (_ROW,), _emit_largest)
sum_of: Callable[[Row], float] = _primitive(types.float64, (_ROW,), _emit_sum)
