"""A log directory with enough sections and tags to arrange."""

from __future__ import annotations

from pathlib import Path

from events.frames import scalar, write

TAGS = ("train/loss", "train/lr", "train/tokens", "val/accuracy", "val/loss", "epoch")
"""In the order in which the page lists them, but for `epoch`, which comes last."""


def write_two(logdir: Path) -> None:
    """Two runs of six tags, 50 steps each."""
    for at, run in enumerate(("first", "second")):
        frames = [
            scalar(tag, (at + 1) * (number + 1) / (step + 1), step, wall_time=1.7e9 + step)
            for step in range(50)
            for number, tag in enumerate(TAGS)
        ]
        write(logdir / run / "events.out.tfevents.1.host", frames)


def write_deep(logdir: Path, tags: int) -> None:
    """One run of many tags, eight to a layer."""
    frames = [
        scalar(f"layer{number // 8:05}/{number % 8}", number, step, wall_time=1.7e9 + step)
        for step in range(2)
        for number in range(tags)
    ]
    write(logdir / "deep" / "events.out.tfevents.1.host", frames)
