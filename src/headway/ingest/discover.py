"""Find the event files below a log directory."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

from headway.store.place import readable

MARK = "tfevents"
"""TensorBoard's rule: a file whose name contains this is an event file."""
ROOT_RUN = "."
"""The name of the run whose event files lie in the log directory itself."""


@dataclass(slots=True)
class Found:
    """The event files of a log directory, and the directories that could not be looked into."""

    files: dict[str, tuple[str, Path]] = field(default_factory=dict)
    """Path below the log directory, readable and with forward slashes → its run, and where it is."""
    refused: dict[str, str] = field(default_factory=dict)
    """Directory below the log directory → why the system would not list it."""


def discover(logdir: Path) -> Found:
    """Look through `logdir` and all below it, following links without looping. A missing directory is empty."""
    found = Found()
    seen: set[tuple[int, int]] = set()
    waiting = [(ROOT_RUN, logdir)]
    while waiting:
        run, directory = waiting.pop()
        try:
            if run == ROOT_RUN:
                status = directory.stat()
                seen.add((status.st_dev, status.st_ino))
            with os.scandir(directory) as entries:
                for entry in entries:
                    name = readable(entry.name)
                    path = name if run == ROOT_RUN else f"{run}/{name}"
                    if _is_new_directory(entry, seen):
                        waiting.append((path, directory / entry.name))
                    elif MARK in name and entry.is_file():
                        found.files[path] = (run, directory / entry.name)
        except FileNotFoundError:
            continue
        except OSError as error:
            found.refused[run] = error.strerror or str(error)
    return found


def _is_new_directory(entry: os.DirEntry[str], seen: set[tuple[int, int]]) -> bool:
    """Whether it is a directory not met yet; by its identity, for a link may lead anywhere."""
    try:
        if not entry.is_dir():
            return False
        status = entry.stat()
    except OSError:  # a link to nowhere, or to itself
        return False
    identity = (status.st_dev, status.st_ino)
    if identity in seen:
        return False
    seen.add(identity)
    return True
