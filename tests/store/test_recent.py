from __future__ import annotations

import tracemalloc

import numpy as np

from headway.store.recent import Recent
from headway.store.stretch import stretch


def test_points_that_come_one_by_one_take_little_memory() -> None:
    recent = Recent()
    tracemalloc.start()
    for i in range(2000):
        step, value = np.array([i], dtype=np.int64), np.array([i], dtype=np.float64)
        recent.add([stretch(np.array([7]), np.array([0, 1]), step, value, value)])
    size = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    (points,) = recent.of(7)
    assert points.steps.tolist() == list(range(2000))
    assert size < 100_000
