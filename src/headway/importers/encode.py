"""Rows as encoded events: every number as it is.

A number that a float32 holds is a `simple_value`, as TensorBoard's writers write it; any other is a float64 in a
tensor, or an int64 where a float64 would change it. See *Scalars* in docs/format.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from struct import Struct, error

from headway.events.messages import DATA_CLASS_SCALAR, scalar_value, summary_metadata, summary_value, tensor
from headway.events.wire import FIXED32, key, message, varint

_DOUBLE = Struct("<d")
_pack, _unpack = Struct("<f").pack, Struct("<f").unpack
_MARK = 1e300
"""Stands for the value while a tag's bytes are prepared; its own bytes are no UTF-8, so no tag has them."""
_DT_INT64 = 9
_EXACT = 1 << 53
"""Integers up to here are float64s."""
_LARGEST = 1 << 63
YEAR_10000 = 253_402_300_800.0
"""In seconds since 1970: no moment is later."""
_BYTES = [bytes((byte,)) for byte in range(256)]


class ScalarEncoder:
    """Encodes the numbers of one run; it keeps the bytes that all values of a tag share."""

    def __init__(self) -> None:
        self._shared: dict[str, tuple[bytes, bytes, bytes]] = {}

    def event(self, step: int, wall_time: float, values: Mapping[str, float]) -> bytes:
        """Return an Event with `values`, numbers by tag.

        Raises:
            OverflowError: one has no tag, or is an integer that neither an int64 nor a float64 holds.
        """
        body = b"".join([self._value(tag, value) for tag, value in values.items()])
        return b"".join((b"\x09", _DOUBLE.pack(wall_time), b"\x10", _varint(step), b"\x2a", _varint(len(body)), body))

    def _value(self, tag: str, value: float) -> bytes:
        """Return the field of a Summary that holds one value."""
        shared = self._shared.get(tag)
        if shared is None:
            shared = self._shared[tag] = _shared(tag)
        head, before, after = shared
        try:
            single = _pack(value)
            if _unpack(single)[0] == value or value != value:
                return head + single
        except (OverflowError, error):  # beyond a float32, or an int beyond a float64
            pass
        if isinstance(value, int) and not -_EXACT <= value <= _EXACT and float(value) != value:
            return message(1, _int64_value(tag, value))  # a reader of float64 rounds it, the file does not
        return before + _DOUBLE.pack(value) + after


def is_exact(value: float) -> bool:
    """Say whether an Event can hold `value` as it is: an int beyond int64 only if it is a float64, too."""
    if not isinstance(value, int) or -_LARGEST <= value < _LARGEST:
        return True
    try:
        return float(value) == value
    except OverflowError:
        return False


def as_wall_time(seconds: float | None, otherwise: float) -> float:
    """Return `seconds` since 1970, or what stands for it where it is unknown or no moment."""
    return seconds if seconds is not None and 0 < seconds < YEAR_10000 else otherwise


def _varint(number: int) -> bytes:
    """Return what `wire.varint` does, sooner for the numbers that are many."""
    if 0 <= number < 0x80:
        return _BYTES[number]
    if 0 <= number < 0x4000:
        return _BYTES[number & 0x7F | 0x80] + _BYTES[number >> 7]
    return varint(number)


def _shared(tag: str) -> tuple[bytes, bytes, bytes]:
    """Return what stands before a float32, and before and after a float64."""
    if not tag:
        raise OverflowError("no tag")
    single = message(1, scalar_value(tag, 0.0))
    before, after = message(1, scalar_value(tag, _MARK, double=True)).split(_DOUBLE.pack(_MARK))
    assert single[-5:-4] == key(2, FIXED32)
    return single[:-4], before, after


def _int64_value(tag: str, value: int) -> bytes:
    if not -_LARGEST <= value < _LARGEST:
        raise OverflowError(value)
    number = tensor(_DT_INT64, (), message(10, varint(value)))
    return summary_value(tag, message(8, number), summary_metadata("scalars", DATA_CLASS_SCALAR))
