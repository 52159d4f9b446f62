"""What a training loop pays for values that are expensive to encode, and what importing costs."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from statistics import median
from typing import Any

import numpy as np
from benchmarks import fresh
from benchmarks.figure import Figure

REPEATS = 5
PIXELS = 512
MILLION = 1_000_000
CALLS = 10
"""Of each; what one call left is done before the next: a training loop logs such values now and then."""


def figures() -> Iterator[Figure]:
    """Measure all, headway's and the peers' in turn, each time in a process of its own."""
    for what, ours, theirs, number, note in (
        (
            "add_image",
            headway_image,
            tensorboardx_image,
            "waits",
            f"{PIXELS}×{PIXELS} photo-like, uint8; the caller's thread",
        ),
        (
            "add_histogram",
            headway_histogram,
            tensorboardx_histogram,
            "waits",
            "a million float32; the caller's thread",
        ),
        (
            "add_figure",
            headway_figure,
            tensorboardx_figure,
            "waits",
            "a line chart of matplotlib; the caller's thread",
        ),
        ("add_histogram, CPU", headway_large, tensorboardx_large, "cpu", "10⁷ float32; of the whole process"),
    ):
        pairs = [(fresh.call(ours)[number], fresh.call(theirs)[number]) for _ in range(REPEATS)]
        yield Figure(
            what=what,
            unit="ms",
            values=[pair[0] for pair in pairs],
            peer="tensorboardX",
            peer_values=[pair[1] for pair in pairs],
            times={"add_figure": None, "add_histogram, CPU": 5}.get(what, 10),
            note=note,
        )
    yield Figure(
        what="import headway.SummaryWriter",
        unit="ms",
        values=[_import_time("headway; headway.SummaryWriter") for _ in range(REPEATS)],
        peer="tensorboardX",
        peer_values=[_import_time("tensorboardX") for _ in range(REPEATS)],
        at_most=40,
        note="beyond numpy's import",
    )


def photo() -> Any:
    """Return uint8 [3, 512, 512] that compresses about as a photo does."""
    noise = np.random.default_rng(0).normal(0, 6, (3, PIXELS, PIXELS))
    y, x = np.mgrid[0:PIXELS, 0:PIXELS] / PIXELS
    smooth = np.stack([200 * x * y, 120 + 80 * np.sin(9 * x), 255 * (1 - y)])
    return (smooth + noise).clip(0, 255).astype(np.uint8)


def weights(count: int) -> Any:
    return np.random.default_rng(0).normal(0, 0.02, count).astype(np.float32)


def headway_image() -> fresh.Numbers:
    from headway import SummaryWriter

    image = photo()
    return _cost(SummaryWriter, lambda writer, step: writer.add_image("i", image, step))


def tensorboardx_image() -> fresh.Numbers:
    from tensorboardX import SummaryWriter

    image = photo()
    return _cost(SummaryWriter, lambda writer, step: writer.add_image("i", image, step))


def headway_histogram() -> fresh.Numbers:
    from headway import SummaryWriter

    values = weights(MILLION)
    return _cost(SummaryWriter, lambda writer, step: writer.add_histogram("h", values, step))


def tensorboardx_histogram() -> fresh.Numbers:
    from tensorboardX import SummaryWriter

    values = weights(MILLION)
    return _cost(SummaryWriter, lambda writer, step: writer.add_histogram("h", values, step))


def headway_large() -> fresh.Numbers:
    from headway import SummaryWriter

    values = weights(10 * MILLION)
    return _cost(SummaryWriter, lambda writer, step: writer.add_histogram("h", values, step), calls=2)


def tensorboardx_large() -> fresh.Numbers:
    from tensorboardX import SummaryWriter

    values = weights(10 * MILLION)
    return _cost(SummaryWriter, lambda writer, step: writer.add_histogram("h", values, step), calls=2)


def headway_figure() -> fresh.Numbers:
    from headway import SummaryWriter

    return _cost(SummaryWriter, _add_figure)


def tensorboardx_figure() -> fresh.Numbers:
    from tensorboardX import SummaryWriter

    return _cost(SummaryWriter, _add_figure)


def _add_figure(writer: Any, step: int) -> None:
    writer.add_figure("f", _charts.pop(), step)


_charts: list[Any] = []


def _draw_charts(count: int) -> None:
    import matplotlib

    matplotlib.use("agg")
    import matplotlib.pyplot as plt

    for _ in range(count):
        figure, axes = plt.subplots()
        axes.plot(np.arange(200) ** 0.5)
        axes.set_title("loss")
        _charts.append(figure)


def _cost(begin: Callable[[str], Any], log: Callable[[Any, int], None], calls: int = CALLS) -> fresh.Numbers:
    """Log once to warm up, then `calls` times; the median wait and the CPU of each, in milliseconds."""
    if log is _add_figure:
        _draw_charts(calls + 1)
    with tempfile.TemporaryDirectory() as logdir:
        writer = begin(logdir)
        log(writer, 0)
        writer.flush()
        waits = []
        cpu = time.process_time()
        for step in range(1, calls + 1):
            began = time.perf_counter()
            log(writer, step)
            waits.append(time.perf_counter() - began)
            writer.flush()
        writer.close()
        return {"waits": 1e3 * median(waits), "cpu": 1e3 * (time.process_time() - cpu) / calls}


def _import_time(module: str) -> float:
    code = f"import numpy, time; began = time.perf_counter(); import {module}; print(time.perf_counter() - began)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return 1e3 * float(run.stdout)
