"""The background: makes events that are expensive to encode, one after another, on a thread of its own.

What waits is bounded by its bytes. A caller who comes when there is no room waits, or his event is dropped; which
of the two is chosen once. Scalars never come here.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable

from headway.record.files import closing

LIMIT = 256 << 20
"""Bytes that may wait to be encoded. One event may be larger, when nothing else waits."""

Encode = Callable[[], bytes]


def is_dropping(when_behind: str) -> bool:
    """Say whether events are dropped when too many wait.

    Raises:
        ValueError: `when_behind` is neither "wait" nor "drop".

    """
    if when_behind not in ("wait", "drop"):
        raise ValueError(f'when_behind must be "wait" or "drop", not {when_behind!r}')
    return when_behind == "drop"


class Background:
    """Calls `encode` functions and hands what they return to `append`; what they raise to `fail`, with their name.

    The thread is started by the first event, and sleeps while there are none.
    """

    _jobs: deque[tuple[Encode, int, str]]
    _bell: threading.Condition  # guards everything here
    _waiting: int  # bytes of the jobs, the one at work included
    _given: int  # jobs so far, and how many of them are done
    _done: int
    _closing: bool
    _thread: threading.Thread | None

    def __init__(
        self,
        append: Callable[[bytes], None],
        fail: Callable[[BaseException, str], None],
        *,
        drop: bool = False,
    ) -> None:
        self._append = append
        self._fail = fail
        self._drop = drop
        self.forget()

    def submit(self, encode: Encode, nbytes: int, what: str) -> bool:
        """Have `encode` called, which keeps `nbytes` alive till then; False when it is dropped instead.

        Waits for room, unless events are to be dropped.
        """
        with self._bell:
            if self._waiting and self._waiting + nbytes > LIMIT:
                if self._drop:
                    return False
                while self._waiting and self._waiting + nbytes > LIMIT and self._is_at_work():
                    self._bell.wait(1.0)
            self._jobs.append((encode, nbytes, what))
            self._waiting += nbytes
            self._given += 1
            started = self._start()
            self._bell.notify_all()
        if not started:  # no more threads, the process is ending
            self._work_off()
        return True

    def drain(self) -> None:
        """Return when everything that was submitted before is done."""
        with self._bell:
            target = self._given
            while self._done < target and self._is_at_work():
                self._bell.wait(1.0)

    def close(self) -> None:
        """Do everything that was submitted, and end the thread; submitting more starts another."""
        with self._bell:
            thread, self._closing = self._thread, True
            self._bell.notify_all()
            # Not `join`: a signal handler may be here while what it interrupted holds the bell.
            while self._thread is thread and self._is_at_work():
                self._bell.wait(1.0)

    def is_here(self) -> bool:
        """Whether the caller is its thread."""
        return self._thread is threading.current_thread()

    def forget(self, lock: threading.RLock | None = None) -> None:
        """Be as new: in a forked process the jobs are the parent's.

        `lock` is the one that `append` takes. A signal handler that waits here may have interrupted who holds that;
        only with one for both does waiting set it free.
        """
        self._jobs = deque()
        self._bell = threading.Condition(lock)
        self._waiting = self._given = self._done = 0
        self._closing = False
        self._thread = None

    def _is_at_work(self) -> bool:
        thread = self._thread
        return thread is not None and thread.is_alive() and thread is not threading.current_thread()

    def _is_begun(self) -> bool:
        thread = self._thread
        return thread is not None and (thread.is_alive() or thread.ident is None)  # None: just about to

    def _start(self) -> bool:
        if self._is_begun():
            return True
        if closing.is_over():
            return False
        thread = threading.Thread(target=self._work, name="headway-background", daemon=True)
        if self._is_begun():  # by a signal handler that came in between
            return True
        self._thread, self._closing = thread, False
        try:
            thread.start()
        except RuntimeError:
            self._thread = None
            return False
        return True

    def _work(self) -> None:
        while True:
            with self._bell:
                while not self._jobs and not self._closing:
                    self._bell.wait()
                if not self._jobs:
                    self._thread = None
                    self._bell.notify_all()
                    return
            self._work_off()

    def _work_off(self) -> None:
        while True:
            with self._bell:
                if not self._jobs:
                    return
                encode, nbytes, what = self._jobs.popleft()
            try:
                event = encode()
                if event:
                    self._append(event)
            except BaseException as error:  # SystemExit, a panic of Rust: the thread goes on all the same
                self._fail(error, what)
                if isinstance(error, KeyboardInterrupt):
                    raise
            finally:
                del encode  # with what it keeps alive
                with self._bell:
                    self._waiting -= nbytes
                    self._done += 1
                    self._bell.notify_all()
