from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import headway
from headway.demo.worker import Worker, workers


def wait_for(condition: Callable[[], bool], seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it took too long"
        time.sleep(0.02)


def gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def test_runs_of_one_worker_advance_together_to_their_end(tmp_path: Path) -> None:
    with workers(tmp_path, 4, ["1e-3", "3e-3", "1e-2"]) as training:
        wait_for(lambda: not any(worker.running for worker in training))
        progress = {run: last for worker in training for run, last in worker.progress.items()}
        assert [worker.failure for worker in training] == [None] * len(training)
    assert {run: last.step for run, last in progress.items()} == {"lr-1e-3": 4, "lr-3e-3": 4, "lr-1e-2": 4}
    logs = headway.open(tmp_path, index=":memory:")
    assert sorted(logs.runs) == ["lr-1e-2", "lr-1e-3", "lr-3e-3"]
    for name in logs.runs:
        assert logs[name].scalars("train/loss").steps.tolist() == [1, 2, 3, 4]
        assert logs[name].scalars("val/loss").steps.tolist() == [0, 4]


def test_stopping_ends_the_processes_and_keeps_what_was_logged(tmp_path: Path) -> None:
    with workers(tmp_path, 100_000, ["1e-3", "3e-3"]) as training:
        wait_for(lambda: all(any(p.step >= 3 for p in worker.progress.values()) for worker in training))
        pids = [worker.pid for worker in training]
        seen = {run: last.step for worker in training for run, last in worker.progress.items()}
    assert all(map(gone, pids))
    logs = headway.open(tmp_path, index=":memory:")
    for run, step in seen.items():
        assert logs[run].scalars("train/loss").steps[-1] >= step


def test_a_worker_that_is_killed_says_so(tmp_path: Path) -> None:
    with workers(tmp_path, 100_000, ["1e-3"]) as (worker,):
        wait_for(lambda: bool(worker.progress))
        assert worker.failure is None
        os.kill(worker.pid, signal.SIGKILL)
        wait_for(lambda: not worker.running)
        assert worker.failure == f"the training process {worker.pid} was ended by signal 9"


def test_a_worker_that_fails_gives_its_reason(tmp_path: Path) -> None:
    worker = Worker(tmp_path, 10, ["fast"])
    wait_for(lambda: not worker.running)
    worker.stop()
    assert worker.failure is not None
    assert "ended with status 1" in worker.failure
    assert "could not convert string to float: 'fast'" in worker.failure
