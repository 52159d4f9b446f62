"""Counters by name that forked processes share."""

from __future__ import annotations

import hashlib
import mmap
import multiprocessing
from struct import Struct

_SLOT = Struct("<QQ")  # hash of the name, count
_SLOTS = 1 << 16
_PATIENCE = 1.0  # seconds; who was killed with the lock in hand must not stop the others, whose steps may then repeat


class SharedCounters:
    """Counts per name; a process that is forked later counts on in the same memory.

    It is an open-addressing hash table in anonymous shared memory. Names are told apart by 64 bits of their hash.
    """

    def __init__(self) -> None:
        self._lock = multiprocessing.RLock()  # a signal handler may count in the middle of counting
        self._table = mmap.mmap(-1, _SLOTS * _SLOT.size)

    def next(self, name: str) -> int:
        """Return how often `name` was asked for before.

        Raises:
            OverflowError: there are more than 65,536 names.

        """
        digest = hashlib.blake2b(name.encode("utf-8", "surrogatepass"), digest_size=8).digest()
        mark = int.from_bytes(digest, "little") or 1  # 0 is a free slot
        is_locked = self._lock.acquire(timeout=_PATIENCE)
        try:
            return self._count(mark, name)
        finally:
            if is_locked:
                self._lock.release()

    def _count(self, mark: int, name: str) -> int:
        for distance in range(_SLOTS):
            at = (mark + distance) % _SLOTS * _SLOT.size
            found, count = _SLOT.unpack_from(self._table, at)
            if found in (0, mark):
                _SLOT.pack_into(self._table, at, mark, count + 1)
                return int(count)
        raise OverflowError(f"no room to count {name!r}: there are {_SLOTS} names already")
