"""The log directories that are measured, written as training runs write them, but by the block, with numpy.

Framing and CRC-32C are done anew here, so that headway's own writer has no part in what its reader is given.
Real writers' event files look the same byte for byte: one `simple_value` an event, the shortest varints.
"""

from __future__ import annotations

import shutil
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

CACHE = Path(__file__).resolve().parent.parent / "build" / "bench-data"
BLOCK = 50_000
"""Steps that are written at a time."""
CASTAGNOLI = np.uint32(0x82F63B78)
FIRST_WALL = 1_700_000_000.0

Bytes = NDArray[np.uint8]
"""[n, k]: n records of k bytes."""


@dataclass(frozen=True)
class Shape:
    """A log directory of `runs` runs with `tags` tags of `steps` steps each."""

    runs: int
    tags: int
    steps: int

    @property
    def points(self) -> int:
        """Of the whole directory."""
        return self.runs * self.tags * self.steps

    @property
    def name(self) -> str:
        """How many runs it has, in words."""
        return "one run" if self.runs == 1 else f"{self.runs} runs"

    def __str__(self) -> str:
        return f"{self.name} × {self.tags} tags × {self.steps:,} steps"

    def run_names(self) -> list[str]:
        """All of them, in order."""
        return [f"sweep/run{run:03d}" for run in range(self.runs)]

    def tag_names(self) -> list[str]:
        """All of them, in the order they stand in each step."""
        digits = max(2, len(str(self.tags - 1)))  # as many for all: records are of one length
        return [f"layer{tag:0{digits}d}/update_ratio" for tag in range(self.tags)]


ONE_LONG_RUN = Shape(1, 20, 500_000)
MANY_RUNS = Shape(500, 20, 1_000)


def log_directory(shape: Shape) -> Path:
    """Return the directory, written now unless it is there from an earlier time, and in the system's file cache."""
    place = CACHE / f"{shape.runs}x{shape.tags}x{shape.steps}"
    if not place.exists():
        partial = place.with_suffix(".partial")
        shutil.rmtree(partial, ignore_errors=True)
        for seed, name in enumerate(shape.run_names()):
            (partial / name).mkdir(parents=True)
            _write(partial / name / "events.out.tfevents.1700000000.host.1.0", shape, seed)
        partial.rename(place)
    for path in place.rglob("events.*"):
        with path.open("rb") as file:
            while file.read(1 << 24):
                pass
    return place


def size(directory: Path) -> int:
    """Bytes of all event files below `directory`."""
    return sum(path.stat().st_size for path in directory.rglob("events.*"))


def _write(path: Path, shape: Shape, seed: int) -> None:
    random = np.random.default_rng(seed)
    version = b"\x09" + struct.pack("<d", FIRST_WALL) + b"\x1a\x0dbrain.Event:2"
    with path.open("wb") as file:
        file.write(_framed(np.frombuffer(version, np.uint8)[None]).tobytes())
        for steps in _blocks(shape.steps):
            events = []
            for number, tag in enumerate(shape.tag_names()):
                wall_times = FIRST_WALL + steps * 0.01 + number * 1e-5 + random.random(len(steps)) * 1e-3
                trend = 3 * np.exp(-3 * steps / shape.steps) + number + 0.001 * seed
                values = trend + random.normal(scale=0.1, size=len(steps))
                events.append(_framed(_scalars(tag.encode(), steps, wall_times, values)))
            file.write(np.stack(events, 1).tobytes())


def _blocks(steps: int) -> Iterator[NDArray[np.int64]]:
    """Cut 0..steps where a step's varint becomes longer, so that all records of a block are as long."""
    edges = sorted({0, steps, *(1 << 7 * width for width in range(1, 6)), *range(0, steps, BLOCK)})
    for start, stop in pairwise(edges):
        if stop <= steps:
            yield np.arange(start, stop)


def _scalars(
    tag: bytes, steps: NDArray[np.int64], wall_times: NDArray[np.float64], values: NDArray[np.float64]
) -> Bytes:
    """One Event message a row: wall_time = 1, step = 2, summary = 5 {value = 1 {tag = 1, simple_value = 2}}."""
    count = len(steps)
    step = _varints(steps)
    value = 2 + len(tag) + 5  # bytes of the Summary.Value
    return np.concatenate(
        [
            _same(b"\x09", count),
            wall_times.astype("<f8").view(np.uint8).reshape(count, 8),
            _same(b"\x10", count),
            step,
            _same(bytes([0x2A, 2 + value, 0x0A, value, 0x0A, len(tag)]) + tag + b"\x15", count),
            values.astype("<f4").view(np.uint8).reshape(count, 4),
        ],
        axis=1,
    )


def _same(content: bytes, count: int) -> Bytes:
    return np.tile(np.frombuffer(content, np.uint8), (count, 1))


def _varints(numbers: NDArray[np.int64]) -> Bytes:
    """Of numbers whose varints are all as long."""
    width = max(1, -(-int(numbers[-1]).bit_length() // 7))
    groups = numbers[:, None] >> (7 * np.arange(width)) & 0x7F
    groups[:, :-1] |= 0x80
    return groups.astype(np.uint8)


def _framed(payloads: Bytes) -> Bytes:
    """TFRecord: u64 length, u32 masked CRC of it, payload, u32 masked CRC of it."""
    count, length = payloads.shape
    header = _same(struct.pack("<Q", length), count)
    return np.concatenate([header, _masked_crcs(header), payloads, _masked_crcs(payloads)], axis=1)


def _masked_crcs(rows: Bytes) -> Bytes:
    """CRC-32C of each row, masked as TFRecord does: rotated right by 15 bits, plus 0xa282ead8."""
    crc: NDArray[np.uint32] = np.full(len(rows), 0xFFFFFFFF, np.uint32)
    for column in np.ascontiguousarray(rows.T):
        crc = _TABLE[(crc ^ column) & 0xFF] ^ (crc >> 8)
    crc = ~crc
    return ((crc >> 15 | crc << 17) + np.uint32(0xA282EAD8)).astype("<u4").view(np.uint8).reshape(-1, 4)


def _table() -> NDArray[np.uint32]:
    entries = np.arange(256, dtype=np.uint32)
    for _ in range(8):
        entries = (entries >> np.uint32(1)) ^ (entries & np.uint32(1)) * CASTAGNOLI
    return entries


_TABLE = _table()
