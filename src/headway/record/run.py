"""headway's own way to record: one run, many values a call, nested keys."""

from __future__ import annotations

import json
import os
import time
import weakref
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self

from headway.events.messages import summary_event, text_value
from headway.events.number import as_int64
from headway.record.event_file import EventFile

CONFIG_TAG = "headway/config"


def init(
    logdir: str | os.PathLike[str],
    config: Mapping[str, Any] | None = None,
    *,
    purge_step: int | None = None,
    filename_suffix: str = "",
) -> Run:
    """Begin to record a run.

    Args:
        logdir: its directory; its name is its path below the log directory that is viewed.
        config: what the run was started with; written once, as JSON (`str()` of what JSON does not know).
        purge_step: the run is taken up again at this step; readers drop it and later ones from earlier files.
        filename_suffix: ends the names of event files.

    """
    return Run(logdir, config, purge_step=purge_step, filename_suffix=filename_suffix)


class Run:
    """A run that is being recorded; made by `headway.init`.

    Logging never raises because of the disk: what cannot be written is kept for a time, counted in the end.
    Everything is in the file a fraction of a second after it was logged, or when `flush` or `close` returns.
    """

    def __init__(
        self,
        logdir: str | os.PathLike[str],
        config: Mapping[str, Any] | None = None,
        *,
        purge_step: int | None = None,
        filename_suffix: str = "",
    ) -> None:
        self.logdir = os.fspath(logdir)
        self.config = config
        told = None if config is None else _config_event(config)
        self._next_step = 0 if purge_step is None else int(purge_step)
        self._file = EventFile(self.logdir, filename_suffix, None if purge_step is None else self._next_step)
        self._add_scalars = self._file.buffer.add_scalars
        # A run that is dropped and never closed must not leave its thread behind.
        weakref.finalize(self, self._file.close).atexit = False
        if told is not None and not self._file.buffer.append(told):
            self._file.add_again(self._file.buffer.append, told)

    @property
    def lost(self) -> int:
        """How many events could not be kept: no room, no such number, the file vanished."""
        return self._file.lost

    def log(self, values: Mapping[str, Any], step: Any = None, wall_time: float | None = None) -> None:
        """Log numbers as one event.

        Args:
            values: tags and numbers, or arrays or tensors of one; the keys of nested mappings join with "/".
            step: what `int()` takes; when left out, one more than the last, beginning at 0.
            wall_time: seconds since 1970; now when left out.

        Raises:
            TypeError: a value is no single number, or a key no string; nothing was logged.

        """
        try:
            at = self._next_step if step is None else step if type(step) is int else as_int64(step, "step")
            self._next_step = at + 1
            if not self._add_scalars(values, at, wall_time):
                self._file.add_again(self._add_scalars, values, at, wall_time)
        except Exception as error:
            self._file.refuse(error)

    def flush(self) -> None:
        """Return when everything logged before is in the file."""
        self._file.flush()

    def close(self) -> None:
        """Write everything and close the file. Logging more begins a new one."""
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _config_event(config: Mapping[str, Any]) -> bytes:
    if not isinstance(config, Mapping):
        raise TypeError(f"config must be a mapping, as vars() gives one, not {type(config).__name__}")
    text = json.dumps(dict(config), indent=2, ensure_ascii=False, default=str)
    return summary_event([text_value(CONFIG_TAG, f"```json\n{text}\n```")], time.time())
