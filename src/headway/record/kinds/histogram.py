"""Histograms, in the old form that every reader knows.

    Value           tag=1 · histo=5
    HistogramProto  min=1 · max=2 · num=3 · sum=4 · sum_squares=5 doubles · bucket_limit=6 · bucket=7 packed doubles
                    headway's own, for values that are not finite: nan=101 · plus_infinity=102 · minus_infinity=103

`bucket_limit[i]` is the right edge of bucket i, which begins where the one before it ends. Empty buckets at both ends
are left out, but for one at the left: its right edge is where the first bucket with values begins.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from headway.events.messages import summary_value
from headway.events.wire import double_field, message, number_field

Bins = str | int | Sequence[float] | NDArray[Any]
"""'tensorflow', or what `numpy.histogram` takes: the name of a rule, how many, or their edges in ascending order."""

DEFAULT = "tensorflow"
RULES = frozenset({"auto", "doane", "fd", "rice", "scott", "sqrt", "stone", "sturges"})
"""What `numpy.histogram_bin_edges` knows by name."""

MOST_BINS = 1_000_000
"""More are refused, and a rule that finds more gets so many: an outlier or a slip must not fill the memory."""

_CHUNK = 1 << 18  # values of a type that the compiled pass does not read itself, converted at a time
_CELLS = 1 << 17  # a double's sign, exponent and first 5 bits of mantissa


@dataclass(slots=True)
class Scan:
    """What one pass over values finds."""

    counts: NDArray[np.int64]
    """[k+1] for k edges: finite values below the first, in each of the k-1 buckets, above the last."""
    totals: list[float]
    """[4] least, greatest, sum and sum of squares of the finite values; infinities and zeros if there are none."""
    others: list[int]
    """[3] NaN, +infinity, -infinity."""


@cache
def default_bins() -> NDArray[np.float64]:
    """Return the 1549 default edges: 0 and ±1e-12 · 1.1ⁿ up to 1e20, by repeated multiplication."""
    positive, edge = [], 1e-12
    while edge < 1e20:
        positive.append(edge)
        edge *= 1.1
    edges = np.array([*(-edge for edge in reversed(positive)), 0.0, *positive])
    edges.flags.writeable = False
    return edges


def check_histogram(
    tag: str, shape: Sequence[int], bins: Bins = DEFAULT, max_bins: int | None = None, *, kind: str = "f"
) -> None:
    """Raise unless values of `shape` and numpy's dtype `kind` can be counted into `bins`.

    Raises:
        ValueError: there are no values, or the bins are no rule's name, too few or many, or edges that descend.
        TypeError: the values are no real numbers, or the bins neither a name, a number nor edges.
    """
    if kind not in "biuf":
        raise TypeError(f"{tag!r}: a histogram is of real numbers, not of numpy's kind {kind!r}")
    if 0 in shape:
        raise ValueError(f"{tag!r}: a histogram needs at least one value, the shape is {tuple(shape)}")
    if max_bins is not None and not isinstance(max_bins, (int, np.integer)):
        raise TypeError(f"{tag!r}: max_bins must be an int, not {type(max_bins).__name__}")
    if max_bins is not None and max_bins < 1:
        raise ValueError(f"{tag!r}: max_bins must be at least 1, not {max_bins}")
    if isinstance(bins, str):
        if bins != DEFAULT and bins not in RULES:
            raise ValueError(f"{tag!r}: bins {bins!r} is none of {DEFAULT}, {', '.join(sorted(RULES))}")
        return
    edges = np.asarray(bins)
    if edges.dtype.kind not in ("iuf" if edges.ndim else "iu") or edges.ndim > 1:
        raise TypeError(f"{tag!r}: bins must be a name, how many, or a list of edges, not {bins!r}")
    if edges.ndim == 0 and not 1 <= edges <= MOST_BINS:
        raise ValueError(f"{tag!r}: at least one bin is needed, and at most {MOST_BINS:,}, not {bins}")
    if edges.ndim == 1 and (len(edges) < 2 or not np.all(edges[:-1] <= edges[1:])):
        raise ValueError(f"{tag!r}: bins must be at least two edges that do not descend")


def histogram_value(tag: str, values: NDArray[Any], bins: Bins = DEFAULT, max_bins: int | None = None) -> bytes:
    """Return the Summary.Value of a histogram of `values`, an array of real numbers of any shape.

    A value that is not finite is in no bucket and in no moment; it is counted beside them. One beyond the outermost
    default edge has a bucket that reaches to the minimum or maximum; one beyond edges that were given is in none.

    Args:
        tag: as it is to be shown.
        values: at least one.
        bins: see `Bins`.
        max_bins: neighbours are merged, ⌊n / max_bins⌋ into one, where there are more.
    """
    values = values.reshape(-1)
    if isinstance(bins, str) and bins == DEFAULT:
        found = scan_values(values)
        edges, counts = _merged(default_bins(), found.counts[1:-1], max_bins)
        edges, counts = _with_outer(edges, counts, found)
        totals, others = found.totals, found.others
    else:
        finite, others = _split(values)
        counts, edges = np.histogram(finite, _bounded(finite, bins))
        edges, counts = _merged(edges, counts, max_bins)
        totals = _totals(finite)
    num = len(values) - sum(others)
    return _value(tag, _encoded(totals if num else (0.0,) * 4, num, *_trimmed(edges, counts), others))


def raw_histogram_value(
    tag: str,
    min: float,
    max: float,
    num: float,
    sum: float,
    sum_squares: float,
    bucket_limits: ArrayLike,
    bucket_counts: ArrayLike,
) -> bytes:
    """Return the Summary.Value of a histogram counted elsewhere: the right edge and the count of each bucket, [k].

    Raises:
        ValueError: there are not as many edges as counts.
    """
    if np.size(bucket_limits) != np.size(bucket_counts):
        edges, counts = np.size(bucket_limits), np.size(bucket_counts)
        raise ValueError(
            f"{tag!r}: bucket_limits are {edges}, bucket_counts {counts}; each bucket has its right edge"
        )
    return _value(tag, _encoded((min, max, sum, sum_squares), num, bucket_limits, bucket_counts))


def scan_values(values: NDArray[Any]) -> Scan:
    """Count `values` [n], of any real type, into the default bins, and sum them up, in one pass."""
    limits, cells = _tables()
    counts, others = np.zeros((2, len(limits)), dtype=np.int64), np.zeros(3, dtype=np.int64)
    totals = np.array([np.inf, -np.inf, 0.0, 0.0])
    if values.dtype in (np.float32, np.float64) and values.dtype.isnative and values.flags.c_contiguous:
        scan(values, cells, limits, counts, others, totals)
    else:
        for start in range(0, len(values), _CHUNK):
            scan(values[start : start + _CHUNK].astype(np.float64), cells, limits, counts, others, totals)
    return Scan(counts.sum(axis=0), totals.tolist(), others.tolist())


def python_scan(
    values: NDArray[Any],
    cells: NDArray[np.int16],  # noqa: ARG001 - the compiled pass needs it
    limits: NDArray[np.float64],
    counts: NDArray[np.int64],
    others: NDArray[np.int64],
    totals: NDArray[np.float64],
) -> None:
    """Add float32 or float64 `values` [n] to what was found before: the compiled pass's twin.

    Args:
        values: any, of which only the finite ones are summed and counted.
        cells: [2¹⁷] the slot of the least double that begins with these 17 bits. The slot of any other one that
            begins so is this one or the next.
        limits: [k+1] what is too large for a slot, ascending; the last is infinite.
        counts: [2, k+1] in each slot, in two parts.
        others: [3] NaN, +infinity, -infinity.
        totals: [4] least, greatest, sum, sum of squares.
    """
    finite, found = _split(values)
    others += found
    counts[0] += np.bincount(np.searchsorted(limits, finite, side="right"), minlength=len(limits))
    low, high, total, squares = _totals(finite)
    totals[:2] = min(totals[0], low), max(totals[1], high)
    totals[2:] += total, squares


@cache
def _tables() -> tuple[NDArray[np.float64], NDArray[np.int16]]:
    """Return `limits` and `cells` of the default bins.

    A cell is narrow: its ends differ by a 32nd at most, and edges by a tenth, so there is at most one edge in it.
    """
    limits = np.append(default_bins(), np.inf)
    limits[-2] = np.nextafter(limits[-2], np.inf)  # the last edge itself is in the last bucket
    bits = np.arange(_CELLS, dtype=np.uint64) << np.uint64(47)
    bits[_CELLS // 2 :] += np.uint64((1 << 47) - 1)  # of negative numbers the one with the largest bits is the least
    return limits, np.searchsorted(limits, bits.view(np.float64), side="right").astype(np.int16)


def _split(values: NDArray[Any]) -> tuple[NDArray[np.float64], list[int]]:
    """Return the finite values as doubles, and how many are NaN, +infinity, -infinity."""
    wide = values.astype(np.float64)
    finite = np.isfinite(wide)
    if finite.all():
        return wide, [0, 0, 0]
    return wide[finite], [int(which(wide).sum()) for which in (np.isnan, np.isposinf, np.isneginf)]


def _bounded(finite: NDArray[np.float64], bins: Bins) -> Bins:
    """Return `bins`, or `MOST_BINS` where the rule of Freedman and Diaconis would ask for more.

    Its bins are as wide as twice the interquartile range over the cube root of the number of values, so few outliers
    far away ask for any number; the other rules depend on the number of values alone, or nearly so.
    """
    if not isinstance(bins, str) or bins not in ("fd", "auto") or not len(finite):
        return bins
    low, high = np.percentile(finite, [25, 75])
    width = 2 * (high - low) / len(finite) ** (1 / 3)
    return MOST_BINS if width > 0 and (finite.max() - finite.min()) / width > MOST_BINS else bins


def _totals(finite: NDArray[np.float64]) -> list[float]:
    """Return least, greatest, sum and sum of squares."""
    if not finite.size:
        return [np.inf, -np.inf, 0.0, 0.0]
    with np.errstate(over="ignore", invalid="ignore"):
        return [float(total) for total in (finite.min(), finite.max(), finite.sum(), finite @ finite)]


def _merged(
    edges: NDArray[np.float64], counts: NDArray[np.int64], max_bins: int | None
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    if max_bins is None or len(counts) <= max_bins:
        return edges, counts
    together = len(counts) // max_bins
    merged = np.add.reduceat(counts, np.arange(0, len(counts), together))
    return np.append(edges[:-1:together], edges[-1]), merged


def _with_outer(
    edges: NDArray[np.float64], counts: NDArray[np.int64], found: Scan
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Put a bucket before and after the others for what is beyond them."""
    below, above = found.counts[[0, -1]]
    if not below and not above:
        return edges, counts
    low, high = found.totals[:2]
    edges = np.concatenate([[min(low, edges[0])], edges, [max(high, edges[-1])]])
    return edges, np.concatenate([[below], counts, [above]])


def _trimmed(edges: NDArray[np.float64], counts: NDArray[np.int64]) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return the right edges and counts of the buckets from the first to the last with values, and one before."""
    filled = np.flatnonzero(counts)
    if not len(filled):
        return edges[:0], counts[:0]
    first, last = filled[0], filled[-1]
    return edges[first : last + 2], np.concatenate([[0], counts[first : last + 1]])


def _encoded(
    totals: Sequence[float], num: float, limits: ArrayLike, buckets: ArrayLike, others: Sequence[int] = (0, 0, 0)
) -> bytes:
    """Return a HistogramProto; `totals` are min, max, sum and sum of squares."""
    low, high, total, squares = totals
    numbers = [double_field(field, float(n)) for field, n in enumerate((low, high, num, total, squares), 1)]
    tables = [message(field, _doubles(table)) for field, table in ((6, limits), (7, buckets)) if np.size(table)]
    return b"".join(numbers + tables + [number_field(field, count) for field, count in enumerate(others, 101)])


def _doubles(numbers: ArrayLike) -> bytes:
    return np.asarray(numbers, dtype="<f8").tobytes()


def _value(tag: str, histogram: bytes) -> bytes:
    return summary_value(tag, message(5, histogram))


if TYPE_CHECKING:
    scan = python_scan
else:
    try:
        from headway.record.kinds._histogram import scan
    except ImportError:  # no compiled extension: slower, the same results
        scan = python_scan
