"""The records of a stretch of an event file, in the order of the file: a scan groups them by tag."""

from __future__ import annotations

from collections.abc import Iterable
from struct import Struct
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from headway.events.framing import FOOTER, HEADER
from headway.events.scan import Scan

_LENGTH = Struct("<Q")
_AROUND = HEADER + FOOTER
_WALL_TIME, _STEP = 0x09, 0x10
"""The keys of an Event's fields 1 and 2. Every writer known writes them first, in this order."""
VERSION = 0x1A
"""The key of field 3."""
_LONGEST = 1 + 8 + 1 + 10 + 1  # bytes of the keys and values that are looked at


class Records(NamedTuple):
    """Good frames, [n] each."""

    offsets: NDArray[np.int64]
    """Where each frame begins in the file."""
    wall_times: NDArray[np.float64]
    """NaN where there is none."""
    steps: NDArray[np.int64]
    """0 where there is none."""
    holds: NDArray[np.uint8]
    """The key of the field that comes next, 0 where nothing does."""

    def at(self, rows: NDArray[np.bool_]) -> Records:
        """Return those at `rows`."""
        return Records(self.offsets[rows], self.wall_times[rows], self.steps[rows], self.holds[rows])


def records(data: bytes, origin: int, scan: Scan) -> Records:
    """Return the good frames that `scan` found in `data`, which lies at `origin` of its file."""
    starts = _starts(data, origin, scan)
    padded = data + bytes(_LONGEST)
    ends = starts + HEADER + _everywhere(padded, "<i8")[starts]
    keys = np.frombuffer(padded, dtype=np.uint8)
    at = starts + HEADER
    has_time = (keys[at] == _WALL_TIME) & (at + 9 <= ends)
    times = np.where(has_time, _everywhere(padded, "<f8")[at + 1], np.nan)
    at = at + 9 * has_time
    has_step = (keys[at] == _STEP) & (at < ends)
    steps, lengths = _varints(padded, at + 1)
    at = at + has_step * (1 + lengths)
    holds = np.where(at < ends, keys[np.minimum(at, len(keys) - 1)], 0).astype(np.uint8)
    return Records(origin + starts, times, np.where(has_step, steps, 0), holds)


def _starts(data: bytes, origin: int, scan: Scan) -> NDArray[np.int64]:
    """Return where the frames begin."""
    maybe = _likely(data, scan.consumed)
    found = [_chain(data, begin, end, maybe) for begin, end in _good(scan.skipped, origin, scan.consumed)]
    return np.concatenate(found)


def _likely(data: bytes, end: int) -> NDArray[np.int64]:
    """Return where a frame may begin: its length is short and its payload begins with a wall time."""
    at = np.flatnonzero(np.frombuffer(data, dtype=np.uint8)[HEADER:end] == _WALL_TIME)
    return at[_everywhere(data, "<u8")[at] < len(data)]


def _chain(data: bytes, begin: int, end: int, maybe: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return where the frames between `begin` and `end` begin.

    Likely places are dropped until each is where the one before it ends. Then they are the frames: there is but one
    chain from `begin`. Where that does not work out, it goes from frame to frame, which takes five times as long.
    """
    at = maybe[np.searchsorted(maybe, begin) : np.searchsorted(maybe, end)]
    for _ in range(4):
        following = at + _AROUND + _everywhere(data, "<i8")[at] if len(at) else at
        if len(at) and at[0] == begin and following[-1] == end and np.array_equal(at[1:], following[:-1]):
            return at
        at = at[np.isin(at, following) | (at == begin)]
    places: list[int] = []
    place = begin
    while place < end:
        places.append(place)
        place += _LENGTH.unpack_from(data, place)[0] + _AROUND
    return np.array(places, dtype=np.int64)


def _everywhere(data: bytes, dtype: str) -> NDArray[Any]:
    """Return the numbers of 8 bytes that begin at every byte of `data`."""
    return np.ndarray((max(len(data) - 7, 0),), dtype, data, strides=(1,))


def _good(skipped: Iterable[tuple[int, int]], origin: int, consumed: int) -> Iterable[tuple[int, int]]:
    """Yield the stretches between what was skipped."""
    begin = 0
    for offset, length in skipped:
        yield begin, offset - origin
        begin = offset - origin + length
    yield begin, consumed


def _varints(data: bytes, at: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the varints at `at` as int64, and their lengths."""
    low = _everywhere(data, "<u8")[at]
    high = np.frombuffer(data, dtype=np.uint8)
    numbers = np.zeros(len(at), dtype=np.uint64)
    lengths = np.zeros(len(at), dtype=np.int64)
    goes_on = np.ones(len(at), dtype=bool)
    for group in range(10):
        byte = low >> np.uint64(8 * group) & np.uint64(0xFF) if group < 8 else high[at + group].astype(np.uint64)
        numbers |= np.where(goes_on, (byte & np.uint64(0x7F)) << np.uint64(7 * group), 0)
        lengths += goes_on
        goes_on = goes_on & (byte >= 0x80)
        if not goes_on.any():
            break
    return numbers.view(np.int64), lengths
