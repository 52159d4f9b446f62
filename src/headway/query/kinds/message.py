"""Fields of an encoded message, as decoders want them: by number, typed, with proto3's zero for what is not there.

A field of another wire type than expected counts as unknown and is passed over, as protobuf does it. Nothing is
allocated but what the bytes hold: of a field that does not repeat only the last value is kept, one that does is
walked through.
"""

from __future__ import annotations

from collections.abc import Iterator
from struct import unpack
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from headway.events.wire import BYTES, FIXED32, FIXED64, VARINT, fields, signed, varint
from headway.query.kinds.packed import unpacked

Buffer = bytes | memoryview
Number = TypeVar("Number", bound=np.generic)

DEEPEST = 64
"""Messages within messages of their own kind; protobuf's own readers stop at 100."""

_HIGHEST = 1000
"""The largest number of a field that anybody asks for. A hostile message could have any number of others."""


class Message:
    """The fields of a message that do not repeat.

    Raises:
        ValueError: the bytes are no message.

    """

    __slots__ = ("_found",)

    def __init__(self, buffer: Buffer) -> None:
        self._found: dict[tuple[int, int], int | memoryview] = {}
        for number, wire_type, value in fields(buffer):
            if number <= _HIGHEST:
                self._found[number, wire_type] = value

    def has(self, number: int) -> bool:
        """Whether the field is there with bytes: a text, a message."""
        return (number, BYTES) in self._found

    def which(self, *numbers: int) -> int | None:
        """Return the one of a oneof's fields that is there; the last one where a hostile message has more."""
        there = [number for number, _ in self._found if number in numbers]
        return there[-1] if there else None

    def data(self, number: int) -> memoryview:
        """Return the bytes of a field, without copying them."""
        value = self._found.get((number, BYTES), b"")
        assert not isinstance(value, int)
        return memoryview(value)

    def text(self, number: int) -> str:
        """Return a text; what is no UTF-8 in it becomes U+FFFD."""
        return text_of(self.data(number))

    def integer(self, number: int) -> int:
        """Return an int64, int32 or enum."""
        value = self._found.get((number, VARINT), 0)
        assert isinstance(value, int)
        return signed(value)

    def number(self, number: int) -> float:
        """Return a double, or a float."""
        for wire_type, form in ((FIXED64, "<d"), (FIXED32, "<f")):
            value = self._found.get((number, wire_type))
            if isinstance(value, memoryview):
                return float(unpack(form, value)[0])
        return 0.0

    def message(self, number: int) -> Message:
        """Return an embedded message; an empty one where there is none."""
        return Message(self.data(number))


def text_of(data: Buffer) -> str:
    """Return bytes as text; what is no UTF-8 becomes U+FFFD."""
    return str(data, "utf-8", "replace")


def each(buffer: Buffer, number: int) -> Iterator[memoryview]:
    """Yield the bytes of every occurrence of a repeated text, bytes or message."""
    for found, wire_type, value in fields(buffer):
        if (found, wire_type) == (number, BYTES) and isinstance(value, memoryview):
            yield value


def filled(buffer: Buffer, number: int) -> Iterator[memoryview]:
    """Yield the messages of a repeated field that say anything: two bytes must not become a large object each."""
    return filter(len, each(buffer, number))


def texts(buffer: Buffer, number: int) -> tuple[str, ...]:
    """Return the texts of a repeated field."""
    return tuple(text_of(value) for value in each(buffer, number))


def entries(buffer: Buffer, number: int) -> Iterator[tuple[str, memoryview]]:
    """Yield the entries of a map from texts to messages or texts, also those whose key comes again."""
    for entry in each(buffer, number):
        message = Message(entry)
        yield message.text(1), message.data(2)


def integers(buffer: Buffer, number: int) -> NDArray[np.int64]:
    """Return a repeated int64, int32, enum or bool, packed or not. [n]."""
    packed = bytearray()
    for found, wire_type, value in fields(buffer):
        if found == number and isinstance(value, int):
            packed += varint(value)
        elif (found, wire_type) == (number, BYTES) and isinstance(value, memoryview):
            packed += value
    return unpacked(packed).view(np.int64)


def doubles(buffer: Buffer, number: int) -> NDArray[np.float64]:
    """Return a repeated double, packed or not. [n]."""
    return fixed(buffer, number, FIXED64, np.dtype("<f8"))


def singles(buffer: Buffer, number: int) -> NDArray[np.float32]:
    """Return a repeated float, packed or not. [n]."""
    return fixed(buffer, number, FIXED32, np.dtype("<f4"))


def fixed(buffer: Buffer, number: int, wire_type: int, dtype: np.dtype[Number]) -> NDArray[Number]:
    """Return repeated numbers of `wire_type` as an array of `dtype`, packed or not. [n].

    Raises:
        ValueError: a packed field is no whole number of them.

    """
    packed = bytearray()
    for found, this, value in fields(buffer):
        if found == number and this in (wire_type, BYTES) and isinstance(value, memoryview):
            packed += value
    if len(packed) % dtype.itemsize:
        raise ValueError(f"field {number} ends within a number")
    return np.frombuffer(packed, dtype)
