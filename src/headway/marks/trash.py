"""The trash: where the event files of a removed run go, in the log directory, to be brought back or to be deleted."""

from __future__ import annotations

import contextlib
import errno
import os
import shlex
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from headway.errors import HeadwayError
from headway.marks.place import FOLDER
from headway.urls import is_url

TRASH = "trash"
_MOST = 1000  # removals in one second


@dataclass(slots=True, frozen=True)
class Removal:
    """What removing a run takes: found beforehand, so that a person can be asked."""

    run: str
    directory: Path
    """Of the run."""
    files: list[Path]
    """Its event files."""
    bytes: int
    whole: bool
    """Whether the directory goes as well: nothing else lies in it."""


@dataclass(slots=True, frozen=True)
class Removed:
    """A run that was removed, and where it is now."""

    removal: Removal
    place: Path
    """The directory in the trash that holds its files."""

    def restore(self) -> str:
        """Return the command that brings it back, for a shell."""
        source, target = _quoted(self.place), _quoted(self.removal.directory)
        return f"mv {source} {target}" if self.removal.whole else f"mv {source}/* {target}/"


def _quoted(path: Path) -> str:
    """Return a path for a shell, printable whatever it is, so that the command can be shown and still be right."""
    text = f"./{path}" if str(path).startswith("-") else str(path)  # no option
    if text.isprintable():
        return shlex.quote(text)
    plain = set(range(32, 127)) - set(b"\\%'")
    octal = "".join(chr(byte) if byte in plain else f"\\{byte:03o}" for byte in os.fsencode(text))
    return f"\"$(printf '{octal}')\""


def removal(logdir: str | os.PathLike[str], run: str, files: Sequence[Path]) -> Removal:
    """Return what removing `run` would take: its event `files`, all in one directory.

    Raises:
        HeadwayError: the log directory is a URL, the run's files are gone, or its directory is reached by a link.
    """
    if is_url(os.fspath(logdir)):
        raise HeadwayError(f"runs at {os.fspath(logdir)} cannot be removed from here")
    directories = {file.parent for file in files}
    if len(directories) != 1:
        raise HeadwayError(f"run {run!r} has no event files in one directory: nothing to remove")
    (directory,) = directories
    if not _is_below(directory, Path(logdir)):
        raise HeadwayError(f"run {run!r} is reached by a link: remove {directory} yourself")
    there = [file for file in files if file.is_symlink() or file.exists()]
    if not there:
        raise HeadwayError(f"the event files of run {run!r} are gone already")
    with os.scandir(directory) as entries:
        others = {entry.name for entry in entries} - {file.name for file in there}
    whole = not others and not directory.samefile(logdir)
    return Removal(run, directory, there, sum(file.lstat().st_size for file in there), whole)


def remove(logdir: str | os.PathLike[str], removal: Removal) -> Removed:
    """Move what `removal` names to the trash of `logdir`: all of it, or nothing.

    Raises:
        HeadwayError: it may not be moved, or lies on another file system.
    """
    directory = removal.directory
    try:
        place = _place(Path(logdir) / FOLDER / TRASH) / _relative(directory, Path(logdir))
        if removal.whole:
            place.parent.mkdir(parents=True, exist_ok=True)
            directory.rename(place)
        else:
            place.mkdir(parents=True, exist_ok=True)
            _move_all(removal.files, place)
    except OSError as error:
        if error.errno == errno.EXDEV:
            raise HeadwayError(
                f"{directory} lies on another file system than {logdir}: remove it yourself"
            ) from error
        raise HeadwayError(f"run {removal.run!r} cannot be removed: {error}") from error
    return Removed(removal, place)


def _move_all(files: Sequence[Path], place: Path) -> None:
    moved: list[tuple[Path, Path]] = []
    try:
        for file in files:
            moved.append((file, file.rename(place / file.name)))
    except OSError:
        for file, now in moved:
            with contextlib.suppress(OSError):
                now.rename(file)
        raise


def _place(trash: Path) -> Path:
    """Make a directory of its own in the trash."""
    for folder in (trash.parent, trash):
        if folder.is_symlink():
            raise HeadwayError(f"{folder} is a link; the trash must lie in the log directory")
    trash.mkdir(parents=True, exist_ok=True)
    for place in _names(trash):
        with contextlib.suppress(FileExistsError):
            place.mkdir()
            return place
    raise HeadwayError(f"{trash} is full of this second's removals; try again")


def _names(trash: Path) -> Iterator[Path]:
    now = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
    for number in range(_MOST):
        yield trash / f"{now}-{number}"


def _is_below(directory: Path, logdir: Path) -> bool:
    """Whether no link leads from `logdir` to `directory`."""
    try:
        return directory.resolve() == logdir.resolve() / _relative(directory, logdir)
    except OSError:
        return False


def _relative(directory: Path, logdir: Path) -> Path:
    try:
        return directory.relative_to(logdir)
    except ValueError as error:
        raise HeadwayError(f"{directory} is not in {logdir}") from error
