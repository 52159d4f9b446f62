"""Files beside the event files: those that a run's `projector_config.pbtxt` names, and that file itself."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from headway.ingest.directory import PROJECTOR as CONFIG
from headway.query.kinds.media_type import UNKNOWN
from headway.query.kinds.projector import ProjectorConfig, projector_config
from headway.server.api import FileQuery
from headway.server.contents import name_of
from headway.server.endpoint import Endpoint, read_query
from headway.server.media import bytes_answer
from headway.urls import is_url

if TYPE_CHECKING:
    from headway.ingest.directory import OpenFile
    from headway.ingest.index import Index
    from headway.server.served import Served

LARGEST_CONFIG = 4 << 20
LARGEST = 1 << 30
"""Bytes: a million points of 256 dimensions."""


def endpoints(served: Served) -> list[Endpoint]:
    """`api/file`."""

    def get_file(request: Request) -> Response:
        return file(served.index, request, read_query(request, FileQuery))

    return [
        Endpoint(
            "/api/file",
            get_file,
            "A file that the run's projector_config.pbtxt names.",
            query=FileQuery,
            media=UNKNOWN,
            details="Only files in the run's directory. Media types are as those of `api/media`.",
        )
    ]


def file(index: Index, request: Request, query: FileQuery) -> Response:
    """Answer with a file, whole or a range of it; an HTTPException (404) says why there is none."""
    run = name_of(index, query.run)
    if query.path != CONFIG and query.path not in named(config_of(index, run)):
        raise HTTPException(404, f"The {CONFIG} of the run {run!r} names no file {query.path!r}.\n")
    data, version = read(index, run, query.path, LARGEST if query.path != CONFIG else LARGEST_CONFIG)
    return bytes_answer(request, data, version, immutable=False, name=PurePosixPath(query.path).name)


def named(config: ProjectorConfig) -> set[str]:
    """The files that a list of embeddings names."""
    found = {
        path
        for one in config.embeddings
        for path in (one.tensor_path, one.metadata_path, one.bookmarks_path, one.sprite.path if one.sprite else "")
    }
    return found - {""}


def read(index: Index, run: str, path: str, largest: int) -> tuple[bytes, str]:
    """Read a file below a run's directory; also what to name these bytes by.

    Raises:
        HTTPException: (404) it is not there, lies elsewhere or is no file; (413) it is too large.
    """
    with opening(index, run, path, largest) as opened:
        return bytes(opened.read(0, opened.status.size)), version_of(opened)


@contextmanager
def opening(index: Index, run: str, path: str, largest: int) -> Iterator[OpenFile]:
    """Open a file below a run's directory. Raises as `read` does, also while it is open."""
    directory = index.directory
    place = directory.place(str(PurePosixPath(run) / path))
    if not _is_below(path) or not (is_url(index.logdir) or _is_inside(place, directory.place(run))):
        raise HTTPException(404, f"{path!r} does not lie in the directory of the run {run!r}.\n")
    try:
        with directory.open(place) as opened:
            if opened.status.size > largest:
                raise HTTPException(413, f"{path!r} of the run {run!r} has more than {largest} bytes.\n")
            yield opened
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise HTTPException(404, f"{path!r} of the run {run!r} cannot be read: {reason}\n") from None


def version_of(opened: OpenFile) -> str:
    """Name the bytes of an open file; fit for an ETag."""
    size, version, _ = opened.status
    return f"{size:x}-{str(version).replace(chr(34), '')}"


def config_of(index: Index, run: str) -> ProjectorConfig:
    """Read the run's list of embeddings; an HTTPException (404) when there is none, (422) when it is malformed."""
    data, _ = read(index, run, CONFIG, LARGEST_CONFIG)
    try:
        return projector_config(data)
    except ValueError as error:
        raise HTTPException(422, f"The {CONFIG} of the run {run!r} is malformed: {error}\n") from None


def _is_below(path: str) -> bool:
    parts = PurePosixPath(path.replace("\\", "/")).parts
    return bool(parts) and not path.startswith(("/", "\\")) and ".." not in parts and "\0" not in path


def _is_inside(place: str, directory: str) -> bool:
    """Whether it is in there, wherever links lead."""
    inside = os.path.realpath(directory)
    return os.path.realpath(place).startswith(os.path.join(inside, ""))  # noqa: PTH118 - a place is a str
