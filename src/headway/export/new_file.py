"""A file that is there when it is whole, and never in the place of another."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from headway.errors import HeadwayError


@contextmanager
def new_file(path: Path) -> Iterator[Path]:
    """Give a path beside `path` to write to; in the end what lies there is `path`, or gone if something was raised.

    Raises:
        HeadwayError: `path` is there already, or cannot be written.
    """
    unfinished = path.with_name(f".{uuid4().hex}.part")  # a name that no reader of logs takes for an event file
    try:
        _refuse(path)
        try:
            yield unfinished
            _publish(unfinished, path)
        finally:
            unfinished.unlink(missing_ok=True)
    except OSError as error:
        raise HeadwayError(f"{path} cannot be written: {error.strerror or error}") from error


def _refuse(path: Path) -> None:
    if os.path.lexists(path):
        raise HeadwayError(f"{path} is there already: nothing is written over it")


def _publish(unfinished: Path, path: Path) -> None:
    with unfinished.open("rb") as file:
        os.fsync(file.fileno())
    try:
        os.link(unfinished, path)
        return
    except FileExistsError:
        _refuse(path)
    except OSError:  # a file system without links
        pass
    try:
        path.open("xb").close()
    except FileExistsError:
        _refuse(path)
    unfinished.replace(path)
