"""The background file: takes what is logged and hands it to the operating system ten times a second.

The caller's side is an `EventBuffer`; a thread empties it into an `Appender`. The buffer's limit is the gate
between the two: while it is 0 the buffer refuses, and the refused caller comes to `add_again`, which does the
rare things: begin a file, wake the thread, wait for a slow disk. The common way takes no lock. Events that are
expensive to encode make a detour through `Background`.
"""

from __future__ import annotations

import contextlib
import os
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from headway.events.encode import EventBuffer
from headway.record.files import closing
from headway.record.files.appender import appender_in
from headway.record.files.background import Background, Encode
from headway.record.files.losses import Losses
from headway.record.files.signature import Signature, session

MEMORY = 64 << 20
"""Bytes kept while they cannot be written."""
INTERVAL = 0.1
"""Seconds between two writes."""
CHECK = 1.0
"""Seconds between two looks whether the file is still there, and between two tries when writing fails."""
PATIENCE = 1.0
"""Seconds that a caller waits for a disk that is slower than it."""
_IDLE_ROUNDS = 10  # without anything to write, before the thread goes to sleep


class EventFile:
    """Event files in `directory`, one after another: a new one after `close` and in each forked process.

    `buffer` is where to add: when one of its methods returns False, give the call to `add_again`, and when it
    raises, give the exception to `refuse`; `append` does both for an event that is encoded, `defer` for one that
    is expensive to encode. Nothing else raises: what cannot be written is kept in memory, tried again, and in the
    end counted in `lost`.

    `purge_step`: readers drop what earlier files of the directory say about this step and later ones.
    `clean`: see `EventBuffer`.
    `writer`: who writes, said in the first record of a file.
    `begun`: called whenever a file is begun, the first one and those after `close`.
    `farewell`: gives the events that end a file when it is closed.
    `heartbeat`: seconds without anything to write after which a file is told that its writer is there; 0 for never.
    `shared`: forked processes go on with the file of their parent, instead of one of their own.
    `drop`: events that are expensive are dropped when too many of them wait; else the caller waits.
    """

    _bell: threading.Condition  # guards everything below
    _threads: dict[str, threading.Thread]  # the "writer", or none: then nothing waits and no file is open
    _asked: int  # the last ticket of `flush`, and the last that was answered
    _answered: int
    _is_open: bool
    _closing: bool
    _parked: bool  # the thread sleeps until the next event, the gate is closed
    _idle_rounds: int
    _failing: bool  # the last write failed
    _stalled: bool  # a caller has waited in vain
    _looked: float  # when the file was last seen where it should be

    def __init__(
        self,
        directory: str | os.PathLike[str],
        filename_suffix: str = "",
        purge_step: int | None = None,
        *,
        clean: Callable[[str], str] | None = None,
        writer: str = "",
        begun: Callable[[], None] | None = None,
        farewell: Callable[[], Iterable[bytes]] | None = None,
        heartbeat: float = 0.0,
        drop: bool = False,
        shared: bool = False,
    ) -> None:
        self.buffer = EventBuffer(0, clean)
        self._begun = begun
        self._farewell = farewell
        self._directory = os.fspath(directory)
        self._losses = Losses(self._directory)
        self._background = Background(self.append, self._losses.fail, drop=drop)
        self._signature = Signature(writer, purge_step, heartbeat)
        self._appender = appender_in(self._directory, filename_suffix, self._signature.opening, shared=shared)
        self._forget()
        closing.look_after(self)
        with self._bell:
            self._start()
        self.flush()

    def get_logdir(self) -> str:
        """Return the directory as it was given."""
        return self._directory

    @property
    def directory(self) -> Path:
        """Where the files are, as an absolute path."""
        return self._appender.directory

    @property
    def paths(self) -> list[Path]:
        """The files so far, the one that is being written included."""
        return list(self._appender.paths)

    @property
    def path(self) -> Path | None:
        """The file that is being written; None before it could be created, and after `close`."""
        return self._appender.path

    @property
    def lost(self) -> int:
        """How many events could not be kept: no room, no such number, the file vanished."""
        return self._losses.count

    # tensorboardX's and torch's private ways to the file's name, which programs go
    @property
    def _ev_writer(self) -> EventFile:
        return self

    @property
    def _file_name(self) -> str:
        return os.path.join(self._directory, self.paths[-1].name) if self.paths else ""  # noqa: PTH118 - as given

    def add_event(self, event: Any) -> None:
        """Add an Event message of any library, as tensorboardX's and torch's `event_writer` does."""
        self.append(event.SerializeToString())

    @property
    def is_open(self) -> bool:
        """False after `close`, until more is added."""
        return self._is_open

    def append(self, event: bytes) -> None:
        """Add an event that is encoded."""
        if not self.buffer.append(event):
            self.add_again(self.buffer.append, event)

    def defer(self, encode: Encode, nbytes: int, what: str) -> None:
        """Have the event that `encode` returns made in the background and added; none where it returns b"".

        Args:
            encode: what it raises is counted as a loss, and warned of once.
            nbytes: what it keeps alive until it was called.
            what: names the event in that warning.

        """
        if not self._background.submit(encode, nbytes, what):
            self._losses.add()
            self._losses.say(
                "behind", f"encoding for {self._directory} is behind, {what} and maybe others are dropped"
            )

    def rewind(self, step: int) -> None:
        """Say that what was logged for `step` and later is void, and will be done anew."""
        self._background.drain()
        for event in session(step):
            self.append(event)

    def add_again(self, add: Callable[..., bool], *arguments: Any) -> None:
        """Do `add(*arguments)`, which the buffer refused, once there is room; if there is none, count it."""
        deadline = time.monotonic() + PATIENCE
        while not (closing.is_over() and self._add_alone(add, arguments)):
            if not self._make_room(deadline):
                break
            if add(*arguments):
                return
        else:
            return
        self._losses.add()
        if not self._failing:
            self._losses.say("slow", f"{self._directory} is too slow for what is logged; events are lost")

    def refuse(self, error: Exception) -> None:
        """Count an event whose numbers could not be had; a TypeError, a mistake in the program, is raised."""
        self._losses.refuse(error)

    def flush(self) -> None:
        """Return when everything that was added before is in the file, or could not be written for now."""
        self._background.drain()
        with self._bell:
            thread = self._threads.get("writer")
            if thread is None:
                return
            self._asked += 1
            ticket = self._asked
            self._bell.notify_all()
            while self._answered < ticket and thread.is_alive():
                self._bell.wait(CHECK)

    def close(self) -> None:
        """Write everything and close the file. Adding more begins a new one."""
        if self._is_on_own_thread() and self._close_elsewhere():
            return
        self._background.close()
        farewell = list(self._farewell()) if self._farewell is not None and self._threads else []
        self._is_open = False
        with self._bell:
            thread = self._threads.get("writer")
            if thread is None:
                return
            self._end_with(farewell)
            if thread is threading.current_thread():
                return
            # Not `join`: a signal handler may be here while what it interrupted holds the bell.
            while self._threads.get("writer") is thread and thread.is_alive():
                self._bell.wait(CHECK)
        if thread.is_alive():
            thread.join()

    # the caller's side

    def _is_on_own_thread(self) -> bool:
        return self._background.is_here() or self._threads.get("writer") is threading.current_thread()

    def _close_elsewhere(self) -> bool:
        """Have it closed from yet another thread: the garbage collector is here, what it interrupted must go on."""
        try:
            threading.Thread(target=self.close, name="headway-closer", daemon=True).start()
        except RuntimeError:  # no more threads
            return False
        return True

    def _end_with(self, farewell: list[bytes]) -> None:
        """Close the gate behind the last events; of several that close it at the same time, the first one's count."""
        if not self._closing:
            self._closing = True
            self.buffer.limit = MEMORY
            self._losses.add(sum(not self.buffer.append(event) for event in farewell))
        self.buffer.limit = 0
        self._bell.notify_all()

    def _make_room(self, deadline: float) -> bool:
        """Do what may make the buffer accept again; False when there is nothing left to do."""
        with self._bell:
            if not self._threads:
                return self._start() or closing.is_over()
            self._bell.notify_all()
            if self._parked and not self._closing:
                self._parked = False
                self._idle_rounds = 0
                self.buffer.limit = MEMORY
                if not self._threads:  # a signal handler has closed it at this very moment
                    self.buffer.limit = 0
                return True
            remaining = deadline - time.monotonic()
            if not self._closing and (self._failing or self._stalled or remaining <= 0):
                self._stalled = True  # no caller waits again until the disk has moved
                return False
            self._bell.wait(max(remaining, 0.0))
            return remaining > 0

    def _add_alone(self, add: Callable[..., bool], arguments: tuple[Any, ...]) -> bool:
        """Do the thread's work where there is none any more: what comes after the end has a file of its own.

        It stays open, for the next event.
        """
        with self._bell:
            if self._threads:
                return False
            self._closing = True
            self.buffer.limit = MEMORY
            try:
                return add(*arguments)
            finally:
                self.buffer.limit = 0
                self._move()
                if self._failing:
                    self._finish()

    def _start(self) -> bool:
        if closing.is_over():
            return False
        self._is_open = True
        if self._begun is not None:
            self._begun()
        self._closing = self._parked = self._failing = self._stalled = False
        self._idle_rounds = 0
        thread = threading.Thread(target=self._work, name="headway-writer", daemon=True)
        # A signal handler that logs may come between any two lines: the gate opens before the thread begins, for
        # its end closes it, and only one of the two gets a thread in here.
        self.buffer.limit = MEMORY
        if self._threads.setdefault("writer", thread) is not thread:
            return True
        try:
            thread.start()
        except RuntimeError as error:  # no more threads, or the interpreter is ending
            self.buffer.limit = 0
            self._losses.add(self.buffer.take()[1])
            self._threads.clear()
            self._losses.say("thread", f"nothing can be written to {self._directory}: {error}")
            return False
        closing.close_all_at_exit()
        return True

    # the thread's side

    def _work(self) -> None:
        while not self._closing:
            asked = self._wait()
            self._idle_rounds = 0 if self._move() else self._idle_rounds + 1
            if self._idle_rounds >= _IDLE_ROUNDS:
                self._park()
            self._answer(asked)
        self._finish()

    def _wait(self) -> int:
        """Sleep until it is time to write; return up to which ticket `flush` was asked for."""
        with self._bell:
            if self._asked == self._answered and not self._closing:
                self._bell.wait(self._rest())
            return self._asked

    def _rest(self) -> float | None:
        """Return how long to sleep; None for till somebody comes."""
        if not self._parked:
            return CHECK if self._failing else INTERVAL
        return self._signature.due_in()

    def _answer(self, ticket: int) -> None:
        with self._bell:
            self._answered = max(self._answered, ticket)
            self._bell.notify_all()

    def _move(self) -> bool:
        """Hand what waits to the operating system; say whether there was anything."""
        try:
            self._look_after_file()
            self._push()  # what an earlier failure left, or a new file's header
            chunk, records = self.buffer.take()
            self._appender.give(chunk or self._signature.sign_of_life(), records)
            self._open_gate()
            self._push()
        except Exception as error:
            self._failing = True
            self._open_gate()
            kept = f"up to {MEMORY >> 20} MiB are kept in memory while this goes on trying"
            self._losses.say("disk", f"cannot write events to {self._directory} ({error}); {kept}")
            return True
        self._failing = self._stalled = False
        if chunk:
            self._signature.moved()
        self._open_gate()
        return bool(chunk)

    def _push(self) -> None:
        while self._appender.push():
            self._stalled = False
            self._open_gate()

    def _open_gate(self) -> None:
        with self._bell:
            if not self._closing and not self._parked:
                self.buffer.limit = max(MEMORY - self._appender.waiting, 0)
                self._bell.notify_all()

    def _park(self) -> None:
        """Sleep until the next event: an idle writer costs nothing."""
        with self._bell:
            self.buffer.limit = 0
            self._parked = not self.buffer.size  # something may have slipped in before the gate closed
            self._open_gate()

    def _look_after_file(self) -> None:
        now = time.monotonic()
        if now - self._looked < CHECK:
            return
        self._looked = now
        file = self.path
        if self._appender.has_vanished():
            lost = self._appender.abandon()
            self._losses.add(lost)
            self._losses.say("vanished", f"{file} vanished; it had {lost} of the events, and a new file is begun")

    def _finish(self) -> None:
        self._looked = -CHECK
        with self._bell:
            self.buffer.limit = 0
            anything = self.buffer.size or self._appender.waiting or self._failing
        if anything:
            self._move()
        else:
            with contextlib.suppress(Exception):
                self._look_after_file()
        with self._bell:
            if self.path is not None:
                self._signature.purge_step = None  # said once: what this writer itself logged must stay
            lost = self._appender.close()
            _, unwritten = self.buffer.take()
        self._losses.add(lost + unwritten)
        self._losses.tell()
        with self._bell:
            self._threads.clear()
            self._answered = self._asked
            self._bell.notify_all()

    # another process

    def _forget(self) -> None:
        """Be as new, with nothing to write: in a forked process all of it is the parent's."""
        lock = threading.RLock()
        self._bell = threading.Condition(lock)
        self._threads = {}
        self._asked = self._answered = 0
        self._closing = self._parked = self._failing = self._stalled = False
        self._idle_rounds = 0
        self._signature.moved()
        self._looked = -CHECK
        self._losses.forget()
        self.buffer.limit = 0
        self.buffer.take()
        self._appender.forget()
        self._background.forget(lock)

    def begin_in_child(self) -> None:
        """Be as new after a fork: what waits is the parent's, and so is the file, unless it is shared."""
        self._signature.purge_step = None
        self._forget()
        self._appender.paths[:] = [] if self.path is None else [self.path]
