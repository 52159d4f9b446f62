"""The marks of a log directory: what people say of its runs, and the views that they saved."""

from __future__ import annotations

import errno
import os
import threading
import time
from collections.abc import Iterable
from typing import Any

from headway.errors import HeadwayError
from headway.marks.journal import Edit, Journal
from headway.marks.mark import NOTHING, Mark, checked, checked_view
from headway.marks.place import own_journal, shared_journal

_NOT_HERE = {None, *map(errno.__dict__.get, ("EACCES", "EPERM", "EROFS", "ENOENT", "ENOTDIR", "EEXIST", "ELOOP"))}
"""Errors that say that the log directory takes no marks; others are failures."""


class Marks:
    """Marks of the runs below `logdir`, a directory or a URL, as they are now. Any thread may use it.

    Two journals are read: the one in the log directory and the user's own; the newer edit of a field counts. What is
    said goes to the first, and where that cannot be written, to the second.
    """

    def __init__(self, logdir: str | os.PathLike[str]) -> None:
        self.logdir = os.fspath(logdir)
        shared = shared_journal(self.logdir)
        self._own = Journal(own_journal(self.logdir), _holds)
        self._shared = None if shared is None else Journal(shared, _holds)
        self._lock = threading.Lock()
        self._revision = 1
        self._marks: dict[str, Mark] = {}
        self._views: dict[str, Any] = {}

    @property
    def revision(self) -> int:
        """Counts up when marks or views have changed, whoever changed them."""
        with self._lock:
            self._refresh()
            return self._revision

    @property
    def skipped(self) -> int:
        """How many lines of the journals say nothing that is understood."""
        with self._lock:
            self._refresh()
            return sum(journal.skipped for journal in self._journals())

    def of(self, run: str) -> Mark:
        """Return what is said of `run`, a name as the index gives it."""
        with self._lock:
            self._refresh()
            return self._marks.get(run, NOTHING)

    def all(self) -> dict[str, Mark]:
        """Return the runs of which something is said."""
        with self._lock:
            self._refresh()
            return dict(self._marks)

    def views(self) -> dict[str, Any]:
        """Return the saved views: name → state, whatever JSON was saved; in the order they were saved."""
        with self._lock:
            self._refresh()
            return dict(self._views)

    def set(self, run: str, **fields: Any) -> Mark:
        """Say something of `run`, and return all that is said then. None takes back what was said of a field.

        Raises:
            HeadwayError: there is no such field, it cannot hold that, or it can be kept nowhere.
        """
        self.set_all([run], **fields)
        return self.of(run)

    def set_all(self, runs: Iterable[str], **fields: Any) -> None:
        """Say the same of several runs, in one write.

        Raises:
            HeadwayError: there is no such field, it cannot hold that, or it can be kept nowhere.
        """
        now = time.time()
        values = {field: _plain(checked(field, value)) for field, value in fields.items()}
        self._append([Edit(now, "run", run, field, value) for run in runs for field, value in values.items()])

    def save_view(self, name: str, state: Any) -> None:
        """Keep `state`, anything that JSON holds, under `name`.

        Raises:
            HeadwayError: the name is no line of text, the state is no JSON or too large, or it can be kept nowhere.
        """
        name, state = checked_view(name, state)
        self._append([Edit(time.time(), "view", name, "state", state)])

    def drop_view(self, name: str) -> None:
        """Forget a view; one that there is not, too.

        Raises:
            HeadwayError: the journal cannot be written.
        """
        self._append([Edit(time.time(), "view", name, "state", None)])

    def _journals(self) -> Iterable[Journal]:
        return filter(None, (self._shared, self._own))

    def _append(self, edits: list[Edit]) -> None:
        with self._lock:
            if not edits or (self._shared is not None and _takes(self._shared, edits)):
                return
            try:
                self._own.path.parent.parent.mkdir(parents=True, exist_ok=True)
                self._own.append(edits)
            except OSError as error:
                raise HeadwayError(f"marks can be kept neither there nor in {self._own.path}: {error}") from error

    def _refresh(self) -> None:
        news = [journal.refresh() for journal in self._journals()]
        if not any(news):
            return
        self._revision += 1
        last: dict[tuple[str, str, str], Edit] = {}
        for edit in sorted((e for journal in self._journals() for e in journal.last.values()), key=lambda e: e.time):
            last[edit.key] = edit
        said: dict[str, dict[str, Any]] = {}
        for edit in last.values():
            if edit.of == "run":
                said.setdefault(edit.name, {})[edit.field] = checked(edit.field, edit.value)
        marks = {run: Mark(**fields) for run, fields in said.items()}
        self._marks = {run: mark for run, mark in marks.items() if mark != NOTHING}
        self._views = {e.name: e.value for e in last.values() if e.of == "view" and e.value is not None}


def _holds(edit: Edit) -> bool:
    """Whether a mark can hold that: what a later version says, or a slip of a hand, takes nothing back."""
    try:
        if edit.of == "run":
            checked(edit.field, edit.value)
    except HeadwayError:
        return False
    return True


def _takes(shared: Journal, edits: list[Edit]) -> bool:
    """Append `edits` to the journal in the log directory; False when none may be there."""
    try:
        shared.append(edits)
    except OSError as error:
        if error.errno not in _NOT_HERE:
            raise HeadwayError(f"marks cannot be kept in {shared.path}: {error}") from error
        return False
    return True


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value
