"""How the serving process keeps memory."""

from __future__ import annotations

import ctypes
import sys

_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3  # glibc's malloc.h
KEPT = 256 << 20
"""Bytes of freed memory that may stay with the process."""
LARGEST = 32 << 20
"""Bytes of the largest piece that is kept: glibc takes no more."""


def keep_freed_memory() -> bool:
    """Let the C library keep freed memory for what comes next; whether it will.

    Every chart makes columns of some megabytes anew. When they go back to the system each time, faulting in fresh
    pages takes longer than reading the points. glibc only; elsewhere nothing changes.
    """
    if not sys.platform.startswith("linux"):
        return False
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError):  # another C library
        return False
    return bool(mallopt(_M_MMAP_THRESHOLD, LARGEST)) and bool(mallopt(_M_TRIM_THRESHOLD, KEPT))
