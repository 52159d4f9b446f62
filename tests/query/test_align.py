"""Frames against dictionaries by step and turn."""

from __future__ import annotations

import math
from collections import Counter
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from headway.errors import HeadwayError
from headway.query.align import aligned
from headway.query.series import Series

values = st.integers(-1000, 1000).map(float) | st.just(math.nan)


def series(points: list[tuple[int, float]]) -> Series:
    steps, found = zip(*points, strict=True) if points else ((), ())
    return Series(np.array(steps, dtype=np.int64), np.zeros(len(points)), np.array(found, dtype=np.float64))


loose = st.lists(st.tuples(st.integers(-3, 8), values), max_size=12)
some = st.lists(loose | loose.map(lambda points: sorted(dict(points).items())), min_size=1, max_size=4)


def by_turn(points: list[tuple[int, float]]) -> dict[tuple[int, int], float]:
    seen: Counter[int] = Counter()
    found = {}
    for step, value in points:
        found[step, seen[step]] = value
        seen[step] += 1
    return found


@given(some, st.booleans())
def test_steps_that_all_have_or_any_has(lines: list[list[tuple[int, float]]], inner: bool) -> None:
    tables = [by_turn(points) for points in lines]
    keys = sorted({key for table in tables for key in table})
    kept = [key for key in keys if not inner or all(key in table for table in tables)]
    got = aligned([series(points) for points in lines], "step" if inner else "outer")
    assert got.steps.tolist() == [step for step, _ in kept]
    for column, table in zip(got.columns, tables, strict=True):
        np.testing.assert_equal(column, [table.get(key, math.nan) for key in kept])


@given(some)
def test_interpolation_is_between_a_series_own_points(lines: list[list[tuple[int, float]]]) -> None:
    got = aligned([series(points) for points in lines], "interpolate")
    assert got.steps.tolist() == sorted({step for points in lines for step, _ in points})
    for column, points in zip(got.columns, lines, strict=True):
        last = dict(points)
        finite = sorted(step for step, value in last.items() if math.isfinite(value))
        for step, value in zip(got.steps.tolist(), column.tolist(), strict=True):
            before, after = [s for s in finite if s <= step], [s for s in finite if s >= step]
            if not before or not after or not math.isfinite(last.get(step, 0)):
                assert math.isnan(value)
                continue
            a, b = before[-1], after[0]
            share = Fraction(step - a, b - a) if b > a else Fraction(0)
            assert value == pytest.approx(float(Fraction(last[a]) + share * (Fraction(last[b]) - Fraction(last[a]))))


def test_columns_are_the_callers_own() -> None:
    one = series([(1, 1.0), (2, 2.0)])
    got = aligned([one, one], "outer")
    got.columns[0][0] = got.steps[0] = 9
    assert (one.values[0], one.steps[0], got.columns[1][0]) == (1, 1, 1)


def test_nothing_and_an_unknown_way() -> None:
    assert len(aligned([], "step").steps) == 0
    assert [len(column) for column in aligned([series([]), series([(1, 1)])], "step").columns] == [0, 0]
    with pytest.raises(HeadwayError, match="step, outer, interpolate, not 'inner'"):
        aligned([], "inner")  # type: ignore[arg-type]
