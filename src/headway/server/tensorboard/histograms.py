"""`/data/plugin/histograms` and `/data/plugin/distributions`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np
from numpy.typing import NDArray
from starlette.requests import Request
from starlette.responses import Response

from headway.query.distribution import quantiles
from headway.query.kinds import Histogram
from headway.server.contents import Contents
from headway.server.tensorboard.answer import answered, invalid, not_found, plain, streamed
from headway.server.tensorboard.tags import DescribedTags

if TYPE_CHECKING:
    from headway.server.served import Served

KIND = "histograms"


class Histograms:
    """Answers from one log directory."""

    def __init__(self, served: Served) -> None:
        self._served = served
        self._tags = DescribedTags(served, KIND)

    def tags(self, _: Request) -> Response:
        """Run → tag → `{displayName, description}`."""
        return answered(self._tags.all())

    def histograms(self, request: Request) -> Response:
        """`[[wall time, step, [[left, right, count], …]], …]`."""
        return self._each(request, plain)

    def distributions(self, request: Request) -> Response:
        """`[[wall time, step, [[basis points, value], …]], …]`."""
        return self._each(request, _distribution)

    def _each(self, request: Request, form: Callable[[NDArray[np.float64]], list[Any]]) -> Response:
        tag, run = request.query_params.get("tag"), request.query_params.get("run")
        if tag is None or run is None:
            return invalid(f"Both run and tag must be specified: tag={tag!r}, run={run!r}")
        contents = Contents(self._served, run, tag, KIND, current=True)
        if not contents:
            return not_found(f"No histogram tag {tag!r} for run {run!r}")
        return streamed(_rows(contents, form))


def _rows(contents: Contents, form: Callable[[NDArray[np.float64]], list[Any]]) -> Iterator[bytes]:
    before = b"["
    for i, wall, step in contents.rows():
        value = contents.readable(i)
        if isinstance(value, Histogram):
            yield before + msgspec.json.encode((wall, step, form(value.buckets)))
            before = b","
    yield b"[]" if before == b"[" else b"]"


def _distribution(buckets: NDArray[np.float64]) -> list[Any]:
    found = quantiles(buckets)
    values = plain(np.array([value for _, value in found]))
    return [[point, value] for (point, _), value in zip(found, values, strict=True)]
