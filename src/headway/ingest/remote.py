"""A log directory at a URL: in an object store, or in anything else that fsspec reads.

One listing tells sizes and versions of all files; of what is new, ranges are fetched. Both cost money in object
stores, and time everywhere, so the listings come gently.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import CancelledError, Future
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from headway.ingest.directory import (
    CHUNK,
    MARK,
    OURS,
    PROJECTOR,
    ROOT_RUN,
    Found,
    NotListedError,
    OpenFile,
    Status,
)
from headway.urls import file_system, load_fsspec, without_secrets

FASTEST = 5.0
"""Seconds between two listings of a directory that changes, for each page of the answer."""
SLOWEST = 60.0
QUIET_SHARE = 1 / 10
"""What has been the same for five minutes is listed every thirty seconds."""
PAGE = 1_000
"""Files that a store lists in one answer."""
READERS = 10
"""Files read at once: as many connections botocore keeps."""
PATIENCE = 60.0
"""Seconds after which a request counts as failed."""
LISTING_PATIENCE = 600.0
"""The same of a listing, which may be of a thousand pages."""
ATTEMPTS = 2
"""For a request, one after the other; the next listing is another chance."""


class RemoteDirectory:
    """See `headway.ingest.directory.LogDirectory`.

    Raises:
        HeadwayError: nothing is known of such URLs, or a package for them is missing.

    """

    lists_status = True
    readers = READERS

    def __init__(self, url: str) -> None:
        self.name = without_secrets(url)
        self._url = url
        self._fsspec = load_fsspec(url)
        self._files: Any = None
        self._root = ""
        self._loop: asyncio.AbstractEventLoop | None = None
        """Where the file system makes its requests; None when it makes them on the thread that asks."""
        self._connecting = threading.Lock()
        self._found = Found()
        self._statuses: dict[str, Status] = {}
        self._is_listed = False
        self._changed = time.monotonic()
        self._failures = 0
        """Of listings, one after the other."""
        self._unanswered = 0
        """Requests of any kind that failed, one after the other."""
        self._waiting: set[Future[Any]] = set()
        self._closed = False

    def is_there(self) -> bool:  # noqa: D102
        return bool(self._statuses) or self._exists()

    def find(self, *, thorough: bool) -> Found:  # noqa: ARG002, D102 - a listing is always of everything
        try:
            listing = self._begin("find", "", detail=True)
            listed: Mapping[str, Mapping[str, Any]] = self.wait_for(listing, LISTING_PATIENCE)
        except OSError as error:
            self._failures += 1
            reason = {ROOT_RUN: error.strerror or str(error)}
            return self._note(
                Found(self._found.files, self._found.projectors, reason, self._found.is_there), self._statuses
            )
        self._failures = 0
        self._is_listed = True
        found = Found(is_there=bool(listed) or self._exists())
        statuses = {}
        for key, about in listed.items():
            path = key[len(self._root) :].lstrip("/")
            folder, _, name = path.rpartition("/")
            if about.get("type") == "directory" or not _is_plain(path):
                continue
            if name == PROJECTOR:
                found.projectors.add(folder or ROOT_RUN)
            elif MARK in name:
                found.files[path] = (folder or ROOT_RUN, path)
                statuses[path] = _status(about)
        return self._note(found, statuses)

    def pause(self) -> float:  # noqa: D102
        pages = max(len(self._statuses) / PAGE, 1.0)
        usual = max((time.monotonic() - self._changed) * QUIET_SHARE, FASTEST * pages)
        return min(max(usual, FASTEST * 2.0 ** min(self._failures - 1, 10)), SLOWEST)

    def place(self, path: str) -> str:  # noqa: D102
        return path

    def status(self, place: str) -> Status:  # noqa: D102
        if not self._is_listed:
            raise NotListedError("the log directory has not been listed yet")
        try:
            return self._statuses[place]
        except KeyError:
            raise FileNotFoundError("it is not there any more") from None

    def known_status(self, place: str) -> Status:
        """Return the file's status, asked for if it was not listed yet. Raises OSError."""
        return self.status(place) if self._is_listed else _status(self._ask("info", place))

    @contextmanager
    def open(self, place: str) -> Iterator[OpenFile]:  # noqa: D102
        file = RemoteFile(self, place)
        try:
            yield file
        finally:
            file.close()

    def close(self) -> None:  # noqa: D102
        self._closed = True
        for future in list(self._waiting):
            future.cancel()

    def fetch(self, place: str, offset: int, length: int) -> Future[bytes]:
        """Begin to read what lies there, less at the file's end. May raise OSError, as may waiting for it."""
        if self._unanswered >= READERS:  # thousands of files need not wait for it, one after the other
            raise TimeoutError("the store does not answer")
        return self._begin("cat_file", place, start=offset, end=offset + length)

    def wait_for(self, future: Future[Any], patience: float = PATIENCE) -> Any:
        """Return what comes of a request. Raises OSError, whatever the store's client raises."""

        def result() -> Any:
            try:
                return future.result(patience)
            except TimeoutError:
                future.cancel()
                raise TimeoutError(f"no answer within {patience:.0f} s") from None
            finally:
                self._waiting.discard(future)

        try:
            answer = _raising_os_errors(result)
        except (FileNotFoundError, PermissionError):  # these are answers
            self._unanswered = 0
            raise
        except OSError:
            self._unanswered += 1
            raise
        self._unanswered = 0
        return answer

    def _exists(self) -> bool:
        try:
            return bool(self._ask("exists", ""))
        except OSError:
            return False

    def _ask(self, method: str, place: str, **options: Any) -> Any:
        return self.wait_for(self._begin(method, place, **options))

    def _begin(self, method: str, place: str, **options: Any) -> Future[Any]:
        """Call a method of the file system: on fsspec's own loop where it has one, else here and now."""
        files = self._connected()
        key = f"{self._root}/{place}" if place else self._root
        future: Future[Any] = Future()
        if self._closed:
            future.cancel()
        elif self._loop is not None:
            future = asyncio.run_coroutine_threadsafe(getattr(files, f"_{method}")(key, **options), self._loop)
            self._waiting.add(future)
        else:
            try:
                future.set_result(getattr(files, method)(key, **options))
            except Exception as error:
                future.set_exception(error)
        return future

    def _connected(self) -> Any:
        with self._connecting:
            if self._files is None:
                from fsspec.asyn import AsyncFileSystem

                files, self._root = _raising_os_errors(
                    lambda: file_system(self._fsspec, self._url, ATTEMPTS, connect_timeout=10, read_timeout=30)
                )
                self._loop = files.loop if isinstance(files, AsyncFileSystem) else None
                self._files = files
            return self._files

    def _note(self, found: Found, statuses: dict[str, Status]) -> Found:
        if found != self._found or statuses != self._statuses:
            self._changed = time.monotonic()
        if found != self._found:
            self._found = found
        self._statuses = statuses
        return self._found


class RemoteFile:
    """An event file there; see `headway.ingest.directory.OpenFile`. Reads one chunk ahead."""

    def __init__(self, directory: RemoteDirectory, place: str) -> None:
        self.status = directory.known_status(place)
        self._directory = directory
        self._place = place
        self._at = 0
        self._held = b""
        self._ahead: Future[bytes] | None = None

    def read(self, offset: int, length: int) -> bytes | memoryview:  # noqa: D102
        end = min(offset + length, self.status.size)
        if offset < self._at or offset > self._at + len(self._held):
            self.close()
        if self._ahead is None and not self._held:
            self._at = offset
        data = self._held[offset - self._at :]
        while offset + len(data) < end:
            behind = offset + len(data)
            future = self._ahead or self._fetch(behind, max(end - behind, CHUNK))
            self._ahead = None
            more = self._directory.wait_for(future)
            if not more:  # it shrank this moment
                break
            data = data + more if data else more
        self._at, self._held = offset, data
        if offset + len(data) < self.status.size and self._ahead is None:
            self._ahead = self._fetch(offset + len(data), CHUNK)
        return memoryview(data)[:length]

    def pieces(self, *ranges: tuple[int, int]) -> Sequence[bytes]:  # noqa: D102
        begun = [self._fetch(offset, length) if length else None for offset, length in ranges]
        return [self._directory.wait_for(future) if future else b"" for future in begun]

    def close(self) -> None:
        """Give up what was read ahead."""
        if self._ahead is not None:
            self._ahead.cancel()
        self._at, self._held, self._ahead = 0, b"", None

    def _fetch(self, offset: int, length: int) -> Future[bytes]:
        return self._directory.fetch(self._place, offset, min(length, self.status.size - offset))


def _status(about: Mapping[str, Any]) -> Status:
    """What a listing says of a file: its etag or whatever the store has in its place, and when it was written."""
    moments = [about.get(name) for name in ("LastModified", "mtime", "last_modified", "updated", "created")]
    moment = next((moment for moment in moments if moment is not None), None)
    tags = [about.get(name) for name in ("ETag", "etag", "generation")]
    version = next((str(tag) for tag in tags if tag), str(moment))
    return Status(int(about.get("size") or 0), version, _seconds(moment))


def _seconds(moment: Any) -> float:
    """Return seconds since 1970; now, if that is not known."""
    if isinstance(moment, str):
        try:
            moment = datetime.fromisoformat(moment)
        except ValueError:
            moment = None
    if isinstance(moment, datetime):
        return moment.timestamp()
    return float(moment) if isinstance(moment, (int, float)) else time.time()


def _is_plain(path: str) -> bool:
    """Whether it is a path below, as in a file system; keys of objects can be anything. And none of our own."""
    return not {"", ".", "..", OURS} & {*path.split("/")}


def _raising_os_errors(call: Callable[[], Any]) -> Any:
    """Return what `call` returns. Clients of stores have exceptions of their own."""
    try:
        return call()
    except OSError:
        raise
    except CancelledError:
        raise OSError("the log directory was closed") from None
    except Exception as error:
        raise OSError(f"{type(error).__name__}: {error}") from error
