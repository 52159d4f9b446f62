"""Runs of a sweep: two optimisers, two learning rates, two seeds; and one run that failed."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import headway

RATES = {1: 1e-4, 2: 1e-3}
"""By what a name says of it."""
STEPS = 20
SWEEP = tuple(f"sweep/{name}-{rate}-{seed}" for name in ("adam", "lion") for rate in RATES for seed in range(2))
FAILED = "failed"


def last_loss(run: str) -> float:
    """What a run's loss is in the end; every run has another one."""
    return 1 + SWEEP.index(run) / 8


def write_sweep(logdir: Path) -> None:
    """Nine runs of two tags."""
    for name in ("adam", "lion"):
        for word, rate in RATES.items():
            for seed in range(2):
                run = f"sweep/{name}-{word}-{seed}"
                config = {"optim": {"name": name, "lr": rate}, "seed": seed, "layers": 12}
                with headway.init(logdir / run, config=config, tags=["sweep"]) as writer:
                    for step in range(STEPS):
                        loss = last_loss(run) + (STEPS - 1 - step) / 4
                        writer.log({"train/loss": loss, "eval/accuracy": 1 / loss}, step=step)
    with suppress(ZeroDivisionError), headway.init(logdir / FAILED) as writer:
        writer.log({"train/loss": 9.0}, step=0)
        1 / 0  # noqa: B018
