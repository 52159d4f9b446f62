"""An append-only journal of JSON lines that several processes write at once; each line is one edit.

An edit says when, of what, which field, and its value; the last line of a field counts. Lines that are torn or are
something else are passed over and counted, and survive.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import stat
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Literal, NamedTuple

from headway.errors import HeadwayError

COMPACT_ABOVE = 4 << 20
"""Bytes. Whenever a journal has grown by so much, it is written anew if most of it is superseded."""
LONGEST_LINE = 1 << 20
_REMEMBERED = 256  # bytes
_PATIENCE = 5.0
"""Seconds to wait for another process that is writing."""

Of = Literal["run", "view"]
Key = tuple[Of, str, str]
"""What an edit is of: a run or a view, its name, and the field."""


class Edit(NamedTuple):
    """One line of the journal."""

    time: float
    """Seconds since 1970."""
    of: Of
    name: str
    field: str
    value: Any

    @property
    def key(self) -> Key:
        """What it is of."""
        return self.of, self.name, self.field

    def line(self) -> bytes:
        """Return it as it stands in the journal."""
        said = {"time": self.time, self.of: self.name, "field": self.field, "value": self.value}
        return json.dumps(said, ensure_ascii=False, allow_nan=False).encode() + b"\n"


class Journal:
    """What the journal at `path` says, read on as it grows. Not thread-safe."""

    def __init__(self, path: Path, holds: Callable[[Edit], bool] = lambda _: True) -> None:
        self.path = path
        self._holds = holds  # what it does not hold is no edit
        self.last: dict[Key, Edit] = {}
        """The edits that count."""
        self.skipped = 0
        """Lines that are no edits."""
        self._seen: tuple[int, int, int, int] | None = None
        self._offset = 0
        self._end = b""
        """The last bytes before the offset: when they differ, somebody has edited what was read."""
        self._torn = 0

    def refresh(self) -> bool:
        """Read what is new; whether there was anything. A journal that cannot be read says nothing."""
        try:
            with _opened(self.path, os.O_RDONLY) as file:
                status = os.fstat(file)
                signature = (status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns)
                if signature == self._seen:
                    return False
                if self._seen is None or signature[:2] != self._seen[:2] or self._end_of(file) != self._end:
                    self._forget()
                self._seen = signature
                self._read(file)
        except OSError:
            if self._seen is None:
                return False
            self._forget()
            self._seen = None
        return True

    def append(self, edits: Sequence[Edit]) -> None:
        """Append `edits`, all of them in one write.

        Raises:
            OSError: the journal cannot be written.
            HeadwayError: another process does not let go of it.
        """
        self.path.parent.mkdir(exist_ok=True)
        data = b"".join(edit.line() for edit in edits)
        with _locked(self.path) as (file, is_locked):
            size = os.fstat(file).st_size
            if _is_torn(file, size):
                data = b"\n" + data  # the last line must not take ours with it
            if os.write(file, data) < len(data):
                os.ftruncate(file, size)
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            if is_locked and (size + len(data)) // COMPACT_ABOVE > size // COMPACT_ABOVE:
                self._compact(file)

    def _forget(self) -> None:
        self.last.clear()
        self.skipped = self._torn = self._offset = 0
        self._end = b""

    def _end_of(self, file: int) -> bytes:
        begin = max(self._offset - _REMEMBERED, 0)
        os.lseek(file, begin, os.SEEK_SET)
        return os.read(file, self._offset - begin)

    def _read(self, file: int) -> None:
        self.skipped -= self._torn
        self._torn = 0
        for line, end in _lines(file, self._offset):
            edit = self._edit(line)
            if edit is not None:
                self.last.pop(edit.key, None)
                self.last[edit.key] = edit
            elif line.strip():
                self.skipped += 1
                self._torn += end is None
            if end is not None:
                self._offset = end
        self._end = self._end_of(file)

    def _edit(self, line: bytes) -> Edit | None:
        edit = parsed(line)
        return edit if edit is not None and self._holds(edit) else None

    def _compact(self, file: int) -> None:
        """Write the journal anew without what is superseded, when that is most of it. Lines of others stay."""
        last: dict[Key, bytes] = {}
        others: list[bytes] = []
        for line, _ in _lines(file, 0):
            edit = self._edit(line)
            if edit is not None:
                last.pop(edit.key, None)
                last[edit.key] = line
            elif line.strip():
                others.append(line)
        kept = b"".join(line.rstrip(b"\n") + b"\n" for line in (*others, *last.values()))
        status = os.fstat(file)
        is_mine = not hasattr(os, "getuid") or status.st_uid == os.getuid()
        if len(kept) > status.st_size / 2 or not is_mine:
            return
        new = self.path.with_name(f"{self.path.name}.{os.getpid()}.new")
        with contextlib.suppress(OSError):  # it stays as long as it is
            try:
                with new.open("xb") as output:
                    output.write(kept)
                    output.flush()
                    os.fsync(output.fileno())
                new.chmod(stat.S_IMODE(status.st_mode))
                new.replace(self.path)
            finally:
                new.unlink(missing_ok=True)


def parsed(line: bytes) -> Edit | None:
    """Return the edit that `line` is, or None when it is something else."""
    try:
        said = json.loads(line, parse_constant=_refuse)
        of: Of = "run" if "run" in said else "view"
        edit = Edit(said["time"], of, said[of], said["field"], said["value"])
        f"{edit.name}{edit.field}".encode()
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    is_one = type(edit.time) in (int, float) and isinstance(edit.name, str) and isinstance(edit.field, str)
    return edit if is_one else None


def _is_torn(file: int, size: int) -> bool:
    """Whether the last line has no end: somebody was stopped while writing it."""
    if not size:
        return False
    os.lseek(file, size - 1, os.SEEK_SET)
    return os.read(file, 1) != b"\n"


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no JSON")


def _lines(file: int, offset: int) -> Iterator[tuple[bytes, int | None]]:
    """Yield the lines from `offset` on and where each ends; None for the last one when it has no end."""
    with os.fdopen(os.dup(file), "rb") as reader:
        reader.seek(offset)
        while line := reader.readline(LONGEST_LINE):
            if not (line.endswith(b"\n") or len(line) == LONGEST_LINE):
                yield line, None
                return  # its rest may be written right now, and is no line of its own
            yield line, reader.tell()


@contextlib.contextmanager
def _opened(path: Path, flags: int) -> Iterator[int]:
    """Open a plain file, and nothing else: a log directory of somebody else's may hold a link, or a pipe."""
    extra = (getattr(os, name, 0) for name in ("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC", "O_BINARY"))
    for flag in extra:
        flags |= flag
    if path.parent.is_symlink():
        raise OSError(f"{path.parent} is a link")
    file = os.open(path, flags, 0o666)
    try:
        if not stat.S_ISREG(os.fstat(file).st_mode):
            raise OSError(f"{path} is no file")
        yield file
    finally:
        os.close(file)


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[tuple[int, bool]]:
    """Open the journal for appending, alone; and whether that is sure, for some file systems have no locks."""
    deadline = time.monotonic() + _PATIENCE
    while True:
        with _opened(path, os.O_RDWR | os.O_APPEND | os.O_CREAT) as file:
            is_locked = _lock(file, deadline, path)
            try:
                status = path.stat()
            except FileNotFoundError:
                continue
            if (status.st_dev, status.st_ino) == (os.fstat(file).st_dev, os.fstat(file).st_ino):
                yield file, is_locked
                return
            # Somebody has just written it anew: what is open is the old one.


def _lock(file: int, deadline: float, path: Path) -> bool:
    try:
        import fcntl
    except ImportError:  # Windows: appends of one write are whole there, and nobody writes anew
        return False
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise HeadwayError(f"another process does not let go of {path}; try again") from None
            time.sleep(0.002)
        except OSError:
            return False
