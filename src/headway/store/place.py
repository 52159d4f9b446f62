"""Where the index of a log directory lies, and what happens when that place cannot be had."""

from __future__ import annotations

import hashlib
import os
import threading
import weakref
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import duckdb
import platformdirs

from headway.store.embedded import MEMORY, EmbeddedStore, NotOurs
from headway.urls import is_url, without_secrets

_open_here: weakref.WeakValueDictionary[str, EmbeddedStore] = weakref.WeakValueDictionary()
_guard = threading.Lock()


@dataclass(slots=True)
class Placed:
    """An open store. `notice`: why it is in memory, when it was meant to be on disk."""

    store: EmbeddedStore
    place: Literal["disk", "memory"]
    path: str
    notice: str | None = None

    def close(self) -> None:
        """Close the store and let others have its place."""
        self.store.close()
        with _guard:
            _open_here.pop(self.path, None)


def readable(path: str) -> str:
    """Return a path or name as valid Unicode: bytes that are not UTF-8 become escapes, so that two names stay two."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def identity(logdir: str | Path) -> str:
    """What a log directory is, however it is called: a path without links, or a URL without secrets."""
    if is_url(logdir):
        return without_secrets(str(logdir)).rstrip("/")
    return os.path.realpath(logdir)


def default_path(logdir: str | Path) -> Path:
    """The index of a log directory, at a path or a URL, in the user's cache directory."""
    name = hashlib.sha256(os.fsencode(identity(logdir))).hexdigest()[:24]
    return Path(platformdirs.user_cache_dir("headway")) / "index" / f"{name}.duckdb"


def in_memory(notice: str | None = None) -> Placed:
    """Return an empty store that nobody shares."""
    return Placed(EmbeddedStore(), "memory", MEMORY, notice)


def open_store(logdir: str | Path, index: str | Path | None) -> Placed:
    """Open the index of `logdir` at `index` (a path, ":memory:", or None for the default place).

    One process at a time may have an index: everyone else works in memory, and says so.
    """
    if str(index) == MEMORY:
        return in_memory()
    path = default_path(logdir) if index is None else Path(index)
    if readable(str(path)) != str(path):
        return in_memory(f"DuckDB takes no such name as {readable(str(path))}: working in memory")
    key = os.path.realpath(path)
    with _guard:
        if key in _open_here:
            return in_memory(f"the index {path} is in use in this process: working in memory")
        try:
            store = _open(path, logdir, may_replace=index is None)
        except NotOurs as error:
            return in_memory(f"{path} {error}: working in memory")
        except (OSError, duckdb.Error) as error:
            return in_memory(_explain(path, error))
        _open_here[key] = store
        return Placed(store, "disk", key)


def _open(path: Path, logdir: str | Path, may_replace: bool) -> EmbeddedStore:
    path.parent.mkdir(parents=True, exist_ok=True)
    owner = readable(identity(logdir))
    is_new = not path.exists()
    try:
        return EmbeddedStore(str(path), owner)
    except duckdb.Error as error:
        if _is_locked(error):
            raise
        if is_new:  # what was begun on a full disk is nothing that anyone could open
            _remove(path)
        if is_new or not may_replace:
            raise
        # It is a cache, and in our own directory: what cannot be read is built anew.
        _remove(path)
        return EmbeddedStore(str(path), owner)


def _remove(path: Path) -> None:
    for file in (path, path.with_name(path.name + ".wal")):
        file.unlink(missing_ok=True)


def _is_locked(error: Exception) -> bool:
    """DuckDB has no error class for it; and "lock" alone would be found in "block" and in many a path."""
    message = str(error).lower()
    return "could not set lock" in message or "used by another process" in message


def _explain(path: Path, error: Exception) -> str:
    if _is_locked(error):
        return f"the index {path} is in use by another process: working in memory"
    reason = (str(error).splitlines() or [type(error).__name__])[0]
    return f"the index {path} cannot be used ({reason}): working in memory"
