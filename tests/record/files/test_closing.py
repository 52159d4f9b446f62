"""A file that is closed in odd places: by several, by the garbage collector, in a signal handler, too late."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from headway.events.messages import scalar_value, summary_event
from headway.record.files import closing
from headway.record.files.event_file import EventFile
from record.drive import log, wait_for
from record.observe import files, points


def event(step: int) -> bytes:
    return summary_event([scalar_value("t", step)], 1.0, step)


def test_several_that_close_it_at_once_say_farewell_once(tmp_path: Path) -> None:
    together = threading.Barrier(3)

    def farewell() -> list[bytes]:
        together.wait(10)
        return [event(9)]

    file = EventFile(tmp_path, farewell=farewell)
    log(file, 1)
    threads = [threading.Thread(target=file.close) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert points(tmp_path) == [("t", 1, 1), ("t", 9, 9)]
    assert len(files(tmp_path)) == 1


def test_the_garbage_collector_closes_it_from_its_own_thread(begin: Callable[..., EventFile], tmp_path: Path) -> None:
    file = begin(tmp_path)

    def collected() -> bytes:
        file.close()
        return event(0)

    file.defer(collected, 1, "event")
    for step in range(1, 5):
        file.defer(lambda step=step: event(step), 1, "event")  # type: ignore[misc]
    wait_for(lambda: not file._threads)
    assert [step for _, step, _ in points(tmp_path)] == [0, 1, 2, 3, 4]
    assert len(files(tmp_path)) == 1


def test_flush_in_a_signal_handler_that_interrupts_who_has_the_lock(
    begin: Callable[..., EventFile], tmp_path: Path
) -> None:
    file = begin(tmp_path)

    def interrupted() -> None:
        with file._bell:
            file._parked, file.buffer.limit = True, 0  # so that the event must wait for the lock
            file.defer(lambda: event(1), 1, "event")
            file.flush()

    thread = threading.Thread(target=interrupted, daemon=True)
    thread.start()
    thread.join(10)
    assert not thread.is_alive()
    assert points(tmp_path) == [("t", 1, 1)]


def test_what_comes_after_the_end_shares_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = EventFile(tmp_path)
    log(file, 0)
    file.close()
    monkeypatch.setattr(closing, "_is_over", True)
    log(file, *range(1, 5))
    assert [step for _, step, _ in points(tmp_path)] == [0, 1, 2, 3, 4]
    assert len(files(tmp_path)) == 2
    assert file.lost == 0
    file._appender.close()
