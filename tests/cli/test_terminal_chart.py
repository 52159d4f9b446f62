from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from headway.cli.terminal_chart import BRAILLE, chart
from headway.query.series import Series

ORDER = [(0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2), (0, 3), (1, 3)]
"""Column and row of a pattern's dots 1 to 8, whose bits are 1, 2, 4, ... in the character's number."""


def series(steps: list[int], values: list[float]) -> Series:
    return Series(np.array(steps, dtype=np.int64), np.zeros(len(steps)), np.array(values, dtype=np.float64))


def drawn(lines: list[str], height: int) -> NDArray[np.bool_]:
    """The dots of a chart, [columns, rows]."""
    curve = [[c for c in line if BRAILLE <= ord(c) < BRAILLE + 256] for line in lines[:height]]
    dots = np.zeros((2 * len(curve[0]), 4 * height), dtype=bool)
    for y, line in enumerate(curve):
        for x, character in enumerate(line):
            for bit, (column, row) in enumerate(ORDER):
                dots[2 * x + column, 4 * y + row] = bool(ord(character) - BRAILLE & 1 << bit)
    return dots


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(-50, 500), st.floats(-1e3, 1e3) | st.sampled_from([math.nan, math.inf, -math.inf])),
        min_size=1,
        max_size=300,
    ),
    st.integers(20, 60),
    st.integers(1, 8),
)
def test_every_point_is_in_its_column(points: list[tuple[int, float]], width: int, height: int) -> None:
    steps, values = [step for step, _ in points], [value for _, value in points]
    lines = chart(series(steps, values), width, height)
    assert all(len(line) <= max(width, 20) for line in lines)
    dots = drawn(lines, height)
    finite = [value for value in values if math.isfinite(value)]
    begin, end = min(steps), max(steps)
    for step, value in points:
        column = min(int((step - begin) / (end - begin) * len(dots)), len(dots) - 1) if end > begin else 0
        if math.isfinite(value):
            low, high = min(finite), max(finite)
            share = (value - low) / (high - low) if high > low else 0.5
            rows = np.flatnonzero(dots[column])
            row = (4 * height - 1) * (1 - share) if high > low else 2 * height
            assert abs(rows - row).min() <= 0.51
        else:
            margin = len(lines[0]) - len(dots) // 2
            assert lines[height][margin + column // 2] in "N↑↓*"
    if not finite:
        assert not dots.any()


def test_a_single_spike_is_seen() -> None:
    values = [0.0] * 1_000_000
    values[777_777] = 1.0
    dots = drawn(chart(series(list(range(1_000_000)), values), 80, 10), 10)
    assert np.flatnonzero(dots[:, 0]).tolist() == [int(777_777 / 999_999 * len(dots))]
    assert dots[:, -1].all()


def test_what_it_looks_like() -> None:
    assert chart(series([0, 1, 2, 3], [0, 1, math.nan, 3]), 16, 2) == [
        "3 ⠀⠀⠀⠀⠀⠀⠀⣀⣀⡤⠤⠖⠚⠉",
        "0 ⣀⡤⠤⠴⠒⠚⠉⠁⠀⠀⠀⠀⠀⠀",
        "           N",
        "  0            3",
    ]
    assert chart(series([5], [2.5]), 16, 1)[0].startswith("2.5 ")
    assert chart(series([5], [2.5]), 16, 1)[-1] == "    5"
    assert chart(series([], []), 80, 5) == []
    assert chart(series([1], [1.0]), 5, 5) == []


@pytest.mark.parametrize("steps", [[-(2**63), 2**63 - 1], [2**62, 2**62 + 1], [3, 3], [7, 2, 9]])
@pytest.mark.parametrize("values", [[-1.7e308, 1.7e308], [5e-324, 0.0], [1e308, 1e308]])
def test_extremes(steps: list[int], values: list[float]) -> None:
    lines = chart(series(steps[:2], values), 60, 4)
    assert drawn(lines, 4).any()
    assert all(len(line) <= 60 for line in lines)
