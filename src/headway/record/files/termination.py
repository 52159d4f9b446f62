"""SIGTERM, the signal of preemption and of `kill`: files are completed before the process ends of it.

Only where nobody else handles it. The process still dies of the signal, with the exit status that says so.
"""

from __future__ import annotations

import contextlib
import os
import signal
import threading
from collections.abc import Callable

_callbacks: list[Callable[[], None]] = []
_received: list[int] = []


def on_termination(callback: Callable[[], None]) -> None:
    """Have `callback` called before SIGTERM ends the process; does nothing outside of the main thread."""
    if callback not in _callbacks:
        _callbacks.append(callback)
    if threading.current_thread() is threading.main_thread() and signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:
        with contextlib.suppress(ValueError):  # the main thread of another interpreter than the main one
            signal.signal(signal.SIGTERM, _terminate)


def received() -> str | None:
    """Return the name of the signal of which the process is dying."""
    return signal.Signals(_received[-1]).name if _received else None


def _terminate(number: int, _frame: object) -> None:
    if signal.getsignal(number) is not _terminate:
        return  # a handler that came later passes it on: it decides, as it would without us
    _received.append(number)
    try:
        for callback in _callbacks:
            callback()
    finally:
        signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)
        _received.clear()  # still here: the first process of a container does not die of it
