"""The live stream: tells every open page what changed, as server-sent events."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import msgspec

from headway.server.api import Change, Progress, RunChange
from headway.server.overview import problems, progress
from headway.server.served import Served

if TYPE_CHECKING:
    from headway.ingest.catalogue import RunState
    from headway.ingest.index import Index

PACE = 0.08
"""Seconds between two messages to one page, at least. The first of a burst is not held back."""
RATE = 5_000
"""Bytes a second to one page, about: the more runs grow, the longer are messages and the fewer come."""
SLOWEST = 1.0
"""Seconds between two messages, at most."""
HEARTBEAT = 15.0
"""Seconds of silence after which a comment is sent: proxies cut silent connections."""
_CHECK = 0.25
"""Seconds after which the watching thread looks whether it should end."""

_FIELDS = [name for name in RunChange.__struct_fields__ if name != "id"]

EVERYTHING = -1
"""Before every revision."""


class Changes:
    """Wakes the streams of all pages when the index changes: one thread, however many pages are open."""

    def __init__(self, served: Served, *, pace: float = PACE, heartbeat: float = HEARTBEAT) -> None:
        self._served = served
        self._pace = pace
        self._heartbeat = heartbeat
        self._closing = threading.Event()
        self._woken = asyncio.Event()
        self._marks = served.marks.revision
        """The revision of what people said, as last looked: that is a look at files."""

    @asynccontextmanager
    async def watching(self) -> AsyncIterator[None]:
        """While this lasts, streams are woken; at its end they end."""
        loop = asyncio.get_running_loop()
        watcher = threading.Thread(target=self._watch, args=[loop], name="headway-changes")
        watcher.start()
        try:
            yield
        finally:
            self.close()
            await asyncio.to_thread(watcher.join)

    def close(self) -> None:
        """End all streams, now and from now on. Called on the event loop's thread."""
        self._closing.set()
        self._wake()

    def _watch(self, loop: asyncio.AbstractEventLoop) -> None:
        index, marks = self._served.index, self._served.marks
        revision = index.revision
        while not self._closing.is_set():
            now, said = index.wait(revision, _CHECK), marks.revision
            if (now, said) != (revision, self._marks):
                revision, self._marks = now, said
                loop.call_soon_threadsafe(self._wake)

    def _wake(self) -> None:
        self._woken.set()
        self._woken = asyncio.Event()

    async def stream(self) -> AsyncGenerator[bytes]:
        """Server-sent events: a first one that names the server, then a `Change` whenever there is one."""
        told = Told(self._served.index)
        while not self._closing.is_set():
            woken = self._woken  # taken before looking, so that no change falls in between
            if (self._served.index.revision, self._marks) != (told.revision, told.marks):
                message = b"data: " + msgspec.json.encode(told.change(self._marks)) + b"\n\n"
                yield message
                await asyncio.sleep(min(max(self._pace, len(message) / RATE), SLOWEST))
                continue
            try:
                async with asyncio.timeout(self._heartbeat):
                    await woken.wait()
            except TimeoutError:
                yield b":\n\n"


class Told:
    """What one page has been told of an index."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self.revision = self.marks = EVERYTHING
        self._runs: dict[int, RunState] = {}
        self._progress: Progress | None = None

    def change(self, marks: int) -> Change:
        """Return what is new, which counts as told; what comes meanwhile is told again next time.

        `marks`: the revision of what people said of runs.
        """
        index, seen = self._index, self.revision
        revision = index.revision
        runs = [run for run in index.runs() if run.revision > seen]
        new = Change(
            revision=revision,
            life=index.life if seen == EVERYTHING else None,
            runs=[_news(self._runs[run.id], run) for run in runs if run.id in self._runs],
            outline=index.outline_revision > seen,
            problems=problems(index) if index.problems_revision > seen else None,
        )
        if (now := progress(index)) != self._progress:
            new.progress = self._progress = now
        if marks != self.marks:
            new.marks = self.marks = marks
        self._runs |= {run.id: run for run in runs}
        self.revision = revision
        return new


def _news(before: RunState, run: RunState) -> RunChange:
    fields = [name for name in _FIELDS if getattr(run, name) != getattr(before, name)]
    return RunChange(run.id, **{name: getattr(run, name) for name in fields})
