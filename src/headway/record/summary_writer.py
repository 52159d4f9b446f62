"""tensorboardX's and torch's `SummaryWriter`, for those who change one import."""

from __future__ import annotations

import os
import re
import socket
import time
import weakref
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from headway.events.encode import EventBuffer
from headway.events.messages import scalar_value, summary_event
from headway.events.number import as_double, as_int64
from headway.record.event_file import EventFile

_NOT_IN_TAGS = re.compile(r"[^-/\w.]")
_PARENT = re.compile(r"(?<![^/\\])\.\.(?![^/\\])")
_MAX_DESCRIBED = 100_000


class Nowhere:
    """An event file that is never written, for `write_to_disk=False`. What is no number is still an error."""

    lost = 0

    def __init__(self, directory: str) -> None:
        self.buffer = EventBuffer(0)
        self._directory = directory

    def get_logdir(self) -> str:
        """Return the directory that nothing is written to."""
        return self._directory

    def add_again(self, *_: Any) -> None:
        """Drop it."""

    def refuse(self, error: Exception) -> None:
        """Raise a TypeError, drop the rest."""
        if isinstance(error, TypeError):
            raise error

    def flush(self) -> None:
        """Nothing waits."""

    def close(self) -> None:
        """Nothing is open."""


class SummaryWriter:
    """Writes event files that headway and TensorBoard show; the signatures are tensorboardX's.

    Logging never raises because of the disk: what cannot be written is kept for a time, counted in the end.
    Everything is in the file a fraction of a second after it was logged, or when `flush` or `close` returns.

    Args:
        logdir: directory of the run. Default: `runs/` and the date, time, host name and `comment`.
        comment: ends the default directory's name.
        purge_step: the run is taken up again at this step; readers drop it and later ones from earlier files.
        max_queue: accepted for compatibility; the buffer is bounded by bytes.
        flush_secs: accepted for compatibility; ten times a second.
        filename_suffix: ends the names of event files.
        write_to_disk: False writes nothing at all.
        log_dir: torch's name of `logdir`.
        comet_config: accepted for compatibility.
        kwargs: accepted for compatibility.

    """

    def __init__(
        self,
        logdir: str | os.PathLike[str] | None = None,
        comment: str = "",
        purge_step: int | None = None,
        max_queue: int = 10,  # noqa: ARG002 - this and others are there for the signature's sake
        flush_secs: int = 120,  # noqa: ARG002
        filename_suffix: str = "",
        write_to_disk: bool = True,
        log_dir: str | os.PathLike[str] | None = None,
        comet_config: Mapping[str, Any] | None = None,  # noqa: ARG002
        **kwargs: Any,  # noqa: ARG002
    ) -> None:
        self.logdir = logdir or log_dir or _default_directory(comment)
        self.log_dir = self.logdir
        self.purge_step = None if purge_step is None else int(purge_step)
        self._filename_suffix = filename_suffix
        self._write_to_disk = write_to_disk
        self.file_writer = self._begin_file(os.fspath(self.logdir), self.purge_step)
        self.all_writers = {self.get_logdir(): self.file_writer}
        self._described: set[str] = set()
        self._add_scalar = self.file_writer.buffer.add_scalar
        # A writer that is dropped and never closed must not leave its thread behind.
        weakref.finalize(self, _close_all, self.all_writers).atexit = False

    def get_logdir(self) -> str:
        """Return the directory of the event files."""
        return self.file_writer.get_logdir()

    @property
    def lost(self) -> int:
        """How many events could not be kept: no room, no such number, the file vanished."""
        return sum(file.lost for file in self.all_writers.values())

    def add_scalar(
        self,
        tag: str,
        scalar_value: Any,
        global_step: Any = None,
        walltime: float | None = None,
        display_name: str = "",
        summary_description: str = "",
        *,
        new_style: bool = False,  # noqa: ARG002
        double_precision: bool = False,
    ) -> None:
        """Log one number.

        Args:
            tag: name of the series. Characters other than letters, digits, `_-./` become `_`.
            scalar_value: a number, or an array or tensor of one, of any framework.
            global_step: what `int()` takes; 0 when left out.
            walltime: seconds since 1970; now when left out.
            display_name: title in TensorBoard, taken from the first value of a tag.
            summary_description: description (Markdown) in TensorBoard, likewise.
            new_style: torch's; the form makes no difference to any reader.
            double_precision: torch's; keep all of a double's digits.

        Raises:
            TypeError: `scalar_value` is no single number; nothing was logged.

        """
        if display_name or summary_description or double_precision:
            self._add_described(
                tag, scalar_value, global_step, walltime, display_name, summary_description, double_precision
            )
            return
        try:
            if not self._add_scalar(tag, scalar_value, global_step, walltime):
                self.file_writer.add_again(self._add_scalar, tag, scalar_value, global_step, walltime)
        except Exception as error:
            self.file_writer.refuse(error)

    def add_scalars(
        self,
        main_tag: str,
        tag_scalar_dict: Mapping[str, Any],
        global_step: Any = None,
        walltime: float | None = None,
    ) -> None:
        """Log several numbers, each to a run of its own: tag `main_tag` of the run `logdir/main_tag/key`.

        That is tensorboardX's layout. To log many values into one run, see `headway.init` and `Run.log`.

        Raises:
            TypeError: a value is no single number or a key no string; nothing was logged.

        """
        if not isinstance(main_tag, str):
            raise TypeError(f"a tag must be a str, not {type(main_tag).__name__}")
        wall_time = time.time() if walltime is None else walltime
        numbers: dict[str, float] = {}
        for key, value in tag_scalar_dict.items():
            if not isinstance(key, str):
                raise TypeError(f"a key of tag_scalar_dict must be a str, not {type(key).__name__}")
            try:
                numbers[key] = as_double(value, f"{main_tag}/{key}")
            except Exception as error:
                self.file_writer.refuse(error)
        for key, number in numbers.items():
            file = self._sub_run(main_tag, key)
            add = file.buffer.add_scalar
            try:
                if not add(main_tag, number, global_step, wall_time):
                    file.add_again(add, main_tag, number, global_step, wall_time)
            except Exception as error:
                file.refuse(error)

    def flush(self) -> None:
        """Return when everything logged before is in the files."""
        for file in list(self.all_writers.values()):
            file.flush()

    def close(self) -> None:
        """Write everything and close the files. Logging more begins new ones."""
        _close_all(self.all_writers)
        self._described.clear()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _begin_file(self, directory: str, purge_step: int | None = None) -> EventFile | Nowhere:
        if not self._write_to_disk:
            return Nowhere(directory)
        return EventFile(directory, self._filename_suffix, purge_step, clean=clean_tag)

    def _sub_run(self, main_tag: str, key: str) -> EventFile | Nowhere:
        parts = [_PARENT.sub("__", name.lstrip("/")) for name in (main_tag, key)]  # never out of the run's directory
        directory = str(Path(self.get_logdir(), *parts))
        file = self.all_writers.get(directory)
        if file is None:
            file = self.all_writers[directory] = self._begin_file(directory)
        return file

    def _add_described(
        self, tag: str, value: Any, step: Any, wall_time: Any, name: str, description: str, double: bool
    ) -> None:
        """Add a scalar that says more than its number: what is said of the tag is written once a file."""
        file = self.file_writer
        try:
            tag = clean_tag(tag)
            first = tag not in self._described
            written = scalar_value(
                tag,
                as_double(value, tag),
                display_name=name if first and isinstance(name, str) else "",  # torch's new_style stands there
                description=description if first else "",
                double=double,
            )
            at = 0 if step is None else as_int64(step, "step")
            when = time.time() if wall_time is None else as_double(wall_time, "wall_time")
            event = summary_event([written], when, at)
            if not file.buffer.append(event):
                file.add_again(file.buffer.append, event)
        except Exception as error:
            file.refuse(error)
            return
        if len(self._described) >= _MAX_DESCRIBED:
            self._described.clear()
        self._described.add(tag)


def clean_tag(tag: str) -> str:
    """Return the tag that tensorboardX writes for `tag`: "_" for special characters, no leading "/"."""
    if not isinstance(tag, str):
        raise TypeError(f"a tag must be a str, not {type(tag).__name__}")
    return _NOT_IN_TAGS.sub("_", tag).lstrip("/")


def _default_directory(comment: str) -> str:
    moment = datetime.now().strftime("%b%d_%H-%M-%S")
    return str(Path("runs", f"{moment}_{socket.gethostname()}{comment}"))


def _close_all(files: dict[str, EventFile | Nowhere]) -> None:
    """Close a writer's files and drop all but its own, the first."""
    for number, (directory, file) in enumerate(list(files.items())):
        file.close()
        if number:
            del files[directory]
