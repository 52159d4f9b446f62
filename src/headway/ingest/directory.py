"""A log directory, wherever it lies: what its files are, and reading from them."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple, Protocol

from headway.urls import is_url

MARK = "tfevents"
"""TensorBoard's rule: a file whose name contains this is an event file."""
ROOT_RUN = "."
"""The name of the run whose event files lie in the log directory itself."""
PROJECTOR = "projector_config.pbtxt"
"""The file in a run's directory that lists its embeddings."""
OURS = ".headway"
"""Directories of this name hold what people say of runs, and what they threw away: no runs."""
CHUNK = 8 << 20
"""Bytes read at a time; more only for a record that is larger."""


class Status(NamedTuple):
    """A file at one moment. Two that are equal are of the same content."""

    size: int
    version: Hashable
    """Changes when the file does: a time in nanoseconds, an etag."""
    changed_at: float
    """Seconds since 1970, by the clock of whoever keeps the file."""


class NotListedError(OSError):
    """Nothing is known of a file yet, for its directory has not been listed."""


@dataclass(slots=True)
class Found:
    """The event files of a log directory, and the directories that could not be looked into."""

    files: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Path below the log directory, readable and with forward slashes → its run, and its place: what opens it."""
    projectors: set[str] = field(default_factory=set)
    """Directories that hold a list of embeddings."""
    refused: dict[str, str] = field(default_factory=dict)
    """Directory below the log directory → why it could not be listed."""
    is_there: bool = True
    """The log directory itself."""


class OpenFile(Protocol):
    """An event file that is being read. Everything may raise OSError."""

    status: Status
    """When it was opened."""

    def read(self, offset: int, length: int) -> bytes | memoryview:
        """Return what lies there, less at the file's end. Valid until the next `read`."""

    def pieces(self, *ranges: tuple[int, int]) -> Sequence[bytes]:
        """Return several (offset, length) at once, each less at the file's end."""


class LogDirectory(Protocol):
    """What an index asks of its log directory. Every method may be called from any thread, but `find` from one."""

    name: str
    """For people; `headway.store.place.identity` names it for machines."""
    readers: int
    """So many files are best read at once."""
    lists_status: bool
    """`find` sees which files changed, and `status` is what it saw; else each file is to be asked."""

    def is_there(self) -> bool:
        """Whether there is such a directory, and it can be reached. Never raises."""

    def find(self, *, thorough: bool) -> Found:
        """List the event files; the same object as last time when it is all the same. Never raises.

        Unless `thorough`, what is unlikely to have changed is not looked at.
        """

    def pause(self) -> float:
        """Return in how many seconds `find` may see something new."""

    def place(self, path: str) -> str:
        """Return where the file at `path` below the directory is, as far as that can be told without looking."""

    def status(self, place: str) -> Status:
        """Return the file's status. Raises OSError; NotListedError while `lists_status` has not come true."""

    def open(self, place: str) -> AbstractContextManager[OpenFile]:
        """Open a file to read from it. Raises OSError, and never waits for another process to write."""

    def close(self) -> None:
        """Give up whatever waits for a network; nothing may be asked afterwards."""


def log_directory(logdir: str | Path) -> LogDirectory:
    """Return the log directory at a path or URL; what is behind a URL is not touched yet.

    Raises:
        HeadwayError: it is a file; or nothing is known of such URLs, or a package for them is missing.

    """
    if is_url(logdir):
        from headway.ingest.remote import RemoteDirectory

        return RemoteDirectory(str(logdir))
    from headway.ingest.local import LocalDirectory

    return LocalDirectory(Path(logdir))
