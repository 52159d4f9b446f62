"""Where something to import lies: one file or directory of the source, and what may be opened beside it.

Sources are hostile: nothing outside of the source is opened, whatever links say; nothing but regular files is read;
no line and no document is longer than is said here.
"""

from __future__ import annotations

import io
import json
import os
import stat
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any, BinaryIO

from headway.errors import HeadwayError

HEAD = 64 << 10
"""Bytes at a file's beginning that tell what it is."""
LONGEST_LINE = 16 << 20
"""Characters of one line."""
LONGEST_DOCUMENT = 256 << 20
"""Bytes of what has to be read as a whole, such as a JSON document."""
ONE_A_DIRECTORY = frozenset(
    ("metrics.csv", "measurements.csv", "progress.csv", "trainer_state.json", "trainer_log.jsonl", "metrics.jsonl")
)
"""Files whose name is that of every run; their directory's tells runs apart."""
_OPEN = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)


class Place:
    """A file or directory at `path`, which is `root` or lies below it."""

    def __init__(self, path: Path, root: Path) -> None:
        self.path = path
        self.root = root

    def __str__(self) -> str:
        return str(self.path)

    @property
    def name(self) -> str:
        """The name of the file or directory."""
        return self.path.name

    @cached_property
    def is_directory(self) -> bool:
        """Whether it is a directory; links to one below the source do not count."""
        return self.path.is_dir() and (self.path == self.root or not self.path.is_symlink())

    @cached_property
    def modified(self) -> float:
        """When it was last written, seconds since 1970; 0 when that cannot be said."""
        try:
            return self.path.stat().st_mtime
        except OSError:
            return 0.0

    @cached_property
    def size(self) -> int:
        """Bytes of the file."""
        try:
            return self.path.stat().st_size
        except OSError:
            return 0

    @cached_property
    def head(self) -> bytes:
        """The first bytes of the file; none of what is no file or cannot be read."""
        try:
            with self.open() as file:
                return file.read(HEAD)
        except HeadwayError:
            return b""

    @property
    def relative(self) -> str:
        """Its path below the source; the source's own name for the source itself."""
        if self.path == self.root:
            return self.path.resolve().name
        return self.path.relative_to(self.root).as_posix()

    def run_name(self) -> str:
        """Return a name for the one run in here: the file's without its suffix, or that of its directory."""
        of_directory = self.name in ONE_A_DIRECTORY
        place = Place(self.path.parent, self.root) if of_directory else self
        if not place.path.is_relative_to(self.root):  # the source is a file
            return place.path.resolve().name
        return place.relative if of_directory or self.is_directory else str(Path(place.relative).with_suffix(""))

    def below(self, *parts: str) -> Place:
        """Return a place in this directory."""
        return Place(self.path.joinpath(*parts), self.root)

    def beside(self, name: str) -> Place:
        """Return a place in the directory that this file is in."""
        root = self.path.parent if self.path == self.root else self.root
        return Place(self.path.parent / name, root)

    def entries(self) -> list[Place]:
        """Return what is in this directory, by name; nothing of what cannot be read."""
        try:
            return [Place(self.path / name, self.root) for name in sorted(os.listdir(self.path))]  # noqa: PTH208
        except OSError:
            return []

    def exists(self) -> bool:
        """Say whether it is a file that may be opened."""
        try:
            return self.path.is_file() and self.is_inside()
        except (OSError, ValueError):
            return False

    def open(self) -> BinaryIO:
        """Open the file.

        Raises:
            HeadwayError: it is no regular file, a link leads out of the source, or the system refuses.
        """
        try:
            if not self.is_inside():
                raise HeadwayError(f"{self}: leads out of {self.root}, and is not followed")
            descriptor = os.open(self.path, _OPEN)
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                os.close(descriptor)
                raise HeadwayError(f"{self}: not a regular file")
            return os.fdopen(descriptor, "rb")
        except (OSError, ValueError) as error:  # ValueError: a zero byte in its name
            raise self.failed(error) from error

    def failed(self, error: Exception) -> HeadwayError:
        """Return what to raise when the system refuses."""
        return HeadwayError(f"{self}: {getattr(error, 'strerror', None) or error}")

    def content(self, limit: int = LONGEST_DOCUMENT) -> bytes:
        """Return all of the file; HeadwayError when it is larger than `limit` bytes."""
        with self.open() as file:
            try:
                found = file.read(limit + 1)
            except OSError as error:
                raise self.failed(error) from error
        if len(found) > limit:
            raise HeadwayError(f"{self}: larger than {limit >> 20} MiB")
        return found

    def text(self, limit: int = LONGEST_DOCUMENT) -> str:
        """Return all of the file as text; what is not UTF-8 is replaced."""
        return self.content(limit).decode("utf-8-sig", "replace")

    def document(self, limit: int = LONGEST_DOCUMENT) -> Any:
        """Return the JSON document in the file; HeadwayError says where it is none."""
        text = self.text(limit)
        try:
            return json.loads(text)
        except json.JSONDecodeError as error:
            raise HeadwayError(f"{self}:{error.lineno}: not JSON: {error.msg} (column {error.colno})") from error
        except (ValueError, RecursionError) as error:  # an endless integer, endless nesting
            raise HeadwayError(f"{self}: not JSON that can be read: {error}") from error

    def is_inside(self) -> bool:
        """Say whether it lies in the source, where links lead to taken into account."""
        if self.path == self.root:
            return True
        return self.path.resolve().is_relative_to(self.root.resolve())


class Lines:
    """The lines of a text file, which end with CR, LF or both, for progress bars write CR.

    `ends`: whether the lines keep their ends, as they are.
    """

    def __init__(self, place: Place, *, ends: bool = False) -> None:
        self.number = 0
        """Of the line that was read last, from 1."""
        self.is_whole = True
        """Whether the line that was read last has its end."""
        self._place = place
        self._ends = ends
        self._file: BinaryIO | None = None

    @property
    def where(self) -> str:
        """File and line."""
        return f"{self._place}:{self.number}"

    def position(self) -> int:
        """Return how many bytes were read."""
        file = self._file
        return 0 if file is None or file.closed else file.tell()

    def __iter__(self) -> Iterator[str]:
        utf16 = self._place.head[:2] in (b"\xff\xfe", b"\xfe\xff")  # what PowerShell's > writes
        encoding = "utf-16" if utf16 else "utf-8-sig"
        self._file = self._place.open()
        with io.TextIOWrapper(self._file, encoding, "replace", "" if self._ends else None) as file:
            try:
                while line := file.readline(LONGEST_LINE + 1):
                    self.number += 1
                    self.is_whole = line.endswith(("\n", "\r"))
                    if len(line) > LONGEST_LINE:
                        raise HeadwayError(f"{self.where}: a line of more than {LONGEST_LINE >> 20} Mi characters")
                    yield line if self._ends else line.rstrip("\n")
            except (OSError, UnicodeError) as error:
                raise HeadwayError(f"{self.where}: {error}") from error
