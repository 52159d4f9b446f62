"""Answers as TensorBoard words them: JSON in which NaN and infinities are strings, its status codes and sentences."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray
from starlette.responses import PlainTextResponse, Response, StreamingResponse

from headway.query.series import Series

FRESH = {"Cache-Control": "no-cache, must-revalidate", "Expires": "0"}
ROWS = 16384
"""Points that are put into text at a time: a series of ten million takes no more memory than that."""

LEAST = 1 << 16
"""Bytes that are sent at a time, but for the last of an answer."""

_WORDS = {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}


def answered(value: Any) -> Response:
    """`value` as JSON. Floats inside of it have to be `plain`."""
    return Response(msgspec.json.encode(value), media_type="application/json", headers=FRESH)


def not_found(sentence: str) -> Response:
    """There is no such thing."""
    return PlainTextResponse(f"Not found: {sentence}", 404, headers=FRESH)


def invalid(sentence: str) -> Response:
    """The request says too little, or what makes no sense."""
    return PlainTextResponse(f"Invalid argument: {sentence}", 400, headers=FRESH)


def refused(sentence: str) -> Response:
    """Likewise, where TensorBoard has no prefix."""
    return PlainTextResponse(sentence, 400, headers=FRESH)


def streamed(pieces: Iterator[bytes], media_type: str = "application/json") -> Response:
    """An answer that is made while it is sent."""
    return StreamingResponse(gathered(pieces), media_type=media_type, headers=FRESH)


def gathered(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The same bytes in fewer pieces: each is a change of threads, which takes longer than a row does."""
    waiting, size = list[bytes](), 0
    for piece in pieces:
        waiting.append(piece)
        size += len(piece)
        if size >= LEAST:
            yield b"".join(waiting)
            waiting, size = [], 0
    if waiting:
        yield b"".join(waiting)


def plain(values: NDArray[np.floating[Any]]) -> list[Any]:
    """Numbers as JSON has them, nested as the array is; NaN and infinities are words."""
    if np.isfinite(values).all():
        return list(values.tolist())
    if values.ndim > 1:
        return [plain(row) for row in values]
    return [value if math.isfinite(value) else _WORDS[str(value)] for value in values.tolist()]


def json_points(series: Series) -> Iterator[bytes]:
    """`[[wall time, step, value], …]`, in pieces."""
    before = b"["
    for part in _parts(series):
        rows = zip(plain(part.wall_times), part.steps.tolist(), plain(part.values), strict=True)
        yield before + msgspec.json.encode(list(rows))[1:-1]
        before = b","
    yield b"[]" if before == b"[" else b"]"


def csv_points(series: Series) -> Iterator[bytes]:
    """A header and a line a point, in pieces; numbers as Python's `repr` writes them, lines end as in RFC 4180."""
    yield b"Wall time,Step,Value\r\n"
    for part in _parts(series):
        rows = zip(part.wall_times.tolist(), part.steps.tolist(), part.values.tolist(), strict=True)
        yield "".join(f"{wall!r},{step},{value!r}\r\n" for wall, step, value in rows).encode()


def _parts(series: Series) -> Iterator[Series]:
    for at in range(0, len(series.steps), ROWS):
        rows = slice(at, at + ROWS)
        yield Series(series.steps[rows], series.wall_times[rows], series.values[rows])
