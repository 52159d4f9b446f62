"""The account that a run gives of itself: what it is, with which configuration it began, how it goes and ends."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from typing import Any

from headway.events.messages import summary_event, text_value
from headway.record.about.config import flat
from headway.record.about.console import CONSOLE_TAG, Console
from headway.record.about.description import (
    DIFF_TAG,
    RUN_TAG,
    code_directories,
    describe,
    diff_text,
    process,
    run_text,
)
from headway.record.about.ending import RUNNING, STATE_TAG, Life, State, Status
from headway.record.about.git import find_checkout
from headway.record.about.markdown import fenced
from headway.record.about.secrets import masked_config
from headway.record.files import closing
from headway.record.files.event_file import EventFile
from headway.record.kinds import hparams

CONFIG_TAG = "headway/config"

_ENDS: dict[Status, hparams.Status] = {"finished": "success", "failed": "failure"}


class Account:
    """Of one life of a run. Every rank tells its state; what the run is, only the one that `describes` it.

    All of it stands at the life's first step, so that no session that begins later voids it.

    Args:
        told: what only the run knows of itself; the rest is found out.
        config: plain, or None when there is none.
        describes: whether to tell more than the state.
        console: whether to tell what is printed, too.

    """

    def __init__(
        self, told: Mapping[str, Any], config: Mapping[str, Any] | None, *, describes: bool, console: bool
    ) -> None:
        self.life = Life()
        self._told = told
        self._config = None if config is None else masked_config(config)
        self._describes = describes
        self._console = Console(self._say) if console and describes else None
        self._found: list[bytes] = []
        self._file: EventFile | None = None
        self._first_step = 0
        self._step: Callable[[], int] = lambda: 0

    def begin(self, file: EventFile, first_step: int, step: Callable[[], int]) -> None:
        """Begin to tell it to `file`; `step` says where the run is, and must not keep it alive."""
        self._file, self._first_step, self._step = file, first_step, step
        self._tell_all(file)
        if self._console is not None:
            self._console.start()

    def rewound(self, step: int) -> None:
        """Tell again what a session that begins at `step` has voided."""
        if step <= self._first_step and self._file is not None:
            self._first_step = step
            self._tell_all(self._file)

    def farewell(self) -> list[bytes]:
        """Return the last events; in a forked process, which is not the run, none."""
        if not self.life.is_here:
            return []
        if self._console is not None:
            self._console.stop()
        state = self.life.end()
        values = [text_value(STATE_TAG, state.text())]
        if self._describes and self._config:
            values.append(hparams.session_end_value(_ENDS.get(state.status, "unknown"), time.time()))
        return [self._event(values)]

    def _tell_all(self, file: EventFile) -> None:
        file.append(self._event(self._beginning(RUNNING)))
        if self._describes and not closing.is_over():
            directories, here = code_directories(), process()
            file.defer(lambda: self._event(self._description(directories, here)), 0, "the description of the run")

    def _beginning(self, state: State) -> list[bytes]:
        values = [text_value(STATE_TAG, state.text())]
        if self._describes and self._config is not None:
            text = json.dumps(self._config, indent=2, ensure_ascii=False, allow_nan=False)
            values.append(text_value(CONFIG_TAG, fenced(text, "json")))
            if self._config:
                values.append(hparams.session_start_value(flat(self._config), start_time=time.time()))
        return values

    def _description(self, directories: list[str], here: Mapping[str, Any]) -> list[bytes]:
        """Find out what the run is; on the background thread, and once."""
        if not self._found:
            checkout = find_checkout(directories)
            self._found = [text_value(RUN_TAG, run_text(describe({**self._told, **here}, checkout)))]
            if checkout is not None and checkout.diff:
                self._found.append(text_value(DIFF_TAG, diff_text(checkout)))
        return self._found

    def _say(self, text: str) -> None:
        if self._file is not None:
            self._file.append(summary_event([text_value(CONSOLE_TAG, text)], time.time(), self._step()))

    def _event(self, values: list[bytes]) -> bytes:
        return summary_event(values, time.time(), self._first_step)
