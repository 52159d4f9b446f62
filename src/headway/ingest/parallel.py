"""Read many event files at once: threads decode, for the decoder lets go of the interpreter; the caller collects."""

from __future__ import annotations

import queue
import threading
from collections.abc import Generator, Sequence
from dataclasses import replace

from headway.ingest.directory import LogDirectory
from headway.ingest.follow import FollowedFile, Reading

AHEAD = 16
"""Scans that may wait for the collector: it bounds memory."""
SMALL = 1 << 20
"""Bytes that are read faster than a thread starts."""

Item = tuple[FollowedFile, Reading]


def read_all(files: Sequence[FollowedFile], directory: LogDirectory) -> Generator[Item, None, None]:
    """Yield everything new of every file, each with a copy of the file's state after it; each file's in order.

    `directory`: theirs.
    """
    is_near = not directory.lists_status  # elsewhere, what there is to read waits for the network, not for a thread
    if sum(file.size - file.state.offset for file in files) < SMALL if is_near else len(files) == 1:
        for file in files:
            for reading in file.read():
                yield file, reading._replace(state=replace(reading.state))
        return
    yield from _read_in_threads(files, directory.readers)


def _read_in_threads(files: Sequence[FollowedFile], readers: int) -> Generator[Item, None, None]:
    waiting: queue.SimpleQueue[FollowedFile | None] = queue.SimpleQueue()
    ready: queue.Queue[Item | BaseException | None] = queue.Queue(AHEAD)
    stop = threading.Event()
    count = min(len(files), readers)
    for file in (*files, *[None] * count):
        waiting.put(file)

    def work() -> None:
        try:
            while (file := waiting.get()) is not None:
                for reading in file.read():
                    ready.put((file, reading._replace(state=replace(reading.state))))
                    if stop.is_set():
                        return
        except BaseException as error:  # handed to the collector
            ready.put(error)
        finally:
            ready.put(None)

    threads = [threading.Thread(target=work, name=f"headway-decode-{i}", daemon=True) for i in range(count)]
    for thread in threads:
        thread.start()
    try:
        running = count
        while running:
            item = ready.get()
            if item is None:
                running -= 1
            elif isinstance(item, BaseException):
                raise item
            else:
                yield item
    finally:
        stop.set()
        while any(thread.is_alive() for thread in threads):
            try:
                ready.get(timeout=0.01)
            except queue.Empty:
                continue
