from __future__ import annotations

import multiprocessing
import os
import signal

import pytest

from headway.record import counters
from headway.record.counters import SharedCounters


def test_each_name_counts_from_zero() -> None:
    steps = SharedCounters()
    assert [steps.next(name) for name in ("a", "b", "a", "a", "b", "\udc80")] == [0, 0, 1, 2, 1, 0]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork")
def test_forked_processes_count_together() -> None:
    steps = SharedCounters()
    steps.next("a")
    fork = multiprocessing.get_context("fork")
    workers = [fork.Process(target=lambda: [steps.next("a") for _ in range(500)]) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert steps.next("a") == 2001


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork")
def test_a_process_that_was_killed_while_counting_stops_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counters, "_PATIENCE", 0.1)
    steps = SharedCounters()
    child = os.fork()
    if child == 0:
        steps._lock.acquire()
        os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(child, 0)
    assert [steps.next("a"), steps.next("a")] == [0, 1]


def test_a_signal_handler_may_count() -> None:
    steps = SharedCounters()
    with steps._lock:
        assert steps.next("a") == 0


def test_a_full_table_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counters, "_SLOTS", 4)
    steps = SharedCounters()
    assert [steps.next(name) for name in "abcd"] == [0, 0, 0, 0]
    with pytest.raises(OverflowError, match="'e'"):
        steps.next("e")
    assert steps.next("d") == 1
