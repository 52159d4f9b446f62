"""Look into an encoded message that lies in a file without reading what is large in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from headway.events.wire import BYTES, FIXED32, FIXED64, VARINT

Read = Callable[[int, int], bytes]
"""Offset and length in the file → the bytes there."""

AHEAD = 512
"""Bytes that are read at a time."""


class Part(NamedTuple):
    """A field of a message: where its value lies."""

    number: int
    wire_type: int
    offset: int
    length: int


def skim(read: Read, offset: int, length: int) -> Iterator[Part]:
    """Yield the fields of the message in `length` bytes at `offset`, in order.

    Raises:
        ValueError: the bytes are no message.
    """
    at, end = offset, offset + length
    begin, ahead = at, b""
    while at < end:
        if begin + len(ahead) - at < min(20, end - at):  # a key and a length have 10 bytes each at most
            begin, ahead = at, read(at, min(AHEAD, end - at))
        head, i = _varint(ahead, at - begin)
        number, wire_type = head >> 3, head & 7
        start = i
        if wire_type == BYTES:
            size, start = _varint(ahead, i)
        elif wire_type == VARINT:
            size = _varint(ahead, i)[1] - i
        elif wire_type in (FIXED32, FIXED64):
            size = 4 if wire_type == FIXED32 else 8
        else:
            raise ValueError(f"wire type {wire_type} of field {number} is not supported")
        at = begin + start
        if size > end - at:
            raise ValueError(f"field {number} is longer than its message")
        yield Part(number, wire_type, at, size)
        at += size


def _varint(buffer: bytes, at: int) -> tuple[int, int]:
    """Return the varint at `at`, and where it ends."""
    number = 0
    for i, byte in enumerate(buffer[at : at + 10]):
        number |= (byte & 0x7F) << 7 * i
        if byte < 0x80:
            return number, at + i + 1
    raise ValueError("a varint is truncated or longer than 10 bytes")
