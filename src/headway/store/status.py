"""What an index on disk is, looked at from outside, and dropping it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import duckdb

from headway.errors import HeadwayError
from headway.store.place import default_path, identity, readable
from headway.store.schema import VERSION

_HOLDER = re.compile(r"held in (?P<program>.+?) \(PID (?P<pid>\d+)\)(?: by user (?P<user>[^.\s]+))?")


@dataclass(slots=True)
class Status:
    """An index file. Counts are None where it cannot be looked into."""

    path: str
    exists: bool = False
    bytes: int = 0
    """On disk, with what waits to be merged into it."""
    logdir: str | None = None
    """Whose index it is."""
    version: int | None = None
    current: bool | None = None
    """Whether it is of this version's schema; another one is built anew when it is next opened."""
    files: int | None = None
    runs: int | None = None
    points: int | None = None
    entries: int | None = None
    bytes_per_point: float | None = None
    held_by: str | None = None
    """The process that has it open: no other may look into it."""
    problem: str | None = None
    """Why it is no index of this log directory, or cannot be opened."""
    damaged: bool = False
    """It cannot be opened: no database, or a damaged one."""


def status(path: Path, logdir: str | Path) -> Status:
    """Return what the index of `logdir` at `path` is. Nothing is created or changed."""
    found = Status(str(path))
    files = [file for file in (path, _log(path)) if file.is_file()]
    if path not in files:
        return found
    found.exists = True
    found.bytes = sum(file.stat().st_size for file in files)
    try:
        with duckdb.connect(str(path), read_only=True) as connection:
            _look(connection, found, logdir)
    except duckdb.Error as error:
        reason = (str(error).splitlines() or ["no reason given"])[0]
        holder = _HOLDER.search(str(error))
        if holder:
            user = f" of {holder['user']}" if holder["user"] else ""
            found.held_by = f"{holder['program']}, process {holder['pid']}{user}"
        elif "different configuration" in reason or "lock" in reason:
            found.held_by = "another process, or this one"
        else:
            found.damaged, found.problem = True, f"it cannot be opened: {reason}"
    return found


def drop(path: Path, logdir: str | Path) -> bool:
    """Delete the index of `logdir` at `path`; return whether there was one.

    Raises:
        HeadwayError: a process has it open, or the file is something else. In the place that is headway's own, what
            cannot be opened is a damaged index.
    """
    found = status(path, logdir)
    if not found.exists:
        return False
    if found.held_by:
        raise HeadwayError(f"the index {readable(str(path))} is in use by {found.held_by}: end that first")
    if found.problem and not (found.damaged and path == default_path(logdir)):
        raise HeadwayError(f"{readable(str(path))} is not deleted: {found.problem}")
    for file in (path, _log(path)):
        file.unlink(missing_ok=True)
    return True


def _log(path: Path) -> Path:
    return path.with_name(path.name + ".wal")


def _look(connection: duckdb.DuckDBPyConnection, found: Status, logdir: str | Path) -> None:
    tables = {name for (name,) in connection.execute("select table_name from duckdb_tables()").fetchall()}
    if "headway" not in tables:
        found.problem = "it is a database of something else" if tables else None
        return
    row = connection.execute("select version, logdir from headway").fetchone()
    if row is None:
        return
    found.version, found.logdir = row
    found.current = found.version == VERSION
    if found.logdir != readable(identity(logdir)):
        found.problem = f"it is the index of {found.logdir}"
    if not found.current:
        return
    counts = connection.execute(
        """select (select count(*) from file), (select count(distinct run) from file),
        (select count(*) from point) + (select count(*) from fresh_point), (select count(*) from blob)"""
    ).fetchone()
    assert counts is not None
    found.files, found.runs, found.points, found.entries = counts
    if found.points:
        found.bytes_per_point = found.bytes / found.points
