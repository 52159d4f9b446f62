"""What a training loop pays to record a scalar: the time its own thread waits, and the CPU of the whole process."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator

from benchmarks import fresh
from benchmarks.figure import Figure

REPEATS = 7
TAGS = 20
"""Scalars a step, each with a tag of its own."""


def figures() -> Iterator[Figure]:
    """Measure all, in turn, each time in a process of its own."""
    measured: dict[Callable[..., fresh.Numbers], list[fresh.Numbers]] = {}
    for _ in range(REPEATS):
        for function in (headway_add_scalar, headway_log, torch_add_scalar, tensorboardx_add_scalar):
            measured.setdefault(function, []).append(fresh.call(function))

    def all_of(function: Callable[..., fresh.Numbers], number: str) -> list[float]:
        return [numbers[number] for numbers in measured[function]]

    torch_waits = all_of(torch_add_scalar, "waits")
    yield Figure(
        what="add_scalar",
        unit="µs",
        values=all_of(headway_add_scalar, "waits"),
        peer="torch",
        peer_values=torch_waits,
        times=60,
        note="time of the caller's thread",
    )
    yield Figure(
        what="add_scalar",
        unit="µs",
        values=all_of(headway_add_scalar, "waits"),
        peer="tensorboardX",
        peer_values=all_of(tensorboardx_add_scalar, "waits"),
        times=100,
        note="time of the caller's thread",
    )
    yield Figure(
        what="add_scalar, CPU",
        unit="µs",
        values=all_of(headway_add_scalar, "cpu"),
        peer="torch",
        peer_values=all_of(torch_add_scalar, "cpu"),
        times=40,
        note="of the whole process, until closed",
    )
    yield Figure(
        what=f"run.log of {TAGS}, each",
        unit="µs",
        values=all_of(headway_log, "waits"),
        peer="torch",
        peer_values=torch_waits,
        times=170,
        at_most=0.15,
        note="a value; torch: its add_scalar",
    )


def headway_add_scalar() -> fresh.Numbers:
    from headway import SummaryWriter

    with tempfile.TemporaryDirectory() as logdir:
        return _add_scalars(SummaryWriter(logdir), 20_000)


def torch_add_scalar() -> fresh.Numbers:
    from torch.utils.tensorboard import SummaryWriter

    with tempfile.TemporaryDirectory() as logdir:
        return _add_scalars(SummaryWriter(logdir), 1_000)


def tensorboardx_add_scalar() -> fresh.Numbers:
    from tensorboardX import SummaryWriter

    with tempfile.TemporaryDirectory() as logdir:
        return _add_scalars(SummaryWriter(logdir), 1_000)


def headway_log() -> fresh.Numbers:
    import headway

    values = {tag: 0.5 + number for number, tag in enumerate(_tags())}
    with tempfile.TemporaryDirectory() as logdir:
        run = headway.init(logdir)

        def log(steps: range) -> None:
            for step in steps:
                run.log(values, step=step)

        return _cost(log, run.close, 20_000)


def _add_scalars(writer: object, steps: int) -> fresh.Numbers:
    add_scalar: Callable[[str, float, int], None] = writer.add_scalar  # type: ignore[attr-defined]
    close: Callable[[], None] = writer.close  # type: ignore[attr-defined]
    tags = _tags()

    def log(steps: range) -> None:
        for step in steps:
            for tag in tags:
                add_scalar(tag, 0.5, step)

    return _cost(log, close, steps)


def _cost(log: Callable[[range], None], close: Callable[[], None], steps: int) -> fresh.Numbers:
    """Log `steps` steps, and a tenth as many before to warm up; microseconds a scalar."""
    warm = steps // 10
    log(range(warm))
    points = steps * TAGS
    cpu, began = time.process_time(), time.perf_counter()
    log(range(warm, warm + steps))
    waited = time.perf_counter() - began
    close()
    return {"waits": waited / points * 1e6, "cpu": (time.process_time() - cpu) / points * 1e6}


def _tags() -> list[str]:
    return [f"layer{number:02d}/update_ratio" for number in range(TAGS)]
