"""The live stream: tells every open page what changed, as server-sent events."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import msgspec

from headway.server.api import Change
from headway.server.overview import problems, progress, run_info

if TYPE_CHECKING:
    from headway.ingest.index import Index

PACE = 0.08
"""Seconds between two messages to one page, at least. The first of a burst is not held back."""
HEARTBEAT = 15.0
"""Seconds of silence after which a comment is sent: proxies cut silent connections."""
_CHECK = 0.25
"""Seconds after which the watching thread looks whether it should end."""

EVERYTHING = -1
"""Before every revision."""


class Changes:
    """Wakes the streams of all pages when the index changes: one thread, however many pages are open."""

    def __init__(self, index: Index, *, pace: float = PACE, heartbeat: float = HEARTBEAT) -> None:
        self._index = index
        self._pace = pace
        self._heartbeat = heartbeat
        self._closing = threading.Event()
        self._woken = asyncio.Event()

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
        revision = self._index.revision
        while not self._closing.is_set():
            current = self._index.wait(revision, _CHECK)
            if current != revision:
                revision = current
                loop.call_soon_threadsafe(self._wake)

    def _wake(self) -> None:
        self._woken.set()
        self._woken = asyncio.Event()

    async def stream(self) -> AsyncGenerator[bytes]:
        """Server-sent events: everything first, then a `Change` whenever there is one."""
        seen = EVERYTHING
        while not self._closing.is_set():
            woken = self._woken  # taken before looking, so that no change falls in between
            if self._index.revision != seen:
                change = change_since(self._index, seen)
                seen = change.revision
                yield b"data: " + msgspec.json.encode(change) + b"\n\n"
                await asyncio.sleep(self._pace)
                continue
            try:
                async with asyncio.timeout(self._heartbeat):
                    await woken.wait()
            except TimeoutError:
                yield b":\n\n"


def change_since(index: Index, seen: int) -> Change:
    """Collect what changed after the revision `seen`; what comes meanwhile is told again next time."""
    revision = index.revision
    return Change(
        life=index.life,
        revision=revision,
        runs=[run_info(run) for run in index.runs() if run.revision > seen],
        outline=index.outline_revision > seen,
        progress=progress(index),
        problems=problems(index) if index.problems_revision > seen else None,
    )
