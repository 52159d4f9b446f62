"""The spool: what is recorded to a remote directory, on the local disk until it is there.

    <spools>/<digits>/
        url         where to; while this file is missing, there is nothing here
        lock        held by the process that records, and by its forked children
        uploaded    a journal: a line for each upload that succeeded; the last one of a name counts
        files/      the run's directory
        before/     what the destination had of files that are added to

Whoever holds the lock delivers; a lock that nobody holds is a dead process's.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple, Self

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

SILENCE = 600.0
"""Seconds after which another machine's spool counts as a dead process's: a shared disk's locks may be local."""


_claimed: dict[Path, Spool] = {}  # by this process, whom some network file systems' locks do not keep from itself


class Mark(NamedTuple):
    """How much of a file is there."""

    offset: int
    """Bytes from its beginning."""
    number: int
    """Of an event file: its pieces. Of another: the moment (nanoseconds) it was last changed before that."""


class Spool:
    """One directory of `spools()`, with everything that goes to `url`. The methods may raise OSError."""

    def __init__(self, place: Path, url: str) -> None:
        self.place = place
        self.url = url
        self.files = place / "files"
        self.before = place / "before"
        """What the destination had of files that are added to; see `Delivery`."""
        self._lock = -1
        self._marks: dict[str, Mark] = {}

    @property
    def name(self) -> str:
        """Digits that no other spool has."""
        return self.place.name

    @classmethod
    def new(cls, url: str) -> Self:
        """Return a spool that is nowhere yet; `claim` makes it."""
        roots = spools()
        root = next((root for root in roots if _usable(root)), roots[0])
        return cls(root / os.urandom(4).hex(), url)

    @property
    def claimed(self) -> bool:
        """Whether it is on disk, and this process's."""
        return self._lock >= 0

    def claim(self) -> None:
        """Make it on disk."""
        self.files.mkdir(parents=True, exist_ok=True)
        self._take_lock()
        described = json.dumps({"url": self.url, "host": socket.gethostname()})
        temporary = self.place / "url.new"
        temporary.write_text(described, encoding="utf-8")
        temporary.replace(self.place / "url")
        self._marks = _journal(self.place / "uploaded")

    @classmethod
    def adopt(cls, place: Path) -> Self | None:
        """Return a dead process's spool, claimed; None if `place` is none or its process lives."""
        try:
            if not _is_ours(place):
                return None
            described = json.loads((place / "url").read_text(encoding="utf-8"))
            spool = cls(place, str(described["url"]))
            if described["host"] != socket.gethostname() and time.time() - (place / "lock").stat().st_mtime < SILENCE:
                return None
            if not spool._take_lock() or not (place / "url").exists():  # somebody else has just finished it
                spool.leave()
                return None
            spool._marks = _journal(place / "uploaded")
        except (OSError, ValueError, LookupError, TypeError):
            return None
        return spool

    def beat(self) -> None:
        """Say that this process lives."""
        os.utime(self.place / "lock")

    def names(self) -> list[str]:
        """List the files, with forward slashes, sorted."""
        found = []
        for folder, _, files in os.walk(self.files):
            below = Path(folder).relative_to(self.files)
            found += [(below / file).as_posix() for file in files]
        return sorted(found)

    def mark(self, name: str) -> Mark:
        """Return how much of the file `name` is there."""
        return self._marks.get(name, Mark(0, 0))

    def set_mark(self, name: str, mark: Mark) -> None:
        """Write down how much of the file `name` is there, so that it outlives this process."""
        line = json.dumps([name, *mark])
        with (self.place / "uploaded").open("ab") as journal:
            # The line's end comes first: what a full disk has torn ends there.
            journal.write(b"\n" + line.encode())
            journal.flush()
            os.fsync(journal.fileno())
        self._marks[name] = mark

    def leave(self) -> None:
        """Let go of it; what it holds stays on disk for the next who comes."""
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1
        if _claimed.get(self.place) is self:
            del _claimed[self.place]

    def remove(self, names: Iterable[str], shared: bool = False) -> bool:
        """Delete `names`, and all of it if nothing else is in it; say whether it is let go of.

        If it is `shared` with forked children that live, it is let go of and stays.
        """
        if shared:
            self.leave()
            if not self._take_lock():
                self.leave()
                return True
        for name in names:
            (self.files / name).unlink(missing_ok=True)
            (self.before / name).unlink(missing_ok=True)
        for folder, _, _ in os.walk(self.files, topdown=False):
            with contextlib.suppress(OSError):  # something has come
                Path(folder).rmdir()
        if self.files.exists():
            return False
        # In this order: without `url` there is nothing here, so what a crash leaves is never delivered again.
        (self.place / "url").unlink(missing_ok=True)
        shutil.rmtree(self.place, ignore_errors=True)
        self.leave()
        shutil.rmtree(self.place, ignore_errors=True)  # where an open file cannot be deleted
        return True

    def _take_lock(self) -> bool:
        """Open the lock, and say whether it could be locked: it cannot on some network file systems."""
        if self._lock < 0:
            if _claimed.setdefault(self.place, self) is not self:
                return False
            self._lock = os.open(self.place / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            if sys.platform == "win32":
                msvcrt.locking(self._lock, msvcrt.LK_NBLCK, 1)
            else:
                fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True


def spools() -> list[Path]:
    """Return where spools lie: `$HEADWAY_SPOOL`, or the user's cache directory, or else the temporary one."""
    if named := os.environ.get("HEADWAY_SPOOL"):
        return [Path(named).absolute()]
    roots = []
    with contextlib.suppress(RuntimeError):  # no home directory
        roots.append(_cache() / "headway" / "spool")
    user = os.getuid() if sys.platform != "win32" else ""
    return [*roots, Path(tempfile.gettempdir(), f"headway-spool-{user}")]


def leftovers() -> Iterator[Spool]:
    """Claim the spools of dead processes, one after another."""
    for root in spools():
        with contextlib.suppress(OSError):
            for place in sorted(root.iterdir()):
                if spool := Spool.adopt(place):
                    yield spool


def _cache() -> Path:
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")


def _usable(root: Path) -> bool:
    try:
        root.mkdir(mode=0o700, parents=True, exist_ok=True)
        return os.access(root, os.W_OK) and (bool(os.environ.get("HEADWAY_SPOOL")) or _is_ours(root))
    except OSError:
        return False


def _is_ours(place: Path) -> bool:
    """Whether this user made it: another's could name files that are not theirs to send, to where they like."""
    return sys.platform == "win32" or place.lstat().st_uid == os.getuid()


def _journal(path: Path) -> dict[str, Mark]:
    marks = {}
    with contextlib.suppress(FileNotFoundError):
        for line in path.read_bytes().split(b"\n"):
            with contextlib.suppress(ValueError):  # torn by a full disk
                name, offset, number = json.loads(line)
                marks[name] = Mark(offset, number)
    return marks
