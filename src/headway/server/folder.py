"""The files of a run: its event files, what its projector names, and what else lies in its directory."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from headway.ingest.directory import MARK, ROOT_RUN
from headway.ingest.directory import PROJECTOR as CONFIG
from headway.server.answer import answered
from headway.server.api import FileKind, RunFile, RunFiles, RunQuery
from headway.server.contents import name_of
from headway.server.endpoint import Endpoint, read_query
from headway.server.files import config_of, named
from headway.store.place import readable
from headway.urls import is_url

if TYPE_CHECKING:
    from headway.ingest.index import Index
    from headway.server.served import Served

MOST = 1000
"""Files in an answer."""
MOST_LOOKED = 20_000
"""Names that are looked at: a directory may hold a data set."""
DEEPEST = 3
"""Directories below a run's own whose files are named."""


def endpoints(served: Served) -> list[Endpoint]:
    """`api/files`."""

    def get_files(request: Request) -> Response:
        query = read_query(request, RunQuery)
        return answered(request, files(served.index, name_of(served.index, query.run)))

    return [
        Endpoint(
            "/api/files",
            get_files,
            "The files of a run: names and sizes.",
            query=RunQuery,
            answer=RunFiles,
            details="Hidden files are left out, and those of runs below it. No link is followed.",
        )
    ]


def files(index: Index, run: str) -> RunFiles:
    """The event files of a run; then, of a log directory on this machine, the others that lie there."""
    found = [RunFile(one.state.path, "events", one.size, one.changed_at or None) for one in index.files(run)]
    if is_url(index.logdir):
        return RunFiles(found, cut=False)
    others = sorted(islice(_others(index.directory.place(run), *_limits(index, run)), MOST + 1))
    projector = _named(index, run) if any(path == CONFIG for path, _, _ in others) else set()
    for path, size, changed in others[:MOST]:
        kind: FileKind = "projector" if path == CONFIG or path in projector else "other"
        found.append(RunFile(path if run == ROOT_RUN else f"{run}/{path}", kind, size, changed))
    return RunFiles(found, cut=len(others) > MOST)


def _limits(index: Index, run: str) -> tuple[set[str], int]:
    """Directories below the run's own that are other runs', and how deep to look."""
    if run == ROOT_RUN:  # what lies below the log directory is anybody's
        return set(), 0
    inside = f"{run}/"
    return {name.removeprefix(inside) for name in index.run_names() if name.startswith(inside)}, DEEPEST


def _others(root: str, runs: set[str], deepest: int) -> Iterator[tuple[str, int, float]]:
    """Yield (path below `root`, size, time of change) of files that are no event files, nothing hidden."""
    waiting, looked = deque([("", 0)]), 0
    while waiting:
        folder, depth = waiting.popleft()
        for entry in _listed(f"{root}/{folder}" if folder else root):
            looked += 1
            if looked > MOST_LOOKED:
                return
            path = f"{folder}/{entry.name}" if folder else entry.name
            if entry.name.startswith(".") or path in runs:
                continue
            try:
                if entry.is_dir(follow_symlinks=False):
                    if depth < deepest:
                        waiting.append((path, depth + 1))
                elif entry.is_file(follow_symlinks=False) and MARK not in entry.name:
                    status = entry.stat(follow_symlinks=False)
                    yield readable(path), status.st_size, status.st_mtime
            except OSError:  # gone meanwhile
                continue


def _listed(directory: str) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(directory) as entries:
            return list(islice(entries, MOST_LOOKED))
    except OSError:
        return []


def _named(index: Index, run: str) -> set[str]:
    """The files that the run's projector names, if that can be read."""
    try:
        return named(config_of(index, run))
    except HTTPException:
        return set()
