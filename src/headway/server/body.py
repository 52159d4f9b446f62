"""The body of a request, which may be anything."""

from __future__ import annotations

from typing import TypeVar

import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import Request

T = TypeVar("T")


async def body_of(request: Request, most: int, what: str) -> bytearray:
    """Read the body of a request, which is a `what`: an HTTPException (413) when it has more than `most` bytes."""
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > most:
            raise HTTPException(413, f"{what} may have at most {most} bytes.\n")
    return body


def decoded(decoder: msgspec.json.Decoder[T], body: bytearray) -> T:
    """Take a body of JSON apart; an HTTPException (400) says what is wrong with it."""
    try:
        return decoder.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise HTTPException(400, f"{error}\n") from None
