"""The charts of a screen: one request, answered chart by chart."""

from __future__ import annotations

import dataclasses
import logging
import os
import struct
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any

import anyio
import msgspec
from anyio.to_thread import run_sync
from starlette.exceptions import HTTPException
from starlette.requests import Request

from headway.errors import HeadwayError
from headway.query.chart import Wanted, chart
from headway.query.curve import Curve as Drawn
from headway.server.api import ChartData, ChartRequest, Curve, SeriesRequest

if TYPE_CHECKING:
    from headway.ingest.index import Index

MAX_BODY = 4 * 1024 * 1024
"""Bytes of a request: 256 charts of some thousand runs each."""

_DECODER = msgspec.json.Decoder(SeriesRequest)
_COLUMNS = {"column": "<u2", "x": "<f8", "step": "<i8", "wall": "<f8", "count": "<u4"}
_COLUMNS |= {"bad_column": "<u2", "bad_x": "<f8", "bad_count": "<u4", "bad_kind": "u1"}
_ROWS = ("first", "last", "min", "max", "mean")
_PLAIN = ("run", "from_column", "total", "points", "wide", "begin", "end", "before", "after")
_WANTED = tuple(field.name for field in dataclasses.fields(Wanted))
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
    answer = chart(index, Wanted(**{name: getattr(request, name) for name in _WANTED}))
    start, stop, width, columns = answer.grid
    return ChartData(
        tag=request.tag,
        axis=request.axis,
        columns=columns,
        start=start,
        stop=stop,
        width=width,
        revision=answer.revision,
        curves=[_curve(curve, mark) for curve, mark in zip(answer.curves, answer.marks, strict=True)],
        gone=answer.gone,
    )


def _curve(curve: Drawn, mark: str) -> Curve:
    single = bool((curve.count == 1).all())
    y = "<f8" if curve.wide else "<f4"
    fields: dict[str, Any] = {name: getattr(curve, name) for name in _PLAIN}
    fields |= {name: getattr(curve, name).astype(kind, copy=False).tobytes() for name, kind in _COLUMNS.items()}
    fields["smooth"] = curve.smooth.astype(y, copy=False).tobytes()
    for name, row in zip(_ROWS, curve.values.astype(y, copy=False), strict=True):
        fields[name] = row.tobytes()
    if single:
        fields |= dict.fromkeys(("count", "first", "min", "max", "mean"), b"")
    return Curve(mark=mark, **fields)


def _failed(index: Index, request: ChartRequest, error: str) -> ChartData:
    return ChartData(
        tag=request.tag,
        axis=request.axis,
        columns=request.columns,
        start=0.0,
        stop=0.0,
        width=0.0,
        revision=index.revision,
        curves=[],
        gone=[],
        error=error,
    )
