"""The points of an embedding, read from their file piece by piece: what is kept is bounded, however long it is."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

LONGEST_LINE = 16 << 20
"""Bytes: a million numbers with all their digits."""


class Kept:
    """Rows of float32, at most so many numbers: beyond that every second one, every fourth, … is kept."""

    def __init__(self, most: int) -> None:
        self.total = 0
        """Rows that came."""
        self.stride = 1
        """The i-th row that is kept is number `i * stride` of those that came."""
        self._most = most
        self._rows = 0
        self._parts: list[NDArray[np.float32]] = []

    def add(self, rows: NDArray[np.float32]) -> None:
        """Take rows in, after those before."""
        kept = rows[-self.total % self.stride :: self.stride]
        self.total += len(rows)
        self._rows += len(kept)
        self._parts.append(np.ascontiguousarray(kept))
        while self._rows > 1 and self._rows * rows.shape[1] > self._most:
            self._parts = [np.ascontiguousarray(self.rows()[::2])]
            self._rows = len(self._parts[0])
            self.stride *= 2

    def rows(self) -> NDArray[np.float32]:
        """Return what is kept: [points, dimensions]."""
        return np.concatenate(self._parts) if self._parts else np.zeros((0, 0), np.float32)


def read_tsv(pieces: Iterable[bytes], kept: Kept) -> None:
    """Read tensors.tsv. Blank lines are passed over; NaN and infinities are taken.

    Raises:
        ValueError: a line with other than numbers, or with another number of them than the first; which line.

    """
    reader = _Lines(kept)
    rest = b""
    for piece in pieces:
        lines, end, rest = (rest + piece).rpartition(b"\n")
        reader.take(lines + end)
        if len(rest) > LONGEST_LINE:
            raise ValueError(f"line {reader.number + 1} has more than {LONGEST_LINE} bytes")
    reader.take(rest)


def read_raw(pieces: Iterable[bytes], shape: tuple[int, ...], size: int, kept: Kept) -> None:
    """Read little-endian float32 of `size` bytes.

    Raises:
        ValueError: `shape` is no [points, dimensions], or not of so many bytes.

    """
    check_shape(shape, size)
    width = 4 * shape[1]
    rest = b""
    for piece in pieces:
        rest += piece
        whole = len(rest) // width * width if width else 0
        if whole:
            kept.add(np.frombuffer(rest[:whole], "<f4").reshape(-1, shape[1]).astype(np.float32, copy=False))
            rest = rest[whole:]


def check_shape(shape: tuple[int, ...], size: int) -> None:
    """Raise ValueError unless a tensor of float32 with this shape is of points, and has so many bytes."""
    if len(shape) != 2 or min(shape) < 0:
        raise ValueError(f"an embedding has the shape [points, dimensions], not {list(shape)}")
    if size != 4 * shape[0] * shape[1]:
        raise ValueError(f"an embedding of shape {list(shape)} has {4 * shape[0] * shape[1]} bytes, not {size}")


class _Lines:
    """Lines of numbers; `number`: of those that were taken."""

    def __init__(self, kept: Kept) -> None:
        self.number = 0
        self._kept = kept
        self._width = 0

    def take(self, text: bytes) -> None:
        """Take whole lines in."""
        every = text.splitlines()
        lines = [line for line in every if line.strip()]
        if lines:
            self._width = self._width or lines[0].count(b"\t") + 1
            rows = self._at_once(lines)
            self._kept.add(self._one_by_one(every) if rows is None else rows)
        self.number += len(every)

    def _at_once(self, lines: list[bytes]) -> NDArray[np.float32] | None:
        """All lines in one go; None when something is wrong with one of them."""
        if any(line.count(b"\t") != self._width - 1 for line in lines):
            return None
        try:
            numbers = np.fromstring(b"\n".join(lines), np.float64, sep=" ")  # numpy warns of what is no number
        except (ValueError, DeprecationWarning):
            return None
        return _single(numbers).reshape(-1, self._width) if len(numbers) == len(lines) * self._width else None

    def _one_by_one(self, lines: list[bytes]) -> NDArray[np.float32]:
        rows = []
        for number, line in enumerate(lines, self.number + 1):
            if not line.strip():
                continue
            try:
                row = np.array(line.split(b"\t"), np.float64)
            except ValueError:
                shown = repr(str(line[:60], "utf-8", "replace"))
                raise ValueError(f"line {number} has something that is no number: {shown}") from None
            if len(row) != self._width:
                raise ValueError(f"line {number} has {len(row)} numbers, the first one has {self._width}")
            rows.append(_single(row))
        return np.stack(rows)


def _single(numbers: NDArray[np.float64]) -> NDArray[np.float32]:
    with np.errstate(over="ignore"):
        return numbers.astype(np.float32)
