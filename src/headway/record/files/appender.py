"""The end of the way to the disk: one event file that records are appended to, whole and once.

Used by one thread at a time. Nothing here waits, retries or warns by itself: see `event_file`.
"""

from __future__ import annotations

import contextlib
import errno
import itertools
import os
import time
from collections.abc import Callable
from pathlib import Path

from headway.events.framing import FOOTER, HEADER

_MAX_NAMES = 1000
_PIECE = 4 << 20  # bytes in one write: on a slow disk, room for more comes piece by piece
_counter = itertools.count()


class Appender:
    """An event file in `directory`, created at the first write and never shared with another writer.

    `header` gives the records (as bytes) that open a new file. The methods may raise OSError; `push` may then
    be called again and goes on exactly where it stopped.
    """

    def __init__(self, directory: Path, suffix: str, header: Callable[[], bytes]) -> None:
        self.directory = directory
        self.path: Path | None = None
        self.paths: list[Path] = []  # of all files so far
        self._suffix = suffix
        self._header = header
        self._file = -1
        self._written_records = 0
        self._chunk = b""
        self._chunk_records = 0
        self._writing = b""  # the chunk, after the header where the file is new
        self._rest = memoryview(b"")

    @property
    def waiting(self) -> int:
        """Bytes given and not written yet."""
        return len(self._rest)

    def give(self, chunk: bytes, records: int) -> None:
        """Take over `chunk`, whole records; only when nothing waits."""
        assert not self._rest
        self._chunk, self._chunk_records = chunk, records
        self._begin(chunk)

    def push(self) -> bool:
        """Write a piece of what waits, into a new file if there is none; say whether more waits."""
        if self._file < 0:
            self._create()
        if self._rest:
            self._rest = self._rest[os.write(self._file, self._rest[:_PIECE]) :]
        if self._rest:
            return True
        self._written_records += self._chunk_records
        self._drop_chunk()
        return False

    def has_vanished(self) -> bool:
        """Say whether the file is no longer where it was created: it was deleted, moved or replaced."""
        if self._file < 0 or self.path is None:
            return False
        try:
            mine, there = os.fstat(self._file), self.path.stat()
        except OSError as error:  # any other: it cannot be known
            return error.errno in (errno.ENOENT, errno.ENOTDIR, errno.ESTALE)
        return (mine.st_dev, mine.st_ino) != (there.st_dev, there.st_ino)

    def abandon(self) -> int:
        """Let go of a file that has vanished; return how many records went with it. What waits is kept."""
        self._close()
        self._begin(self._chunk)
        lost, self._written_records = self._written_records, 0
        return lost

    def close(self) -> int:
        """Close the file and return how many records could not be written; a torn last record is cut off."""
        lost = 0
        if self._rest:
            done = len(self._writing) - len(self._rest)
            ends = _ends(self._writing)
            whole = max(end for end in (0, *ends) if end <= done)
            lost = min(sum(end > done for end in ends), self._chunk_records)
            if self._file >= 0:
                with contextlib.suppress(OSError):
                    os.ftruncate(self._file, os.lseek(self._file, 0, os.SEEK_CUR) - (done - whole))
        self.forget()
        return lost

    def forget(self) -> None:
        """Close the file and drop what waits: after a fork it is the parent's."""
        self._close()
        self._written_records = 0
        self._drop_chunk()

    def _begin(self, data: bytes) -> None:
        self._writing = data
        self._rest = memoryview(data)

    def _drop_chunk(self) -> None:
        self._chunk, self._chunk_records = b"", 0
        self._begin(b"")

    def _create(self) -> None:
        self.directory.mkdir(parents=True, exist_ok=True)
        stem = f"events.out.tfevents.{int(time.time()):010d}.{host_name()}.{os.getpid()}"
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
        for counter in itertools.islice(_counter, _MAX_NAMES):
            # The counter has a fixed width: readers take the files of a directory in the order of names.
            path = self.directory / f"{stem}.{counter:04d}{self._suffix}"
            try:
                self._file = os.open(path, flags, 0o666)
            except FileExistsError:  # another container with this host name and pid, on a shared file system
                continue
            self.path = path
            self.paths.append(path)
            self._begin(self._header() + self._chunk)
            return
        raise FileExistsError(f"{_MAX_NAMES} event files called {stem}.* exist already")

    def _close(self) -> None:
        if self._file >= 0:
            with contextlib.suppress(OSError):
                os.close(self._file)
        self._file = -1
        self.path = None


def appender_in(directory: str, suffix: str, header: Callable[[], bytes], *, shared: bool) -> Appender:
    """Return an appender of files in `directory`; with `shared`, forked processes go on with its file.

    The path is made absolute, for the process may go elsewhere before a file is begun anew.
    """
    try:
        path = Path(directory).absolute()
    except OSError:  # the current directory was deleted: writing will say so
        path = Path(directory)
    if shared and hasattr(os, "fork"):
        from headway.record.files.shared import SharedAppender

        return SharedAppender(path, suffix, header)
    return Appender(path, suffix, header)


def host_name() -> str:
    """Return what `socket.gethostname` does; importing that takes a tenth of all that recording imports."""
    return os.uname().nodename if hasattr(os, "uname") else os.environ.get("COMPUTERNAME", "localhost")


def _ends(records: bytes) -> list[int]:
    """Return where each of the `records` ends."""
    ends, end = [], 0
    while end < len(records):
        end += HEADER + int.from_bytes(records[end : end + 8], "little") + FOOTER
        ends.append(end)
    return ends
