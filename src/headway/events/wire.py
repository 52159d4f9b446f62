"""The protobuf wire format: as much of it as TensorBoard's messages need, both ways.

A message is a sequence of fields; each is a key (field number and wire type, as a varint) and a value.
"""

from __future__ import annotations

from collections.abc import Iterator
from struct import Struct

VARINT = 0
FIXED64 = 1
BYTES = 2
FIXED32 = 5

Field = tuple[int, int, "int | memoryview"]
"""Field number, wire type, value: an unsigned 64-bit int for a varint, else the value's bytes."""

_DOUBLE = Struct("<d")
_FIXED = {FIXED64: 8, FIXED32: 4}
_LARGEST_NUMBER = (1 << 29) - 1
_LONGEST_VARINT = 10


def varint(number: int) -> bytes:
    """Return `number`, an int64 or uint64, as a varint; a negative one takes 10 bytes (two's complement)."""
    if not -(1 << 63) <= number < 1 << 64:
        raise ValueError(f"{number} does not fit in 64 bits")
    number &= (1 << 64) - 1
    groups = bytearray()
    while number > 0x7F:
        groups.append(number & 0x7F | 0x80)
        number >>= 7
    groups.append(number)
    return bytes(groups)


def signed(number: int) -> int:
    """Return the int64 whose two's complement is the unsigned `number`, as `fields` gives it."""
    return number - (1 << 64) if number >> 63 else number


def key(field: int, wire_type: int) -> bytes:
    """Return the key that stands before a field's value."""
    return varint(field << 3 | wire_type)


def message(field: int, content: bytes) -> bytes:
    """Return a length-delimited field: a string, bytes or an embedded message."""
    return b"".join((key(field, BYTES), varint(len(content)), content))


def number_field(field: int, value: int) -> bytes:
    """Return an integer, enum or bool field; as in proto3, nothing for 0."""
    return key(field, VARINT) + varint(value) if value else b""


def double_field(field: int, value: float) -> bytes:
    """Return a double field; nothing for 0.0."""
    packed = _DOUBLE.pack(value)
    return key(field, FIXED64) + packed if any(packed) else b""


def string_field(field: int, text: str) -> bytes:
    """Return a string field; nothing for the empty one. A lone surrogate has no UTF-8: it becomes a question mark."""
    return message(field, text.encode("utf-8", "replace")) if text else b""


def fields(buffer: bytes | bytearray | memoryview) -> Iterator[Field]:
    """Yield the fields of the message in `buffer` in order, without copying.

    Raises:
        ValueError: the bytes are no message: a truncated or overlong value, an impossible key, a group.
    """
    for _, field in located_fields(buffer):
        yield field


def located_fields(buffer: bytes | bytearray | memoryview) -> Iterator[tuple[int, Field]]:
    """Yield, as `fields` does, each field after the position in `buffer` where its value begins."""
    view = memoryview(buffer).cast("B")
    at, end = 0, len(view)
    while at < end:
        head, at = _read_varint(view, at)
        number, wire_type = head >> 3, head & 7
        if not 1 <= number <= _LARGEST_NUMBER:
            raise ValueError(f"{number} is no field number")
        if wire_type == VARINT:
            begin = at
            value, at = _read_varint(view, at)
            yield begin, (number, wire_type, value)
            continue
        if wire_type == BYTES:
            size, at = _read_varint(view, at)
        elif wire_type in _FIXED:
            size = _FIXED[wire_type]
        else:
            raise ValueError(f"wire type {wire_type} of field {number} is not supported")
        if size > end - at:
            raise ValueError(f"field {number} is longer than its message")
        yield at, (number, wire_type, view[at : at + size])
        at += size


def _read_varint(view: memoryview, at: int) -> tuple[int, int]:
    """Return the varint at `at`, cut to 64 bits, and the position after it."""
    if at < len(view) and view[at] < 0x80:  # most: keys, and lengths of what is short
        return view[at], at + 1
    number = 0
    for index, byte in enumerate(view[at : at + _LONGEST_VARINT]):
        number |= (byte & 0x7F) << 7 * index
        if byte < 0x80:
            return number & (1 << 64) - 1, at + index + 1
    raise ValueError("a varint is truncated or longer than 10 bytes")
