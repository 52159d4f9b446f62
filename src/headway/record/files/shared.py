"""An event file that a process and those forked from it write together, so that readers find one file."""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Iterator

from headway.record.files.appender import Appender


class SharedAppender(Appender):
    """An appender whose file goes on in forked processes; whole chunks, one process at a time.

    A chunk that does not fit on the disk is taken back: what another process appended behind half a record would be
    damaged.
    """

    def push(self) -> bool:
        """Write what waits, into a new file if there is none."""
        if self._file < 0:
            self._create()
        if self._rest:
            with self._alone():
                self._write_whole()
        self._written_records += self._chunk_records
        self._drop_chunk()
        return False

    def close(self) -> int:
        """Close the file and return how many records could not be written."""
        lost = self._chunk_records if self._rest else 0
        self._close()
        self.forget()
        return lost

    def forget(self) -> None:
        """Drop what waits, which is the parent's, and keep the file."""
        self._written_records = 0
        self._drop_chunk()

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        fcntl.lockf(self._file, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.lockf(self._file, fcntl.LOCK_UN)

    def _write_whole(self) -> None:
        before = os.fstat(self._file).st_size
        rest = self._rest
        try:
            while rest:
                rest = rest[os.write(self._file, rest) :]
        except OSError:
            os.ftruncate(self._file, before)
            raise
        self._rest = rest
