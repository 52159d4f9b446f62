"""What it costs to follow log directories in which little or nothing happens: the share of one core."""

from __future__ import annotations

import os
import shutil
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks import fresh
from benchmarks.event_files import CACHE, Shape, log_directory, size
from benchmarks.figure import Figure

FINISHED = Shape(1_000, 20, 50)
MANY = Shape(10_000, 4, 5)
LARGE = Shape(1, 20, 41_800)
"""One file of 50 MB, of which the large directory has many."""
GIGABYTES = float(os.environ.get("HEADWAY_BENCH_GIGABYTES", "10"))
"""Of the large directory: its index takes a sixth of that on the disk. Fewer, where the disk is small."""
CHANGING = 0.01
AGE = 3_600.0
"""Seconds since the files last changed: finished, but not long ago."""
SETTLES = 3.0
WINDOWS = 3
SECONDS = 10.0
"""Of each window."""


def figures() -> Iterator[Figure]:
    """Follow each directory in a process of its own, as `headway view` does, and take its processor's time."""
    yield _figure("idle, 1,000 finished runs", log_directory(FINISHED), at_most=1, note="they ended an hour ago")
    yield _figure("idle, 10,000 files", log_directory(MANY), at_most=3, note="a run each, quiet for an hour")
    with _large() as directory:
        files = sorted(directory.rglob("events.*"))
        growing = [file for file in files if file.stat().st_nlink == 1]
        with _growing(growing):
            yield _figure(
                f"{len(growing)} of {len(files)} files grow",
                directory,
                at_most=5,
                note=f"{size(directory) / 1e9:.1f} GB; each of them by a step of 20 scalars, five times a second",
                quiet=[file for file in files if file not in growing],
            )


def _figure(what: str, directory: Path, at_most: float, note: str, quiet: list[Path] | None = None) -> Figure:
    _age(directory, quiet)
    with tempfile.TemporaryDirectory(dir=CACHE) as place:
        numbers = fresh.call(follow, str(directory), f"{place}/index", SECONDS, WINDOWS)
    shares = [100 * numbers[f"share {i}"] for i in range(WINDOWS)]
    read = f"read in {numbers['read']:.0f} s at first"
    return Figure(what=f"following: {what}", unit="%", values=shares, at_most=at_most, note=f"{note}; {read}")


def follow(logdir: str, index: str, seconds: float, windows: int) -> fresh.Numbers:
    """Read everything, then follow; return the share of a core in each of some windows."""
    from headway.ingest.index import Index

    opened = Index(logdir, index)
    began = time.perf_counter()
    opened.refresh()
    numbers = {"read": time.perf_counter() - began}
    opened.follow()
    time.sleep(SETTLES)
    for i in range(windows):
        before, began = time.process_time(), time.perf_counter()
        time.sleep(seconds)
        numbers[f"share {i}"] = (time.process_time() - before) / (time.perf_counter() - began)
    opened.close()
    return numbers


def _age(directory: Path, files: list[Path] | None) -> None:
    then = time.time() - AGE
    for path in [*directory.rglob("*")] if files is None else files:
        os.utime(path, (then, then))


@contextmanager
def _large() -> Iterator[Path]:
    """A directory of as many gigabytes: the files that do not change are one file on the disk, under many names."""
    (original,) = log_directory(LARGE).rglob("events.*")
    count = max(round(GIGABYTES * 1e9 / original.stat().st_size), 2)
    with tempfile.TemporaryDirectory(dir=CACHE) as place:
        for i in range(count):
            run = Path(place, f"run{i:03d}")
            run.mkdir()
            if i < max(round(count * CHANGING), 1):
                shutil.copy(original, run / original.name)
            else:
                (run / original.name).hardlink_to(original)
        yield Path(place)


@contextmanager
def _growing(files: list[Path]) -> Iterator[None]:
    """Append to files what another file has, a step at a time."""
    shape = Shape(1, 20, 5)
    (source,) = log_directory(shape).rglob("events.*")
    data = source.read_bytes()
    step = data[len(data) // 2 :][: len(data) // shape.steps]
    ended = threading.Event()

    def grow() -> None:
        while not ended.wait(0.2):
            for file in files:
                with file.open("ab") as opened:
                    opened.write(step)

    thread = threading.Thread(target=grow)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
