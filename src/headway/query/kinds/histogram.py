"""Histograms.

Old: HistogramProto  min=1 · max=2 · num=3 · sum=4 · sum_squares=5 · bucket_limit=6 · bucket=7 doubles
                     headway's own, of values that are not finite: nan=101 · plus_infinity=102 · minus_infinity=103
New: a tensor [buckets, 3] of left edge, right edge, count.

Of the old form, empty buckets at both ends are left out and the outer edges are min and max, as TensorBoard does it:
the outermost limits of TensorFlow 1 are ±1.8e308.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from headway.query.kinds.message import Message, doubles
from headway.query.kinds.summary import Summary
from headway.query.kinds.tensor import as_doubles, tensor_of

OLD = 5


@dataclass(frozen=True, slots=True, eq=False)
class Histogram:
    """How many values lie where. What is not told is None."""

    buckets: NDArray[np.float64]
    """[k, 3] left edge, right edge, count."""
    min: float | None
    max: float | None
    num: float
    """Of values in all."""
    sum: float | None
    sum_squares: float | None
    nan: int = 0
    plus_inf: int = 0
    minus_inf: int = 0


def histogram(summary: Summary) -> Histogram:
    """Read a histogram of either form.

    Raises:
        ValueError: malformed; a limit too few; a tensor of another shape.

    """
    return _old(summary.message.data(OLD)) if summary.message.has(OLD) else _new(summary)


def _old(encoded: memoryview) -> Histogram:
    message = Message(encoded)
    low, high, num, total, squares = (message.number(field) for field in range(1, 6))
    others = [max(message.integer(field), 0) for field in (101, 102, 103)]
    buckets = _trimmed(low, high, doubles(encoded, 6), doubles(encoded, 7))
    return Histogram(buckets, low, high, num, total, squares, *others)


def _trimmed(
    low: float, high: float, limits: NDArray[np.float64], counts: NDArray[np.float64]
) -> NDArray[np.float64]:
    filled = np.flatnonzero(counts > 0)
    if not len(filled):
        return np.zeros((0, 3))
    first, last = int(filled[0]), int(filled[-1])
    if len(limits) < last:
        raise ValueError(f"a histogram of {len(counts)} buckets has {len(limits)} limits")
    buckets = np.empty((last - first + 1, 3))
    buckets[0, 0], buckets[-1, 1] = low, high
    buckets[1:, 0] = buckets[:-1, 1] = limits[first:last]
    buckets[:, 2] = counts[first : last + 1]
    return buckets


def _new(summary: Summary) -> Histogram:
    array: NDArray[Any] = tensor_of(summary.tensor()).array
    if not array.size:
        return Histogram(np.zeros((0, 3)), None, None, 0.0, None, None)
    if array.ndim != 2 or array.shape[1] != 3 or array.dtype.kind not in "biuf":
        raise ValueError(f"a histogram is a tensor [buckets, 3] of numbers, not {list(array.shape)}")
    buckets = as_doubles(array)
    with np.errstate(over="ignore", invalid="ignore"):
        num = float(buckets[:, 2].sum())
    if num == 0:
        return Histogram(buckets, None, None, num, None, None)
    return Histogram(buckets, float(buckets[0, 0]), float(buckets[-1, 1]), num, None, None)
