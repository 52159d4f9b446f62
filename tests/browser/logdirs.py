"""Log directories as real writers leave them, with values that a test can work out again."""

from __future__ import annotations

import math
from pathlib import Path

from tensorboard.compat.proto.event_pb2 import Event
from tensorboard.compat.proto.summary_pb2 import Summary
from tensorboard.summary.writer.event_file_writer import EventFileWriter
from tensorboardX import SummaryWriter as XWriter
from torch.utils.tensorboard import SummaryWriter as TorchWriter

from events.frames import scalar, write
from headway import SummaryWriter

STEPS = 200
RUNS = ("baseline", "exp/high-lr", "exp/low-lr", "protos")
"""In the order in which the page lists them."""

TAGS = ("train/loss", "train/lr", "eval/accuracy", "epoch")
"""Likewise."""

LONG = 200_000
SPIKE, HOLE = 123_457, 60_001

MANY = 500


def value(run: str, tag: str, step: int) -> float:
    """Six digits at most, which float32 keeps: the page writes exactly this."""
    height = 1 + RUNS.index(run)
    wobble = math.sin(7.3 * step + height)
    match tag:
        case "train/loss":
            return round(height * (0.2 + math.exp(-step / 60)) + 0.1 * wobble, 5)
        case "train/lr":
            return round(height * (1 - step / STEPS), 5)
        case "eval/accuracy":
            return round(1 - math.exp(-step / (20 * height)), 5)
        case _:
            return step // 20


def write_training(logdir: Path) -> None:
    """Four runs, each by another writer."""
    for run, writer in (
        ("baseline", XWriter(str(logdir / "baseline"))),
        ("exp/high-lr", TorchWriter(str(logdir / "exp" / "high-lr"))),
        ("exp/low-lr", SummaryWriter(str(logdir / "exp" / "low-lr"))),
    ):
        with writer:
            for step in range(STEPS):
                for tag in TAGS:
                    writer.add_scalar(tag, value(run, tag, step), step)
    protos = EventFileWriter(str(logdir / "protos"))
    for step in range(STEPS):
        values = [Summary.Value(tag=tag, simple_value=value("protos", tag, step)) for tag in TAGS]
        protos.add_event(Event(wall_time=1.7e9 + step, step=step, summary=Summary(value=values)))
    protos.close()


def long_value(step: int) -> float:
    """A slow fall from 2 towards 1, but for one spike and one NaN."""
    return {SPIKE: 50.0, HOLE: math.nan}.get(step, 1 + math.exp(-step / 50_000) + 0.01 * math.sin(step))


def write_long(logdir: Path) -> None:
    """One run of 200,000 points."""
    with SummaryWriter(str(logdir / "long")) as writer:
        for step in range(LONG):
            writer.add_scalar("loss", long_value(step), step)


def write_many(logdir: Path) -> None:
    """500 runs of five tags."""
    for run in range(MANY):
        frames = [
            scalar(f"metrics/{tag}", run / MANY + tag + step / 10, step, wall_time=1.7e9 + step)
            for step in range(10)
            for tag in range(5)
        ]
        write(logdir / f"sweep/run-{run:03}" / "events.out.tfevents.1.host", frames)
