"""A chart of one series in braille, for a terminal: pure, from a series to lines of text.

Every point counts. A character has 2 × 4 dots; each column of dots reaches from the least to the greatest value that
lies there, and a line joins the last value of a column to the first one of the next that has any. Below the chart
stand marks where values are no numbers: N for NaN, ↑ and ↓ for infinities, * for several.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from headway.query.series import Series

DOTS_ACROSS, DOTS_DOWN = 2, 4
BRAILLE = 0x2800
_BITS = np.array([[0x01, 0x02, 0x04, 0x40], [0x08, 0x10, 0x20, 0x80]], dtype=np.int32)
"""Of a character, by column and row of its dots (Unicode 15, "Braille Patterns")."""
_MARKS = {0: " ", 1: "N", 2: "↑", 4: "↓"}


class Columns(NamedTuple):
    """What lies in each column of dots that holds finite values, ascending. [n] each."""

    at: NDArray[np.int64]
    first: NDArray[np.float64]
    last: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]


def chart(series: Series, width: int, height: int) -> list[str]:
    """Return lines: `height` of curve, perhaps one of marks, and one of steps.

    They have at most `width` characters, unless numbers alone take more.

    The axis is the step, the scale that of the finite values; both are written beside the curve, with six digits.
    """
    finite = np.isfinite(series.values)
    values = series.values[finite]
    if not len(series.steps) or width < 12 or height < 1:
        return []
    low, high = (float(values.min()), float(values.max())) if len(values) else (0.0, 0.0)
    labels = _labels(low, high, height) if len(values) else {}
    margin = max(map(len, labels.values()), default=0) + 1
    across = max(width - margin, 4)
    begin, end = int(series.steps.min()), int(series.steps.max())
    places = _places(series.steps, begin, end, across * DOTS_ACROSS)
    dots = np.zeros((across * DOTS_ACROSS, height * DOTS_DOWN), dtype=bool)
    if len(values):
        _draw(dots, columns(places[finite], values), low, high)
    lines = [f"{labels.get(row, ''):>{margin - 1}} {line}" for row, line in enumerate(_characters(dots))]
    if not finite.all():
        lines.append(" " * margin + _marks(places[~finite], series.values[~finite], across))
    left, right = f"{begin:,}", f"{end:,}" if end > begin else ""
    if len(left) + len(right) >= across:
        margin = 0
    return [*lines, (" " * margin + left + right.rjust(max(across - len(left), len(right) + 1))).rstrip()]


def columns(places: NDArray[np.int64], values: NDArray[np.float64]) -> Columns:
    """Return first, last, least and greatest of the finite `values` at each place, in the order they come."""
    order = np.argsort(places, kind="stable")
    places, values = places[order], values[order]
    starts = np.flatnonzero(np.concatenate(([True], places[1:] != places[:-1])))
    ends = np.append(starts[1:], len(values)) - 1
    return Columns(
        places[starts],
        values[starts],
        values[ends],
        np.minimum.reduceat(values, starts),
        np.maximum.reduceat(values, starts),
    )


def _places(steps: NDArray[np.int64], begin: int, end: int, count: int) -> NDArray[np.int64]:
    """Return the column of each step; the last one includes the end."""
    if begin == end:
        return np.zeros(len(steps), dtype=np.int64)
    since = steps.view(np.uint64) - np.uint64(begin % 2**64)  # the difference of two int64 may not be one
    share = since.astype(np.float64) / float(end - begin)
    return np.minimum((share * count).astype(np.int64), count - 1)


def _draw(dots: NDArray[np.bool_], found: Columns, low: float, high: float) -> None:
    rows = dots.shape[1]

    def row(values: NDArray[np.float64]) -> NDArray[np.int64]:
        """From 0 at the top to the last row at the bottom; the middle when all values are equal."""
        if high == low:
            return np.full(len(values), rows // 2, dtype=np.int64)
        scale = 1.0 if np.isfinite(high - low) else 0.5  # the difference of two doubles may be none
        share = (values * scale - low * scale) / (high * scale - low * scale)
        from_top: NDArray[np.int64] = rows - 1 - np.rint(share * (rows - 1)).astype(np.int64)
        return from_top

    first, last, top, bottom = row(found.first), row(found.last), row(found.high), row(found.low)
    for at, begin, end in zip(found.at.tolist(), top.tolist(), bottom.tolist(), strict=True):
        dots[at, begin : end + 1] = True
    for i in range(len(found.at) - 1):
        _join(dots, int(found.at[i]), int(last[i]), int(found.at[i + 1]), int(first[i + 1]))


def _join(dots: NDArray[np.bool_], left: int, begin: int, right: int, end: int) -> None:
    """Draw a line from one column to another: each column between them, and half of the way in the outer two."""
    length = right - left
    for x in range(left, right + 1):
        a = begin + (end - begin) * max(x - left - 0.5, 0) / length
        b = begin + (end - begin) * min(x - left + 0.5, length) / length
        low, high = sorted((round(a), round(b)))
        dots[x, low : high + 1] = True


def _characters(dots: NDArray[np.bool_]) -> list[str]:
    across, down = dots.shape[0] // DOTS_ACROSS, dots.shape[1] // DOTS_DOWN
    cells = dots.reshape(across, DOTS_ACROSS, down, DOTS_DOWN)
    codes = BRAILLE + np.einsum("xiyj,ij->yx", cells.astype(np.int32), _BITS)
    return ["".join(map(chr, line)) for line in codes.tolist()]


def _labels(low: float, high: float, height: int) -> dict[int, str]:
    """Return what stands beside the rows."""
    if low == high:
        return {height // 2: f"{low:.6g}"}
    return {height - 1: f"{low:.6g}", 0: f"{high:.6g}"}


def _marks(places: NDArray[np.int64], values: NDArray[np.float64], across: int) -> str:
    kinds = np.zeros(across, dtype=np.int64)
    bits = np.where(np.isnan(values), 1, np.where(values > 0, 2, 4))
    np.bitwise_or.at(kinds, places // DOTS_ACROSS, bits)
    return "".join(_MARKS.get(kind, "*") for kind in kinds.tolist()).rstrip()
