"""A log directory of runs that charts draw in every way."""

from __future__ import annotations

from pathlib import Path

import headway
from events.frames import scalar, session_start
from events.frames import write as write_frames

LOSS = "loss"
STEPS = 400
GROUPS = {"a": "0.1", "b": "0.01"}
"""The first letter of a run's name → its learning rate."""
RANKS = 2
RESUMED = 100
BRANCH = 150
"""A step of the run `resumed` that was replaced: it went on from `RESUMED`."""


def loss(run: str, step: int) -> float:
    """What the run logs: a decay with some noise, another one for each run."""
    noise = ((step * 7919 + sum(map(ord, run)) * 104729) % 1000) / 1000
    return 10 / (1 + step / 20) + 0.3 * noise + int(run[1:] if run[1:].isdigit() else 0) * 0.5 + 1


def write(logdir: Path) -> None:
    """Six runs of two settings, one of two ranks, and one that was resumed."""
    for group, rate in GROUPS.items():
        for seed in range(3):
            name = f"{group}{seed}"
            with headway.init(logdir / name, config={"lr": float(rate), "seed": seed}) as run:
                for step in range(STEPS):
                    drift = (-1) ** step * 10.0 ** (step % 6 - 2)
                    run.log({LOSS: loss(name, step), "tokens": 1000.0 * step, "drift": drift}, step=step)
    for rank in range(RANKS):
        frames = [scalar(LOSS, loss(f"r{rank}", step), step, 1.0 + step) for step in range(STEPS)]
        write_frames(logdir / "ranks" / f"events.out.tfevents.100.host.1.{rank}.rank{rank}", frames)
    first = [scalar(LOSS, loss("x", step), step, 1.0 + step) for step in range(200)]
    later = [scalar(LOSS, loss("y", step), step, 1000.0 + step) for step in range(RESUMED, STEPS)]
    write_frames(logdir / "resumed" / "events.out.tfevents.1", first)
    write_frames(logdir / "resumed" / "events.out.tfevents.2", [session_start(RESUMED, 1000.0), *later])
