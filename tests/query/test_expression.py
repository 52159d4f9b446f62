"""Expressions against brute force: dictionaries by step and turn."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from headway.errors import HeadwayError
from headway.query.expression import evaluate, laid, parse
from headway.query.series import Series

Key = tuple[int, int]
NONE: dict[str, Series] = {}
values = st.floats(-1e6, 1e6) | st.sampled_from([math.nan, math.inf])


def series(points: list[tuple[int, float]], wall: float = 0.0) -> Series:
    steps = np.array([step for step, _ in points], dtype=np.int64)
    return Series(
        steps, wall + np.arange(len(points), dtype=np.float64), np.array([v for _, v in points], dtype=float)
    )


def by_key(of: Series) -> dict[Key, float]:
    seen: Counter[int] = Counter()
    found = {}
    for step, value in zip(of.steps.tolist(), of.values.tolist(), strict=True):
        found[step, seen[step]] = value
        seen[step] += 1
    return found


def computed(text: str, first_wall: float = 0.0, **tags: Series) -> Series:
    return evaluate(parse(text), tags.__getitem__, first_wall)


loose = st.lists(st.tuples(st.integers(-3, 8), values), max_size=15).map(series)
climbing = (
    st.lists(st.tuples(st.integers(-3, 30), values), max_size=15, unique_by=lambda p: p[0]).map(sorted).map(series)
)
any_series = loose | climbing


@given(any_series, any_series, st.sampled_from(["x + y", "x - y", "x * y", "min(x, y)", "max(x, y)"]))
def test_two_series_are_joined_at_the_steps_both_have(x: Series, y: Series, text: str) -> None:
    operation: Callable[..., np.float64] = {"+": np.add, "-": np.subtract, "*": np.multiply}.get(
        text[2], np.minimum if text.startswith("min") else np.maximum
    )
    a, b = by_key(x), by_key(y)
    with np.errstate(all="ignore"):
        expected = [(key[0], operation(a[key], b[key])) for key in a if key in b]
    got = computed(text, x=x, y=y)
    assert got.steps.tolist() == [step for step, _ in expected]
    np.testing.assert_equal(got.values, [value for _, value in expected])


@given(any_series, any_series, any_series)
def test_three_series_are_joined_as_two_and_one(x: Series, y: Series, z: Series) -> None:
    a, b, c = by_key(x), by_key(y), by_key(z)
    got = computed("x + y * z", x=x, y=y, z=z)
    with np.errstate(all="ignore"):
        expected = [np.float64(a[key]) + np.float64(b[key]) * c[key] for key in a if key in b and key in c]
    np.testing.assert_equal(got.values, expected)


def test_what_runs_along_a_series_runs_along_all_of_it() -> None:
    x, y = series([(i, i) for i in range(100)]), series([(i, 0) for i in range(0, 100, 10)])
    assert computed("cumsum(x) - y", x=x, y=y).values.tolist() == [i * (i + 1) / 2 for i in range(0, 100, 10)]


def test_axes() -> None:
    x = series([(2, 10), (4, 20), (8, 30)], wall=100)
    assert computed("x / step", x=x).values.tolist() == [5, 5, 3.75]
    assert computed("x - x + wall", x=x).values.tolist() == [100, 101, 102]
    assert computed("0 * x + relative", first_wall=90, x=x).values.tolist() == [10, 11, 12]
    assert computed("x * max(step, 5) - 1 / (step - 4)", x=x).values.tolist() == [50.5, -math.inf, 239.75]
    np.testing.assert_equal(computed("rate(x, step)", x=x), ([4, 8], [101, 102], [5, 2.5]))
    assert computed("rate(x, relative)", x=x).values.tolist() == [10, 10]


def test_points_of_running_functions() -> None:
    x = series([(1, 1), (2, 4), (2, 9), (3, math.nan), (4, 16)])
    for text, steps, expected in [
        ("diff(x)", [2, 2, 3, 4], [3, 5, math.nan, math.nan]),
        ("shift(x, 1)", [2, 2, 3, 4], [1, 4, 9, math.nan]),
        ("shift(x, -3)", [1, 2], [math.nan, 16]),
        ("shift(x, 9)", [], []),
        ("shift(x, -9)", [], []),
        ("shift(x, 0)", [1, 2, 2, 3, 4], x.values),
        ("finite(x)", [1, 2, 2, 4], [1, 4, 9, 16]),
        ("rate(x, step)", [2, 3, 4], [3, math.nan, math.nan]),
        ("x - shift(x, 1)", [2, 2, 3, 4], [3, 5, math.nan, math.nan]),  # the turn of a repeated step is kept
        ("clip(x, 2, 10)", [1, 2, 2, 3, 4], [2, 4, 9, math.nan, 10]),
        ("log2(exp(0) * x)", [1, 2, 2, 3, 4], np.log2([1, 4, 9, math.nan, 16])),
        ("-x", [1, 2, 2, 3, 4], [-1, -4, -9, math.nan, -16]),
        ("2 ** x", [1, 2, 2, 3, 4], [2, 16, 512, math.nan, 65536]),
        ("x // 2 + x % 2", [1, 2, 2, 3, 4], [1, 2, 5, math.nan, 8]),
        ("ema(x, 0)", [1, 2, 2, 3, 4], x.values),
    ]:
        got = computed(text, x=x)
        assert got.steps.tolist() == steps, text
        np.testing.assert_equal(got.values, expected)


def test_a_joined_point_is_as_late_as_its_latest() -> None:
    x, y = series([(1, 1), (2, 2)], wall=10), series([(2, 5), (1, 5)], wall=10)
    assert computed("x + y", x=x, y=y).wall_times.tolist() == [11, 11]


def test_another_series_as_the_x_axis() -> None:
    y = series([(1, 0.5), (2, 0.25), (3, 0.1)])
    tokens = series([(1, 100), (3, 300), (5, 500)])
    x, kept = laid(parse("tokens * 2"), y, {"tokens": tokens}.__getitem__, 0)
    assert (x.tolist(), kept.values.tolist()) == ([200, 600], [0.5, 0.1])
    x, kept = laid(parse("step * 512"), y, NONE.__getitem__, 0)
    assert (x.tolist(), kept) == ([512, 1024, 1536], y)
    assert laid(parse("7"), y, NONE.__getitem__, 0)[0].tolist() == [7, 7, 7]


def test_no_tag_and_no_such_tag() -> None:
    with pytest.raises(HeadwayError, match=r"'step \+ 1' names no tag"):
        computed("step + 1")
    with pytest.raises(KeyError):
        computed("x + 1")


def test_no_points() -> None:
    x, none = series([(1, 1), (1, 2)]), series([])
    for text in [
        "x + none",
        "none + x",
        "diff(none)",
        "ema(none, 0.5)",
        "rate(none, wall)",
        "shift(none, 2)",
        "median(none, 3)",
        "mean(none, 3)",
        "gaussian(none, 3)",
        "cumsum(none)",
        "cummin(none)",
    ]:
        assert len(computed(text, x=x, none=none).steps) == 0
