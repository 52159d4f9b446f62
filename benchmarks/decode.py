"""How fast event files become columns on one core: by its time, for what else the machine does is no matter here."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks import fresh
from benchmarks.event_files import ONE_LONG_RUN, log_directory
from benchmarks.figure import Figure

REPEATS = 5


def figures() -> Iterator[Figure]:
    """Decode ten million scalars of one file."""
    directory = log_directory(ONE_LONG_RUN)
    (path,) = directory.rglob("events.*")
    yield Figure(
        what="decode",
        unit="M/s",
        values=[fresh.call(decode, str(path), ONE_LONG_RUN.points)["rate"] for _ in range(REPEATS)],
        at_least=15,
        note="million scalars a second of one core; checksums verified, every point kept",
    )


def decode(path: str, points: int) -> fresh.Numbers:
    from headway.events.decode import Decoder
    from headway.ingest.directory import CHUNK

    content = memoryview(Path(path).read_bytes())
    decoder, scans, at = Decoder(), [], 0
    began = time.process_time()
    while at < len(content):
        end = min(at + CHUNK, len(content))
        scans.append(decoder.decode(content[at:end], at, end == len(content)))
        at += scans[-1].consumed
    took = time.process_time() - began
    assert sum(len(scan.values) for scan in scans) == points
    return {"rate": points / took / 1e6}
