from __future__ import annotations

import asyncio

import msgspec
import pytest
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import Message

from headway.server.body import body_of, decoded


def request(*pieces: bytes) -> tuple[Request, list[bytes]]:
    """A request whose body comes in pieces, and those that nobody has read."""
    waiting = list(pieces)

    async def receive() -> Message:
        piece = waiting.pop(0)
        return {"type": "http.request", "body": piece, "more_body": bool(waiting)}

    return Request({"type": "http", "method": "POST", "headers": []}, receive), waiting


def test_a_body_in_pieces() -> None:
    asked, _ = request(b"ab", b"", b"c")
    assert asyncio.run(body_of(asked, 3, "A word")) == b"abc"


def test_one_that_is_too_long_is_not_read_to_its_end() -> None:
    asked, waiting = request(b"ab", b"cd", b"ef")
    with pytest.raises(HTTPException, match="A word may have at most 3 bytes") as refused:
        asyncio.run(body_of(asked, 3, "A word"))
    assert (refused.value.status_code, waiting) == (413, [b"ef"])


@pytest.mark.parametrize("body", [b"", b"{", b'"x"', b"\xff", b'["\xff"]', b"[" * 100_000])
def test_what_is_no_such_thing(body: bytes) -> None:
    with pytest.raises(HTTPException) as refused:
        decoded(msgspec.json.Decoder(list[str]), bytearray(body))
    assert refused.value.status_code == 400


def test_deep_nesting_where_anything_may_stand() -> None:
    with pytest.raises(HTTPException):
        decoded(msgspec.json.Decoder(), bytearray(b"[" * 100_000))
