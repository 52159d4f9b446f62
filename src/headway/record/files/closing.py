"""The end of a process, and its beginning by a fork: all files that are being written are told."""

from __future__ import annotations

import atexit
import contextlib
import os
import sys
import weakref
from typing import TYPE_CHECKING

from headway.record.files.termination import on_termination

if TYPE_CHECKING:
    from headway.record.files.event_file import EventFile

_files: weakref.WeakSet[EventFile] = weakref.WeakSet()
_exit_process = 0  # the process that has been told to close the files at its end
_is_over = False


def look_after(file: EventFile) -> None:
    """Have `file` begun anew in a process that is forked, and closed by `close_all`."""
    _files.add(file)


def close_all() -> None:
    """Close every file of this process; what is logged after that begins new ones."""
    for file in list(_files):
        with contextlib.suppress(Exception):  # one that fails must not keep the others from being written
            file.close()


def is_over() -> bool:
    """Whether the process is ending and no thread can be begun any more, or none that is waited for."""
    return _is_over or sys.is_finalizing()


def close_all_at_exit() -> None:
    """See to it that SIGTERM finds the files closed, and a worker of multiprocessing, which ends without `atexit`."""
    global _exit_process
    on_termination(close_all)
    if _exit_process == os.getpid():
        return
    _exit_process = os.getpid()
    process = sys.modules.get("multiprocessing.process")
    if process is not None and process.parent_process() is not None:
        from multiprocessing.util import Finalize

        Finalize(None, _end, exitpriority=0)


def _end() -> None:
    global _is_over
    _is_over = True
    close_all()


def _begin_all_in_child() -> None:
    for file in list(_files):
        file.begin_in_child()


atexit.register(_end)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_begin_all_in_child)
