"""Several series as one band: the mean of seeds, how sure it is, and how far they lie apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from headway.query.align import between, once
from headway.query.series import Series

Column = NDArray[np.float64]


@dataclass(slots=True, frozen=True)
class Band:
    """Statistics over several lines, at each x that any of them has. [n] each; of finite values alone."""

    x: Column
    """Ascending."""
    count: NDArray[np.int64]
    """How many lines have a value there."""
    mean: Column
    std: Column
    """The sample's standard deviation, divided by count − 1; NaN of fewer than two."""
    low: Column
    high: Column
    """The mean's 95 % confidence interval, mean ± t·std/√count, with Student's t of count − 1 degrees of freedom;
    NaN of fewer than two."""
    min: Column
    quarter: Column
    median: Column
    three_quarters: Column
    """Quantiles, between two values in proportion (Hyndman and Fan's type 7, numpy's default)."""
    max: Column


def grouped(lines: Sequence[Series]) -> Band:
    """Return the band of `lines` by step; see `banded`."""
    return banded([line.steps.astype(np.float64) for line in lines], [line.values for line in lines])


def banded(xs: Sequence[Column], ys: Sequence[Column]) -> Band:
    """Return statistics over lines, given as x and y of each.

    A line that has no point at an x lies there on the straight line between its finite points beside it; before its
    first and after its last it has no value, and neither where its own point is NaN or infinite. Of points at the
    same x the last counts.
    """
    lines = [_usable(x, y) for x, y in zip(xs, ys, strict=True)]
    if not lines:
        nothing = np.empty(0)
        return Band(nothing, np.empty(0, dtype=np.int64), *([nothing] * 9))
    x = lines[0][0]
    if all(np.array_equal(x, other) for other, _ in lines[1:]):
        table = np.array([y for _, y in lines])
    else:
        x = np.unique(np.concatenate([x for x, _ in lines]))
        table = np.array([between(own, y, x) for own, y in lines])
    table[~np.isfinite(table)] = np.nan
    return _statistics(x, table)


def _usable(x: Column, y: Column) -> tuple[Column, Column]:
    there = np.isfinite(x)
    if not there.all():
        x, y = x[there], y[there]
    return once(x, y)


def _statistics(x: Column, table: Column) -> Band:
    table.sort(axis=0)  # NaN goes to the end
    count = np.isfinite(table).sum(axis=0)
    with np.errstate(all="ignore"):
        mean = np.nansum(table, axis=0) / count
        std = np.sqrt(np.nansum((table - mean) ** 2, axis=0) / (count - 1))
        std[count < 2] = np.nan
        reach = student_t(count - 1) * std / np.sqrt(count)
    columns = [_quantile(table, count, q) for q in (0.0, 0.25, 0.5, 0.75, 1.0)]
    # Rounding may not carry a mean past its own values.
    mean = np.clip(mean, columns[0], columns[-1])
    return Band(x, count, mean, std, mean - reach, mean + reach, *columns)


def _quantile(table: Column, count: NDArray[np.int64], q: float) -> Column:
    """The quantile of each column of `table`, whose first `count` rows ascend."""
    at = q * np.maximum(count - 1, 0)
    below = np.floor(at).astype(np.int64)
    above = np.minimum(below + 1, np.maximum(count - 1, 0))
    columns = np.arange(table.shape[1])
    low, high = table[below, columns], table[above, columns]
    return np.asarray(np.where(at == below, low, low + (high - low) * (at - below)))


_T = (
    *(12.706204736, 4.302652730, 3.182446305, 2.776445105, 2.570581836, 2.446911851, 2.364624252, 2.306004135),
    *(2.262157163, 2.228138852, 2.200985160, 2.178812830, 2.160368656, 2.144786688, 2.131449546, 2.119905299),
    *(2.109815578, 2.100922040, 2.093024054, 2.085963447, 2.079613845, 2.073873068, 2.068657610, 2.063898562),
    *(2.059538553, 2.055529439, 2.051830516, 2.048407142, 2.045229642, 2.042272456),
)
"""The 0.975 quantile of Student's t with 1 to 30 degrees of freedom."""


def student_t(freedom: NDArray[np.int64]) -> Column:
    """Return the 0.975 quantile of Student's t with `freedom` [n] degrees of freedom; NaN below 1.

    Tabulated up to 30; beyond, the expansion in 1/ν of Abramowitz and Stegun, Handbook of Mathematical Functions,
    26.7.5, of four terms. The error is below 1e-7.
    """
    z = 1.959963984540054
    with np.errstate(all="ignore"):
        v = 1 / freedom.astype(np.float64)
    terms = (
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160,
    )
    beyond = z + v * (terms[0] + v * (terms[1] + v * (terms[2] + v * terms[3])))
    tabulated = np.array((np.nan, *_T))[np.clip(freedom, 0, len(_T))]
    return np.where(freedom > len(_T), beyond, tabulated)
