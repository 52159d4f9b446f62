"""How a run's life in this process goes: running, then finished, failed or killed.

A process that is killed outright says nothing more: its heartbeat stays away.
"""

from __future__ import annotations

import os
import sys
import traceback
from dataclasses import dataclass
from typing import Literal

from headway.record.about import markdown
from headway.record.files import termination

STATE_TAG = "headway/state"
MAX_TRACEBACK = 32 << 10
"""Characters of a traceback that are kept, a third of them from its beginning."""

MAX_HEADLINE = 200
"""Characters of an exception's message that stand beside the state."""

Status = Literal["running", "finished", "failed", "killed"]


@dataclass(frozen=True, slots=True)
class State:
    """What is said of a run under the tag `headway/state`."""

    status: Status
    reason: str = ""
    """In a few words."""
    trace: str = ""

    def text(self) -> str:
        """Return it as Markdown; the first word is the status."""
        said = f"{self.status}: {self.reason}" if self.reason else self.status
        return f"{said}\n\n{markdown.fenced(self.trace, 'text')}" if self.trace else said


RUNNING = State("running")
FINISHED = State("finished")


def state_after(error: BaseException | None) -> State:
    """Return how something ended that `error` has left, or nothing has.

    `sys.exit()` is an end like any other, unless it says that something went wrong.
    """
    if error is None:
        return FINISHED
    if isinstance(error, SystemExit):
        if error.code is None or error.code == 0:
            return FINISHED
        cause = error.__cause__ or error.__context__
        status = f"exit status {error.code}" if isinstance(error.code, int) else str(error.code)
        return State("failed", status, "" if cause is None else _trace(error))
    if isinstance(error, KeyboardInterrupt):
        return State("killed", "interrupted", _trace(error))
    return State("failed", _headline(error), _trace(error))


class Life:
    """One life of a run: from `init` to its end in the process that began it."""

    def __init__(self) -> None:
        self._process = os.getpid()
        # A run may well begin in the handler of an earlier failure: that one is not its own.
        self._earlier = {id(_passing()), id(_unhandled())}
        self._state: State | None = None

    @property
    def is_here(self) -> bool:
        """Whether this is the process that began it, and no fork of it."""
        return os.getpid() == self._process

    def ends(self, error: BaseException | None) -> None:
        """It is left because of `error`, or in peace."""
        self._state = state_after(error)

    def end(self) -> State:
        """Return how it ends, asked at the moment when it does; it may begin again after that."""
        state, self._state = self._state, None
        killer = termination.received()
        if killer is not None:
            return State("killed", killer)
        if state is not None:
            return state
        for error in (_passing(), _unhandled()):
            if error is not None and id(error) not in self._earlier:
                return state_after(error)
        return FINISHED


def _passing() -> BaseException | None:
    """Return the exception that is on its way: in the `finally` that closes a run, in a worker that leaves."""
    return sys.exc_info()[1]


def _unhandled() -> BaseException | None:
    """Return the exception that ends the program: the interpreter leaves it here, whatever sys.excepthook does."""
    if hasattr(sys, "ps1"):  # at a prompt, an error ends nothing
        return None
    error = getattr(sys, "last_exc", None) or getattr(sys, "last_value", None)
    return error if isinstance(error, BaseException) else None


def _headline(error: BaseException) -> str:
    try:
        message = str(error).strip().split("\n")[0]
    except Exception:
        message = "(its message could not be made)"
    name = type(error).__qualname__
    return f"{name}: {message[:MAX_HEADLINE]}" if message else name


def _trace(error: BaseException) -> str:
    try:
        said = "".join(traceback.format_exception(error)).rstrip()
    except Exception as another:
        said = f"(the traceback could not be made: {type(another).__name__})"
    if len(said) <= MAX_TRACEBACK:
        return said
    first = MAX_TRACEBACK // 3
    return f"{said[:first]}\n\n... {len(said) - MAX_TRACEBACK} characters cut ...\n\n{said[first - MAX_TRACEBACK :]}"
