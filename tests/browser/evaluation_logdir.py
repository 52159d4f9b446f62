"""PR curves and confusion matrices as an evaluation leaves them."""

from __future__ import annotations

from pathlib import Path

import numpy as np

import headway
from headway import SummaryWriter

RUNS = ("old", "new")
STEPS = (0, 100, 200)
LABELS = ("cat", "dog", "cow")


def matrix(run: str, step: int) -> list[list[int]]:
    """Rows of ten samples; more of them are right, later and in the new run."""
    right = 4 + step // 100 + (2 if run == "new" else 0)
    return [[right, 10 - right, 0], [10 - right, right, 0], [0, 3, 7]]


def write(logdir: Path) -> None:
    """Two runs of each."""
    for name in RUNS:
        with headway.init(logdir / name, console=False) as run:
            for step in STEPS:
                run.log({"confusion": headway.ConfusionMatrix(matrix(name, step), LABELS)}, step)
        with SummaryWriter(logdir / name) as writer:
            for step in STEPS:
                scores = np.array([0.9, 0.8, 0.7, 0.6, 0.3, 0.2]) if name == "new" else np.linspace(1, 0, 6)
                labels = np.array([1, 1, 1, 0, 0, 0]) if name == "new" and step > 0 else np.array([1, 0, 1, 0, 1, 0])
                writer.add_pr_curve("pr", labels, scores, step, num_thresholds=11)
