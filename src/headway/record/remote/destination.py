"""What lies behind a remote directory: a URL that fsspec knows, or a writer factory as tensorboardX has them.

Everything but the constructors may wait for a network and raises whatever its client raises.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable
from typing import Any, BinaryIO, Protocol

from headway.errors import HeadwayError
from headway.urls import OBJECT_STORES, file_system, is_url, load_fsspec

FACTORIES: dict[str, WriterFactory] = {}


class Writer(Protocol):
    """What a writer factory opens: a file that is written from its beginning to its end."""

    def write(self, data: bytes, /) -> Any: ...  # noqa: D102
    def flush(self) -> Any: ...  # noqa: D102
    def close(self) -> Any: ...  # noqa: D102


class WriterFactory(Protocol):
    """What `register_writer_factory` takes."""

    def open(self, path: str, /) -> Writer: ...  # noqa: D102
    def directory_check(self, path: str, /) -> Any: ...  # noqa: D102


class Destination(Protocol):
    """What a delivery asks of the place it delivers to. Names are relative, with forward slashes."""

    def resume(self, name: str, offset: int) -> int:
        """Return from where the event file `name` is to be added, when up to `offset` it is there."""

    def add(self, name: str, piece: str, version: bytes, records: bytes) -> None:
        """Add `records` to the event file `name`, or write the file `piece` with `version` before them."""

    def put(self, name: str, data: bytes) -> None:
        """Write a whole file, in place of what was there."""

    def get(self, name: str) -> bytes:
        """Return a file, empty if there is none."""

    def close(self) -> None:
        """Let go of what is open."""


def register_writer_factory(prefix: str, factory: WriterFactory) -> None:
    """Let `factory` write the files of every directory `prefix:…`; the same as tensorboardX's.

    `factory.open(path)` gives an object with `write(bytes)`, `flush()` and `close()`; it is used on a background
    thread, and opened anew from the file's beginning when it raised. `factory.directory_check(path)` comes first.

    Raises:
        ValueError: `prefix` contains a colon.

    """
    if ":" in prefix:
        raise ValueError(f"a prefix cannot contain a colon: {prefix!r}")
    FACTORIES[prefix] = factory


def factory_of(path: str) -> WriterFactory | None:
    """Return what is registered for the prefix of `path`."""
    prefix, colon, _ = path.partition(":")
    return FACTORIES.get(prefix) if colon else None


def is_remote(logdir: str | os.PathLike[str]) -> bool:
    """Say whether a log directory is a URL, or begins with a prefix that has a writer factory."""
    path = os.fspath(logdir)
    return is_url(path) or (isinstance(path, str) and factory_of(path) is not None)


def find(url: str) -> Callable[[], Destination]:
    """Return what opens the destination at `url`; itself it does not touch the network.

    Raises:
        HeadwayImportError: a package is missing; the message says which.
        HeadwayError: nothing is known of such URLs.

    """
    factory = factory_of(url)
    if factory is not None:
        return lambda: Streams(factory, url)
    if not is_url(url):
        raise HeadwayError(f"cannot record to {url}: no writer factory is registered for its prefix")
    # Here and not in the background: a process must not fork in the middle of an import.
    fsspec = load_fsspec(url, purpose="cannot record to ")
    return lambda: Objects(fsspec, url)


class Objects:
    """A directory of any file system of fsspec. Files are written whole and once: most of these cannot append."""

    def __init__(self, fsspec: Any, url: str) -> None:
        # Trying again is our part.
        self._files, self._root = file_system(fsspec, url, attempts=1)

    def resume(self, name: str, offset: int) -> int:  # noqa: ARG002, D102
        return offset

    def add(self, name: str, piece: str, version: bytes, records: bytes) -> None:  # noqa: ARG002, D102
        self.put(piece, version + records)

    def put(self, name: str, data: bytes) -> None:  # noqa: D102
        path = f"{self._root}/{name}"
        try:
            self._files.pipe_file(path, data)
        except FileNotFoundError:
            if OBJECT_STORES.keys() & set(_protocols(self._files)):
                raise  # no such bucket: making one is not ours to decide
            self._files.makedirs(path.rpartition("/")[0], exist_ok=True)
            self._files.pipe_file(path, data)

    def names(self) -> list[str]:
        """Return the names of the files in the directory; none if it is not there."""
        try:
            found = self._files.ls(self._root, detail=False)
        except FileNotFoundError:
            return []
        return [path.rstrip("/").rpartition("/")[2] for path in found]

    def open(self, name: str) -> BinaryIO:
        """Return a file, to read from it."""
        opened: BinaryIO = self._files.open(f"{self._root}/{name}", "rb")
        return opened

    def get(self, name: str) -> bytes:  # noqa: D102
        try:
            return bytes(self._files.cat_file(f"{self._root}/{name}"))
        except FileNotFoundError:
            return b""

    def close(self) -> None:
        """Nothing is open."""


class Streams:
    """What a writer factory makes of a directory: files that are written from beginning to end."""

    def __init__(self, factory: WriterFactory, url: str) -> None:
        self._factory = factory
        self._url = url
        self._open: dict[str, Writer] = {}
        factory.directory_check(url)

    def resume(self, name: str, offset: int) -> int:  # noqa: D102
        return offset if name in self._open else 0

    def add(self, name: str, piece: str, version: bytes, records: bytes) -> None:  # noqa: ARG002, D102
        if name not in self._open:
            self._open[name] = self._factory.open(f"{self._url}/{name}")
        try:
            self._open[name].write(records)
            self._open[name].flush()
        except BaseException:
            # Nobody knows how much of it arrived. The next one begins at the file's beginning.
            with contextlib.suppress(Exception):
                self._open.pop(name).close()
            raise

    def put(self, name: str, data: bytes) -> None:  # noqa: D102
        with contextlib.closing(self._factory.open(f"{self._url}/{name}")) as file:
            file.write(data)
            file.flush()

    def get(self, name: str) -> bytes:  # noqa: ARG002, D102
        return b""

    def close(self) -> None:  # noqa: D102
        while self._open:
            self._open.popitem()[1].close()


def _protocols(files: Any) -> tuple[str, ...]:
    return (files.protocol,) if isinstance(files.protocol, str) else tuple(files.protocol)
