"""The charts of a screen: one request, answered chart by chart."""

from __future__ import annotations

import logging
import os
import struct
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

import anyio
import msgspec
import numpy as np
from anyio.to_thread import run_sync
from starlette.exceptions import HTTPException
from starlette.requests import Request

from headway.errors import HeadwayError
from headway.query import chart as query
from headway.server.api import ChartData, ChartRequest, Curve, SeriesRequest

if TYPE_CHECKING:
    from headway.ingest.index import Index

MAX_BODY = 4 * 1024 * 1024
"""Bytes of a request: 256 charts of some thousand runs each."""

_DECODER = msgspec.json.Decoder(SeriesRequest)
_COLUMNS = {"column": "<u2", "x": "<f8", "step": "<i8", "wall": "<f8", "count": "<u4"}
_COLUMNS |= {"bad_column": "<u2", "bad_x": "<f8", "bad_count": "<u4", "bad_kind": "u1"}
_Y_COLUMNS = ("last", "smooth", "first", "min", "max", "mean")
_LOG = logging.getLogger(__name__)


async def read_request(request: Request) -> SeriesRequest:
    """Take the body apart; an HTTPException (400 or 413) says what is wrong with it."""
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > MAX_BODY:
            raise HTTPException(413, f"A request may have at most {MAX_BODY} bytes.\n")
    try:
        return _DECODER.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise HTTPException(400, f"{error}\n") from None


class Charts:
    """Answers series requests; however many pages ask, few charts are read at a time."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._slots = anyio.CapacityLimiter(min(4, os.cpu_count() or 1))

    async def frames(self, request: SeriesRequest) -> AsyncIterator[bytes]:
        """One frame a chart: `u32` little-endian length, then a `ChartData` in msgpack."""
        for one in request.charts:
            yield await run_sync(frame, self._index, one, limiter=self._slots, abandon_on_cancel=True)


def frame(index: Index, request: ChartRequest) -> bytes:
    """Read and pack one chart. One that fails says so in its place; the others still come."""
    try:
        data = chart_data(index, request)
    except HeadwayError as error:
        data = _failed(index, request, str(error))
    except Exception as error:  # a defect of headway: the log has the rest
        _LOG.exception("the chart of %.200r failed", request.tag)
        data = _failed(index, request, f"{type(error).__name__}: {error}")
    packed = msgspec.msgpack.encode(data)
    return struct.pack("<I", len(packed)) + packed


def chart_data(index: Index, request: ChartRequest) -> ChartData:
    """Read one chart, its columns as bytes."""
    answer = query.chart(
        index,
        request.tag,
        request.runs,
        request.axis,
        request.columns,
        request.smoothing,
        request.start,
        request.stop,
    )
    return ChartData(
        tag=request.tag,
        axis=request.axis,
        columns=request.columns,
        start=answer.start,
        stop=answer.stop,
        revision=answer.revision,
        curves=[_curve(curve) for curve in answer.curves],
    )


def _curve(curve: query.Curve) -> Curve:
    kinds = _COLUMNS | dict.fromkeys(_Y_COLUMNS, "<f8" if curve.wide else "<f4")
    return Curve(
        run=curve.run,
        total=curve.total,
        points=curve.points,
        wide=curve.wide,
        before=curve.before,
        after=curve.after,
        **{name: np.asarray(getattr(curve, name), kind).tobytes() for name, kind in kinds.items()},
    )


def _failed(index: Index, request: ChartRequest, error: str) -> ChartData:
    return ChartData(
        tag=request.tag,
        axis=request.axis,
        columns=request.columns,
        start=0.0,
        stop=0.0,
        revision=index.revision,
        curves=[],
        error=error,
    )
