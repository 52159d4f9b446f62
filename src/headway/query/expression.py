"""Expressions over series: `parse` a text, `evaluate` what it says, or have a series `laid` along it.

What may be written: `syntax.py`; what functions there are: `functions.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from headway.errors import HeadwayError
from headway.query.functions import BINARY, FUNCTIONS
from headway.query.joining import Line, joined, line
from headway.query.series import Series, since
from headway.query.syntax import Axis, Binary, Call, Expression, Negative, Number, Place, Tag, parse

__all__ = ["Expression", "Get", "evaluate", "laid", "parse"]

Column = NDArray[np.float64]
Get = Callable[[str], Series]
"""Gives the series of a tag; KeyError when there is none."""


class _Along(NamedTuple):
    """A value that depends on where a point lies alone: from steps and wall times to values [n]."""

    values: Callable[[NDArray[np.int64], Column], Column]


_Value = Line | _Along | float


def evaluate(expression: Expression, get: Get, first_wall: float) -> Series:
    """Return the series that `expression` is.

    Several series are joined at the steps that all have, in the order of the leftmost one; of steps that are
    repeated, the k-th of one with the k-th of the other. A joined point's wall time is the latest of its points'.

    Args:
        expression: what to compute.
        get: gives a tag's series; its KeyError passes through.
        first_wall: wall time of the run's first point, where `relative` begins.

    Raises:
        HeadwayError: the expression names no tag.
    """
    value = _Evaluation(get, first_wall).of(expression)
    if not isinstance(value, Line):
        raise HeadwayError(f"{str(expression)!r} names no tag, so there is nothing to draw")
    return value.series


def laid(x: Expression, y: Series, get: Get, first_wall: float) -> tuple[Column, Series]:
    """Return `y`, and where `x` puts its points, [n] each, at the steps where there is both, in `y`'s order.

    Raises:
        KeyError: from `get`.
    """
    value = _Evaluation(get, first_wall).of(x)
    ours = line(y)
    if isinstance(value, Line):
        ours, theirs = joined(ours, value)
        return theirs, ours.series
    return _spread(value, ours), y


class _Evaluation:
    def __init__(self, get: Get, first_wall: float) -> None:
        self._get = get
        self._first_wall = first_wall
        self._known: dict[str, Line] = {}

    def of(self, expression: Expression) -> _Value:
        match expression:
            case Number(value):
                return value
            case Tag(name):
                if name not in self._known:
                    self._known[name] = line(self._get(name))
                return self._known[name]
            case Place(axis):
                return _Along(self._axis(axis))
            case Negative(operand):
                return _each(np.negative, [self.of(operand)])
            case Binary(operator, left, right):
                return _each(BINARY[operator], [self.of(left), self.of(right)])
            case Call():
                return self._call(expression)
        raise TypeError(f"{type(expression).__name__} is no expression")

    def _axis(self, axis: Axis) -> Callable[[NDArray[np.int64], Column], Column]:
        if axis == "step":
            return lambda steps, _: steps.astype(np.float64)
        origin = self._first_wall if axis == "relative" else 0.0
        return lambda _, wall_times: since(wall_times, origin)

    def _call(self, call: Call) -> _Value:
        function = FUNCTIONS[call.function]
        values = [self.of(argument) for argument in call.arguments]
        if function.each is not None:
            return _each(function.each, values)
        first, *others = values
        if not isinstance(first, Line):
            raise HeadwayError(f"{function.usage}: x must name a tag")
        numbers = [_spread(value, first) if isinstance(value, _Along) else value for value in others]
        if function.along is not None:
            return first._replace(values=function.along(first.values, *numbers))
        if function.some is None:
            raise TypeError(f"{function.name} says not how it is computed")
        made, there = function.some(first.values, *numbers)
        return first.taken(there)._replace(values=made)


def _each(function: Callable[..., Column], values: list[_Value]) -> _Value:
    """Point by point; two lines at the steps that both have."""
    lines = [value for value in values if isinstance(value, Line)]
    if not lines:
        return _each_place(function, values)
    base, *columns = joined(lines[0], lines[1]) if len(lines) == 2 else lines
    columns = [base.values, *columns]
    operands = [columns.pop(0) if isinstance(value, Line) else _spread(value, base) for value in values]
    with np.errstate(all="ignore"):
        return base._replace(values=function(*operands))


def _each_place(function: Callable[..., Column], values: list[_Value]) -> _Along | float:
    """As `_each`, of axes and numbers alone."""

    def everywhere(steps: NDArray[np.int64], wall_times: Column) -> Column:
        with np.errstate(all="ignore"):
            return function(*(_placed(value, steps, wall_times) for value in values))

    if any(isinstance(value, _Along) for value in values):
        return _Along(everywhere)
    return float(everywhere(np.empty(0, dtype=np.int64), np.empty(0)))


def _placed(value: _Value, steps: NDArray[np.int64], wall_times: Column) -> Column | float:
    if isinstance(value, _Along):
        return value.values(steps, wall_times)
    assert not isinstance(value, Line)
    return value


def _spread(value: _Along | float, over: Line) -> Column:
    if isinstance(value, _Along):
        return np.broadcast_to(value.values(over.steps, over.wall_times), over.values.shape)
    return np.full(len(over.values), value)
