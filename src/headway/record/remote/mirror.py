"""Recording to a remote directory: everything is written to a spool on the local disk, and a thread carries it there.

No network is touched on the caller's thread. What cannot be delivered stays in the spool, is tried again for as long
as the process lives, and after that by the next process that records to any remote directory on this machine.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import threading
import time
import weakref
from collections.abc import Iterable
from pathlib import Path

from headway.record.files import closing
from headway.record.files.termination import on_termination
from headway.record.files.warning import warn
from headway.record.remote.delivery import Delivery
from headway.record.remote.destination import find, is_remote
from headway.record.remote.rhythm import Rhythm
from headway.record.remote.spool import SILENCE, Spool, leftovers

__all__ = ["Mirror", "is_remote"]

PATIENCE = 30.0
"""Seconds that `close`, and the end of a process, wait for the last delivery."""
_SWEEP = SILENCE / 2  # seconds between two looks for what dead processes left


class Mirror:
    """Carries the files below `local` to `url` as they grow, from `start` on until `close`.

    A forked child may write into `local` too, but the mirror stays its parent's: in the child nothing here does
    anything.

    Raises:
        HeadwayImportError: a package is missing; the message says which.
        HeadwayError: nothing is known of such URLs.

    """

    _bell: threading.Condition  # guards everything below; nobody waits for a disk or a network while holding it
    _thread: threading.Thread | None
    _asked: int  # the last ticket of `close`, and the last that was answered
    _answered: int
    _again: bool  # `start` came after the last `close`
    _flushed: bool
    _awake: bool  # there is news for the thread
    _forked: bool  # children may write into the spool
    _foreign: bool  # this is such a child
    _complained: bool

    def __init__(self, url: str | os.PathLike[str]) -> None:
        self.url = os.fspath(url).rstrip("/")
        self._spool = Spool.new(self.url)
        self._delivery = Delivery(self._spool, find(self.url))
        self._begin(foreign=False)
        _mirrors.add(self)
        _deliver_at_exit()
        on_termination(_end_all)

    @property
    def local(self) -> Path:
        """Where to write."""
        return self._spool.files

    def start(self) -> None:
        """Begin to deliver, if it does not so already; also after `close`."""
        with self._bell:
            self._again = True
            if self._foreign or self._thread is not None:
                return
            with contextlib.suppress(OSError):  # the thread tries again
                self._spool.claim()
            self._thread = threading.Thread(target=self._work, name="headway-mirror", daemon=True)
            try:
                self._thread.start()
            except RuntimeError as error:  # no more threads, or the interpreter is ending
                self._thread = None
                self._complain(error)

    def poke(self) -> None:
        """Say that something was flushed: it is delivered sooner, but not as a piece for each flush."""
        with self._bell:
            self._flushed = self._awake = True
            self._bell.notify_all()

    def close(self, patience: float = PATIENCE) -> bool:
        """Deliver everything in the files, which must be closed, and delete them; say whether that was done in time.

        After `patience` seconds it goes on in the background, and a warning says where the files are; with 0 it is
        only asked for.
        """
        end = time.monotonic() + patience
        with self._bell:
            if self._foreign or self._thread is None:
                return True
            self._asked += 1
            self._again = False
            ticket = self._asked
            self._awake = True
            self._bell.notify_all()
            while self._answered < ticket and (left := end - time.monotonic()) > 0:
                self._bell.wait(left)
            done = self._answered >= ticket
        if patience and not done:
            warn(
                f"not everything has reached {self.url} yet; what is missing is kept in {self._spool.place} and is"
                " delivered when that is possible, by this process or by the next that records remotely"
            )
        return done

    # the thread's side

    def _work(self) -> None:
        rhythm = Rhythm(time.monotonic())
        swept = -_SWEEP
        ended = False
        while not ended:
            ticket, flushed = self._rest(rhythm.tick(time.monotonic()))
            closing = ticket > self._answered
            try:
                if not self._spool.claimed:
                    self._spool.claim()
                if time.monotonic() - swept >= _SWEEP:
                    swept = time.monotonic()
                    self._spool.beat()
                    self._finish_leftovers()
                waiting = self._delivery.waiting()
                if not rhythm.is_due(time.monotonic(), waiting, flushed=flushed, closing=closing):
                    continue
                names = self._spool.names()
                delivered = self._delivery.round(everything=closing)
                self._flushed &= not delivered
                rhythm.succeeded(time.monotonic(), delivered)
                if closing:
                    ended = self._end(ticket, names)
            except Exception as error:
                rhythm.failed(time.monotonic())
                self._complain(error)

    def _rest(self, seconds: float) -> tuple[int, bool]:
        """Wait for news; return the last ticket of `close`, and whether something was flushed."""
        with self._bell:
            if not self._awake:
                self._bell.wait(seconds)
            self._awake = False
            return self._asked, self._flushed

    def _end(self, ticket: int, names: Iterable[str]) -> bool:
        """Everything up to `ticket` is delivered, `names` among it: say so, and whether the thread may end."""
        with self._bell:
            stays = self._again or (self._forked and not _ending)
        if not stays:
            self._delivery.close()
            stays = not self._spool.remove(names, shared=self._forked)
        with self._bell:
            ends = not (stays or self._again)
            if ends:
                self._thread = None
            self._answered = self._asked if ends else ticket  # nothing is left, so all who ask have it
            self._bell.notify_all()
            return ends

    def _finish_leftovers(self) -> None:
        """Deliver what dead processes left: this run's before its own, for readers take the files in order."""
        found = list(leftovers())
        for spool in found:
            if spool.url == self.url:
                _finish(spool)
        others = [spool for spool in found if spool.url != self.url]
        if others:
            threading.Thread(target=_finish_all, args=(others,), name="headway-leftovers", daemon=True).start()

    def _complain(self, error: Exception) -> None:
        if not self._complained:
            self._complained = True
            why = f"{type(error).__name__}: {error}"
            warn(f"cannot deliver to {self.url} ({why}); everything is kept in {self._spool.place} while it is tried")

    # the end of the process, and other processes

    def has_work(self) -> bool:
        """Say whether anything may have to be delivered; also what was written after `close` without `start`."""
        return not self._foreign and (self._thread is not None or bool(self._spool.names()))

    def share(self) -> None:
        """A child was forked: it may write into the spool for as long as it likes."""
        self._forked |= self._thread is not None

    def forget(self) -> None:
        """Be a forked child's: all of it is the parent's."""
        self._begin(foreign=True)

    def _begin(self, foreign: bool) -> None:
        self._bell = threading.Condition()
        self._thread = None
        self._asked = self._answered = 0
        self._again = self._flushed = self._awake = self._forked = self._complained = False
        self._foreign = foreign


def _finish(spool: Spool) -> None:
    """Deliver a dead process's spool and delete it, or leave it for the next who comes."""
    try:
        delivery = Delivery(spool, find(spool.url))
        names = spool.names()
        delivery.round(everything=True)
        delivery.close()
        spool.remove(names)
    except Exception:
        pass  # its own process has complained; and so will this one, if it is for the same reason
    finally:
        spool.leave()


def _finish_all(spools: Iterable[Spool]) -> None:
    for spool in spools:
        _finish(spool)


_mirrors: weakref.WeakSet[Mirror] = weakref.WeakSet()
_ending = False
_deadline = 0.0
_registered = False


def _end_all() -> None:
    """Deliver what there is, at the end of the process; the second time, what came since the first."""
    global _ending, _deadline
    if not _ending:
        _deadline = time.monotonic() + PATIENCE
    _ending = True
    closing.close_all()
    mirrors = [mirror for mirror in _mirrors if mirror.has_work()]
    for mirror in mirrors:
        mirror.start()
        mirror.close(0)
    for mirror in mirrors:
        if (left := _deadline - time.monotonic()) > 0:
            mirror.close(left)


def _deliver_at_exit() -> None:
    """See to it that `_end_all` is called, before anything that a client may need is gone.

    At `atexit`, `concurrent.futures` takes no more work, and asyncio resolves host names there. So the first call is
    as early as its own end; functions registered later are called earlier.
    """
    global _registered
    if _registered:
        return
    _registered = True
    import concurrent.futures.thread  # noqa: F401 - registers its own end

    register = getattr(threading, "_register_atexit", None)
    if register is not None:
        with contextlib.suppress(RuntimeError):  # the interpreter is ending already
            register(_end_all)
    atexit.register(_end_all)


def _after_fork_in_parent() -> None:
    for mirror in list(_mirrors):
        mirror.share()


def _after_fork_in_child() -> None:
    for mirror in list(_mirrors):
        mirror.forget()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_parent=_after_fork_in_parent, after_in_child=_after_fork_in_child)
