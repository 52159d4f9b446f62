"""Series of histograms over their steps, on common bins: what ridges, heat maps and distributions are drawn from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from headway.query.distribution import BASIS_POINTS, quantiles
from headway.query.kinds import Histogram
from headway.query.moments import moments
from headway.query.rebin import cleaned, edges_of, rebinned, span, threshold
from headway.server.answer import current
from headway.server.api import HistogramsData, HistogramSeries, HistogramsQuery
from headway.server.contents import Contents, name_of
from headway.server.decoded import Decoded
from headway.server.endpoint import Endpoint, read_query
from headway.store.asker import still_waits

if TYPE_CHECKING:
    from headway.server.served import Served

KIND = "histograms"


def endpoints(served: Served) -> list[Endpoint]:
    """`api/histograms`."""
    decoded = Decoded()

    def get_histograms(request: Request) -> Response:
        query = read_query(request, HistogramsQuery)
        return current(request, served, lambda: histograms(served, decoded, query))

    return [
        Endpoint(
            "/api/histograms",
            get_histograms,
            "Histograms of some runs over their steps, on common bins.",
            query=HistogramsQuery,
            answer=HistogramsData,
            details="Columns of numbers are little-endian bytes: ask for msgpack.",
        )
    ]


class _Chosen:
    """The entries of one run that are drawn."""

    def __init__(self, served: Served, decoded: Decoded, run: int, query: HistogramsQuery) -> None:
        self.run = run
        self.contents = Contents(served, name_of(served.index, run), query.tag, KIND)
        found = self.contents.entries
        self.every = np.flatnonzero(~found.superseded)
        self.steps = found.steps[self.every]
        rows = chosen(self.steps, query.most, query.start, query.stop, query.at)
        self.rows: list[int] = []
        self.values: list[Histogram] = []
        self.failed = 0
        for row in self.every[rows].tolist():
            still_waits()
            value = decoded.value(self.contents, row)
            if isinstance(value, Histogram):
                self.rows.append(row)
                self.values.append(value)
            else:
                self.failed += 1
        self.buckets = [cleaned(value.buckets) for value in self.values]


def chosen(
    steps: NDArray[np.int64], most: int, start: int | None = None, stop: int | None = None, at: Sequence[int] = ()
) -> NDArray[np.intp]:
    """Return which entries of `steps` stand for all of those from start to stop, ascending: at most `most`, and `at`.

    Every so many-th, where that is a power of two: so those that were chosen once stay while there come more. First
    and last are always in. A step of `at` is its own last entry, else the one before it.
    """
    inside = np.ones(len(steps), dtype=np.bool_)
    if start is not None:
        inside &= steps >= start
    if stop is not None:
        inside &= steps <= stop
    rows = np.flatnonzero(inside)
    stride = 1
    while len(rows) > 2 and (len(rows) - 2) // stride + 2 > most:
        stride *= 2
    asked = [int(np.flatnonzero(steps <= step)[-1]) for step in at if (steps <= step).any()]
    return np.unique(np.concatenate((rows[::stride], rows[-1:], np.array(asked, dtype=np.intp))))


def histograms(served: Served, decoded: Decoded, query: HistogramsQuery) -> HistogramsData:
    """Read, lay on common bins and describe; an HTTPException (404) when none of the runs has such histograms."""
    revision = served.index.revision
    runs = [some for run in query.run if len((some := _Chosen(served, decoded, run, query)).every)]
    if not runs:
        raise HTTPException(404, f"None of these runs has histograms under the tag {query.tag!r}.\n")
    every = [buckets for some in runs for buckets in some.buckets]
    low, high = span(every, outliers=query.outliers)
    low = low if query.low is None else query.low
    high = high if query.high is None else query.high
    turn = threshold(every)
    edges = edges_of(min(low, high), high, query.bins, query.scale, turn)
    return HistogramsData(
        tag=query.tag,
        revision=revision,
        scale=query.scale,
        threshold=turn,
        edges=edges.astype("<f8").tobytes(),
        percents=[point / 100 for point in BASIS_POINTS],
        series=[_series(some, edges) for some in runs],
    )


def _series(some: _Chosen, edges: NDArray[np.float64]) -> HistogramSeries:
    found, rows, values = some.contents.entries, some.rows, some.values
    counts = np.empty((len(rows), len(edges) + 1))
    percentiles = np.empty((len(rows), len(BASIS_POINTS)))
    stats = np.full((len(rows), 6), np.nan)
    for n, (value, buckets) in enumerate(zip(values, some.buckets, strict=True)):
        still_waits()
        counts[n] = rebinned(buckets, edges)
        percentiles[n] = [v for _, v in quantiles(buckets)] if len(buckets) else np.nan
        told = moments(value)
        if len(buckets):
            least, greatest = buckets[:, 0].min(), buckets[:, 1].max()
            stats[n] = (value.num, told.mean, told.std, told.norm, least, greatest)
        else:
            stats[n, 0] = 0.0
    bad = np.array([(v.nan, v.plus_inf, v.minus_inf) for v in values], dtype="<i8").reshape(-1, 3)
    return HistogramSeries(
        run=some.run,
        every=some.every.astype("<i4").tobytes(),
        every_step=some.steps.astype("<i8").tobytes(),
        i=np.array(rows, dtype="<i4").tobytes(),
        step=found.steps[rows].astype("<i8").tobytes(),
        wall=found.wall_times[rows].astype("<f8").tobytes(),
        stats=stats.astype("<f8").tobytes(),
        bad=bad.tobytes(),
        percentiles=percentiles.astype("<f8").tobytes(),
        counts=counts.astype("<f8").tobytes(),
        failed=some.failed,
    )
