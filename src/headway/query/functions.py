"""The operators and functions of expressions, by name. Their formulas: here, and in `running.py`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from headway.query import running

Column = NDArray[np.float64]

BINARY: dict[str, Callable[[Any, Any], Any]] = {
    "+": np.add,
    "-": np.subtract,
    "*": np.multiply,
    "/": np.true_divide,
    "//": np.floor_divide,
    "%": np.mod,
    "**": np.power,
}
"""Of float64, as IEEE 754 has them: what is divided by zero is infinite or NaN. `//` rounds down, and what `%` leaves
has the sign of the divisor, as in Python."""


class Parameter(NamedTuple):
    """What a function is given at one place."""

    name: str
    runs: bool = False
    """Whether it is a series along which the function runs: axes and numbers alone will not do."""
    check: Callable[[float], str | None] | None = None
    """For a number: says what is wrong with it."""


class Function(NamedTuple):
    """A function of expressions. Exactly one of `each`, `along` and `some` says how it is computed."""

    name: str
    parameters: tuple[Parameter, ...]
    each: Callable[..., Any] | None = None
    """Point by point: from columns or numbers to a column or number."""
    along: Callable[..., Column] | None = None
    """Along the series: from its values [n] and the numbers to values [n]."""
    some: Callable[..., tuple[Column, NDArray[Any]]] | None = None
    """From the values [n] and numbers or an axis [n]: new values [m], and at which points, as an index or mask."""

    @property
    def usage(self) -> str:
        """How it is written."""
        return f"{self.name}({', '.join(parameter.name for parameter in self.parameters)})"


def _weight(number: float) -> str | None:
    return None if 0 <= number < 1 else f"the weight must be at least 0 and below 1, not {number:g}"


def _width(number: float) -> str | None:
    if 0 < number <= running.WIDEST:
        return None
    return f"the width must be above 0 and at most {running.WIDEST}, not {number:g}"


def _whole(number: float) -> str | None:
    return None if number.is_integer() and abs(number) < 2**53 else f"n must be a whole number, not {number:g}"


def _any(number: float) -> str | None:  # noqa: ARG001 - every number will do
    return None


def _shifted(values: Column, n: float) -> tuple[Column, NDArray[np.int64]]:
    """`shift(x, n)`: x_{i−n}, at the points where that is; negative n: what comes later."""
    at = np.arange(len(values))
    by = int(max(min(n, len(values)), -len(values)))
    return values[max(-by, 0) : len(values) - max(by, 0)], at[max(by, 0) : len(values) + min(by, 0)]


def _differences(values: Column) -> tuple[Column, NDArray[np.int64]]:
    """`diff(x)`: x_i − x_{i−1}, at all points but the first."""
    return running.difference(values), np.arange(1, len(values))


def _finite(values: Column) -> tuple[Column, NDArray[np.bool_]]:
    """`finite(x)`: x, only at the points where it is neither NaN nor infinite."""
    there = np.isfinite(values)
    return values[there], there


_X = Parameter("x")
_Y = Parameter("y")
_SERIES = Parameter("x", runs=True)

FUNCTIONS: dict[str, Function] = {
    function.name: function
    for function in (
        Function("ema", (_SERIES, Parameter("weight", check=_weight)), along=running.average),
        Function("gaussian", (_SERIES, Parameter("width", check=_width)), along=running.gaussian),
        Function("median", (_SERIES, Parameter("width", check=_width)), along=running.median),
        Function("mean", (_SERIES, Parameter("width", check=_width)), along=running.mean),
        Function("rate", (_SERIES, Parameter("axis")), some=running.rate),
        Function("diff", (_SERIES,), some=_differences),
        Function("cumsum", (_SERIES,), along=running.cumsum),
        Function("cummin", (_SERIES,), along=running.cummin),
        Function("cummax", (_SERIES,), along=running.cummax),
        Function("shift", (_SERIES, Parameter("n", check=_whole)), some=_shifted),
        Function("finite", (_SERIES,), some=_finite),
        Function("abs", (_X,), each=np.abs),
        Function("log", (_X,), each=np.log),
        Function("log2", (_X,), each=np.log2),
        Function("log10", (_X,), each=np.log10),
        Function("exp", (_X,), each=np.exp),
        Function("sqrt", (_X,), each=np.sqrt),
        Function("clip", (_X, Parameter("low", check=_any), Parameter("high", check=_any)), each=np.clip),
        Function("min", (_X, _Y), each=np.minimum),
        Function("max", (_X, _Y), each=np.maximum),
    )
}
"""By name. `log` is the natural logarithm; NaN on either side makes `min`, `max` and `clip` NaN."""
