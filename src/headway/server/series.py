"""The charts of a screen: one request, answered chart by chart."""

from __future__ import annotations

import asyncio
import dataclasses
import logging
import os
import struct
from collections import deque
from collections.abc import AsyncGenerator
from itertools import islice
from typing import Any

import anyio
import msgspec
from anyio.to_thread import run_sync
from starlette.requests import Request

from headway.errors import HeadwayError
from headway.query.chart import chart
from headway.query.curve import Curve as Drawn
from headway.query.lines import Wanted
from headway.server.api import ChartData, ChartRequest, Curve, Group, SeriesRequest
from headway.server.body import body_of, decoded
from headway.server.groups import grouped
from headway.server.served import Served

AT_ONCE = min(4, os.cpu_count() or 1)
"""Charts that are read at the same time, for all pages together."""
MAX_BODY = 4 * 1024 * 1024
"""Bytes of a request: 256 charts of some thousand runs each."""

_DECODER = msgspec.json.Decoder(SeriesRequest)
_COLUMNS = {"column": "<u2", "x": "<f8", "step": "<i8", "wall": "<f8", "count": "<u4"}
_COLUMNS |= {"bad_column": "<u2", "bad_x": "<f8", "bad_count": "<u4", "bad_kind": "u1"}
_ROWS = ("first", "last", "min", "max", "mean")
_Y_COLUMNS = ("smooth", "low", "high")
_PLAIN = ("from_column", "total", "points", "wide", "begin", "end", "before", "after")
_WANTED = tuple(field.name for field in dataclasses.fields(Wanted) if field.name != "groups")
_LOG = logging.getLogger(__name__)


async def read_request(request: Request) -> SeriesRequest:
    """Take the body apart; an HTTPException (400 or 413) says what is wrong with it."""
    return decoded(_DECODER, await body_of(request, MAX_BODY, "A request"))


class Charts:
    """Answers series requests; however many pages ask, few charts are read at a time."""

    def __init__(self, served: Served) -> None:
        self._served = served
        self._slots = anyio.CapacityLimiter(AT_ONCE)

    async def frames(self, request: SeriesRequest) -> AsyncGenerator[bytes]:
        """One frame a chart: `u32` little-endian length, then a `ChartData` in msgpack.

        They come in the order asked, and some are read at the same time. Whoever stops listening ends that.
        """
        charts, reading = iter(request.charts), deque[asyncio.Task[bytes]]()
        try:
            while True:
                reading.extend(
                    asyncio.create_task(self._frame(one)) for one in islice(charts, AT_ONCE - len(reading))
                )
                if not reading:
                    return
                yield await reading[0]
                reading.popleft()
        finally:
            for task in reading:
                task.cancel()

    async def _frame(self, request: ChartRequest) -> bytes:
        return await run_sync(frame, self._served, request, limiter=self._slots, abandon_on_cancel=True)


def frame(served: Served, request: ChartRequest) -> bytes:
    """Read and pack one chart. One that fails says so in its place; the others still come."""
    try:
        data = chart_data(served, request)
    except HeadwayError as error:
        data = _failed(served, request, str(error))
    except Exception as error:  # a defect of headway: the log has the rest
        _LOG.exception("the chart of %.200r failed", request.tag)
        data = _failed(served, request, f"{type(error).__name__}: {error}")
    packed = msgspec.msgpack.encode(data)
    return struct.pack("<I", len(packed)) + packed


def chart_data(served: Served, request: ChartRequest) -> ChartData:
    """Read one chart, its columns as bytes."""
    wanted, groups = wanted_of(served, request)
    answer = chart(served.index, wanted)
    return ChartData(
        tag=request.tag,
        axis=request.axis,
        columns=answer.grid.columns,
        start=answer.start,
        stop=answer.stop,
        width=answer.grid.width,
        revision=answer.revision,
        curves=[_curve(curve, text) for curve, text in zip(answer.curves, answer.fingerprints, strict=True)],
        gone=answer.gone,
        groups=groups,
    )


def wanted_of(served: Served, request: ChartRequest) -> tuple[Wanted, list[Group] | None]:
    """What a request asks of the index, and its groups, when it asks for some."""
    groups = grouped(served, request.runs, request.group) if request.group else None
    wanted = Wanted(
        **{name: getattr(request, name) for name in _WANTED},
        groups=[group.runs for group in groups] if groups is not None else None,
    )
    return wanted, groups


def _curve(curve: Drawn, fingerprint: str) -> Curve:
    single = bool((curve.count == 1).all())
    y = "<f8" if curve.wide else "<f4"
    fields: dict[str, Any] = {name: getattr(curve, name) for name in _PLAIN}
    fields |= {name: getattr(curve, name).astype(kind, copy=False).tobytes() for name, kind in _COLUMNS.items()}
    fields |= {name: getattr(curve, name).astype(y, copy=False).tobytes() for name in _Y_COLUMNS}
    fields |= {name: row.tobytes() for name, row in zip(_ROWS, curve.values.astype(y, copy=False), strict=True)}
    if single:
        fields |= dict.fromkeys(("count", "first", "min", "max", "mean"), b"")
    return Curve(**curve.who._asdict(), fingerprint=fingerprint, **fields)


def _failed(served: Served, request: ChartRequest, error: str) -> ChartData:
    return ChartData(
        tag=request.tag,
        axis=request.axis,
        columns=request.columns,
        start=0.0,
        stop=0.0,
        width=0.0,
        revision=served.index.revision,
        curves=[],
        gone=[],
        error=error,
    )
