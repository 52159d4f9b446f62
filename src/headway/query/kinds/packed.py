"""Varints one after the other: the packed form of repeated integers."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_CHUNK = 1 << 16
_LONGEST = 10


def unpacked(packed: bytes | bytearray | memoryview) -> NDArray[np.uint64]:
    """Return the integers in `packed`, each cut to 64 bits as protobuf does it. [n].

    Raises:
        ValueError: a varint is truncated, or longer than 10 bytes.

    """
    data = np.frombuffer(packed, np.uint8)
    if len(data) and data[-1] >= 0x80:
        raise ValueError("a packed varint is truncated")
    found = np.empty(int(np.count_nonzero(data < 0x80)), np.uint64)
    begin = filled = 0
    while begin < len(data):
        chunk = data[begin : begin + _CHUNK]
        ends = np.flatnonzero(chunk < 0x80)
        if not len(ends):
            raise ValueError("a packed varint is longer than 10 bytes")
        begin += int(ends[-1]) + 1
        found[filled : filled + len(ends)] = _decoded(chunk, ends)
        filled += len(ends)
    return found


def _decoded(chunk: NDArray[np.uint8], ends: NDArray[np.int64]) -> NDArray[np.uint64]:
    starts = np.concatenate(([0], ends[:-1] + 1))
    longest = int((ends - starts).max()) + 1
    if longest > _LONGEST:
        raise ValueError("a packed varint is longer than 10 bytes")
    numbers = (chunk[starts] & 0x7F).astype(np.uint64)
    for place in range(1, longest):
        has = starts + place <= ends
        groups = (chunk[(starts + place)[has]] & 0x7F).astype(np.uint64)
        numbers[has] |= groups << np.uint64(7 * place)
    return numbers
