"""How long it takes until ten million scalars that are there can be read, and what of memory."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from benchmarks import fresh
from benchmarks.event_files import MANY_RUNS, ONE_LONG_RUN, Shape, log_directory, size
from benchmarks.figure import Figure

REPEATS = 5
TIMES = {ONE_LONG_RUN: 3.0, MANY_RUNS: 2.0}


def figures() -> Iterator[Figure]:
    """Measure both log directories. Times are from the start of a process to the last point of every file."""
    for shape, times in TIMES.items():
        directory = log_directory(shape)
        first, again, peer = [], [], []
        for _ in range(REPEATS):
            with tempfile.TemporaryDirectory() as place:
                arguments = (str(directory), f"{place}/index", shape.runs, shape.tag_names()[-1], shape.steps - 1)
                first.append(fresh.call(open_all, *arguments))
                again.append(fresh.call(open_all, *arguments))
            peer.append(_tensorboard(directory, shape))
        megabytes = size(directory) / 1e6
        yield Figure(
            what=f"open {shape.name}",
            unit="s",
            values=[numbers["ended"] - numbers["began"] for numbers in first],
            peer="TensorBoard",
            peer_values=peer,
            times=times,
            note=f"{shape}, {megabytes:,.0f} MB; process start to the last point of every file",
        )
        yield Figure(
            what=f"open {shape.name} again",
            unit="s",
            values=[numbers["opened"] for numbers in again],
            at_most=1,
            note=f"from the index; {median(n['ended'] - n['began'] for n in again):.2g} s with the process's start",
        )
        yield Figure(
            what=f"open {shape.name}, peak memory",
            unit="MB",
            values=[numbers["peak"] / 1e6 for numbers in first],
            at_most=600,
        )
    yield _buckets()


def open_all(logdir: str, index: str, runs: int, tag: str, last_step: int) -> fresh.Numbers:
    began = time.perf_counter()
    import headway

    logs = headway.open(logdir, index=index)
    opened = time.perf_counter() - began
    assert len(logs) == runs
    assert not logs.problems
    assert all(logs[name].scalars(tag).steps[-1] == last_step for name in logs)
    return {"opened": opened, "ended": time.monotonic(), "peak": fresh.peak_memory()}


def _tensorboard(directory: Path, shape: Shape) -> float:
    from benchmarks.servers import TensorBoard  # here: the fresh processes need no HTTP, and their time counts

    with TensorBoard(directory) as server:
        server.until_read(shape.run_names(), shape.tag_names()[-1], shape.steps - 1)
        return time.monotonic() - server.began


def _buckets() -> Figure:
    directory = log_directory(ONE_LONG_RUN)
    with tempfile.TemporaryDirectory() as place:
        fresh.call(reduce_all, str(directory), f"{place}/index")  # builds the index
        repeats = [fresh.call(reduce_all, str(directory), f"{place}/index") for _ in range(REPEATS)]
    again = median(numbers["again"] for numbers in repeats) * 1e3
    return Figure(
        what="1,000 exact buckets",
        unit="ms",
        values=[numbers["first"] * 1e3 for numbers in repeats],
        at_most=15,
        note=f"of {ONE_LONG_RUN.steps:,} points, out of the index; again {again:.2g} ms",
    )


def reduce_all(logdir: str, index: str) -> fresh.Numbers:
    """Reduce each tag's series out of the index, and each at once again; medians.

    In a second round, for in the first DuckDB reads its file; there are more series than headway itself remembers.
    """
    from headway.ingest.index import Index
    from headway.query.chart import chart
    from headway.query.lines import Wanted
    from headway.server.memory import keep_freed_memory

    keep_freed_memory()  # as the server does
    opened = Index(logdir, index)
    opened.refresh()
    (run,) = opened.runs()
    first: list[float] = []
    again: list[float] = []
    tags = opened.run_tags(run.name)
    for round_, tag in [(0, tag) for tag in tags] + [(1, tag) for tag in tags]:
        for times in (first, again) if round_ else ([], []):
            began = time.perf_counter()
            (curve,) = chart(opened, Wanted(tag=tag, runs=[run.id], columns=1_000)).curves
            times.append(time.perf_counter() - began)
            assert len(curve.count) == 1_000
            assert curve.points == ONE_LONG_RUN.steps
    opened.close()
    return {"first": median(first), "again": median(again)}
