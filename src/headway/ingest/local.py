"""A log directory on this machine, or on a file system that it has mounted."""

from __future__ import annotations

import errno
import os
import stat
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import FileIO
from pathlib import Path

from headway.errors import HeadwayError
from headway.ingest.directory import Found, OpenFile, Status
from headway.ingest.discover import Tree
from headway.store.place import readable

READERS = 8
"""At most; decoding them keeps as many cores busy."""


class LocalDirectory:
    """See `headway.ingest.directory.LogDirectory`.

    Raises:
        HeadwayError: `path` is a file.

    """

    lists_status = False

    def __init__(self, path: Path) -> None:
        if os.path.isfile(path):  # noqa: PTH113 - pathlib's raises where a parent may not be entered
            raise HeadwayError(f"{path} is a file; a log directory is wanted (the directory it lies in?)")
        self.path = path
        self.name = readable(str(path.absolute()))
        self.readers = min(os.cpu_count() or 1, READERS)
        self._tree = Tree(str(path))

    def is_there(self) -> bool:  # noqa: D102
        return os.path.isdir(self.path)  # noqa: PTH112

    def find(self, *, thorough: bool) -> Found:  # noqa: D102
        return self._tree.look(thorough=thorough)

    def pause(self) -> float:  # noqa: D102
        return max(self._tree.soonest() - time.monotonic(), 0.0)

    def place(self, path: str) -> str:  # noqa: D102
        return str(self.path / path)

    def status(self, place: str) -> Status:  # noqa: D102
        return _status(os.stat(place), place)  # noqa: PTH116 - several times as fast as pathlib's

    @contextmanager
    def open(self, place: str) -> Iterator[OpenFile]:  # noqa: D102
        with open(place, "rb", buffering=0, opener=_open) as file:
            yield LocalFile(file, _status(os.fstat(file.fileno()), place))

    def close(self) -> None:
        """Nothing waits."""


class LocalFile:
    """An open file; see `headway.ingest.directory.OpenFile`."""

    def __init__(self, file: FileIO, status: Status) -> None:
        self.status = status
        self._file = file
        self._room = memoryview(b"")

    def read(self, offset: int, length: int) -> memoryview:  # noqa: D102
        if length > len(self._room):  # one buffer for all of the file: fresh memory costs as much as the copy
            self._room = memoryview(bytearray(length))
        self._file.seek(offset)
        return self._room[: self._file.readinto(self._room[:length])]

    def pieces(self, *ranges: tuple[int, int]) -> Sequence[bytes]:  # noqa: D102
        return [bytes(self.read(*one)) for one in ranges]


def _open(place: str, flags: int) -> int:
    """Open without waiting: what was a file may be a pipe by now, and nobody may ever write to that."""
    return os.open(place, flags | getattr(os, "O_NONBLOCK", 0))


def _status(status: os.stat_result, place: str) -> Status:
    if not stat.S_ISREG(status.st_mode):
        raise OSError(errno.EINVAL, "it is no regular file", place)
    return Status(status.st_size, status.st_mtime_ns, status.st_mtime)
