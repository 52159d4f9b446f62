"""A log directory: `headway.open`."""

from __future__ import annotations

import os
import time
import warnings
import weakref
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import duckdb

from headway.errors import HeadwayError, HeadwayWarning
from headway.export import Exported, Format, export
from headway.ingest.index import Index
from headway.logs.frame import Frame
from headway.logs.result import Result, fetched
from headway.logs.run import LoggedRun
from headway.logs.scalars import Scalars
from headway.marks import Marks
from headway.query.align import Align, aligned
from headway.query.facts import Accounts, Facts
from headway.query.filter import parse_filter
from headway.query.group import Band, banded
from headway.query.names import near
from headway.query.series import Series
from headway.query.sql import failure, select
from headway.store.embedded import MEMORY
from headway.store.place import identity
from headway.urls import is_url

Names = str | Sequence[str]
"""One or several."""

_shared: weakref.WeakValueDictionary[tuple[str, str], Index] = weakref.WeakValueDictionary()


class Logs:
    """A log directory, read completely. `logs[name]` is a run; `logs.refresh()` reads what has come since."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._accounts = Accounts(index)
        self.marks = Marks(index.logdir)
        """What people said of the runs: names, notes, tags, groups."""

    @property
    def runs(self) -> list[str]:
        """The runs' names, in alphabetical order."""
        return self._index.run_names()

    @property
    def tags(self) -> list[str]:
        """Every scalar tag that any run has, in alphabetical order."""
        return sorted(self._index.tags())

    def __getitem__(self, run: str) -> LoggedRun:
        if self._index.run_id(run) is None:
            raise KeyError(f"no run {run!r} in {self._index.name}{near(run, self.runs)}")
        return LoggedRun(self._index, self.marks, run)

    def __iter__(self) -> Iterator[str]:
        return iter(self.runs)

    def __len__(self) -> int:
        return len(self.runs)

    def __contains__(self, run: object) -> bool:
        return isinstance(run, str) and self._index.run_id(run) is not None

    def __repr__(self) -> str:
        return f"<Logs {self._index.name!r}: {len(self)} runs>"

    def refresh(self) -> bool:
        """Read what has come since. Return whether anything changed."""
        return self._index.refresh()

    @property
    def problems(self) -> list[str]:
        """What could not be read, a line for each file."""
        return [f"{problem.file}: {problem.message}" for problem in self._index.problems()]

    def where(self, filter: str) -> list[str]:
        """Return the names of the runs for which `filter` holds, as in "config.lr < 1e-3 and last(val/loss) < 2".

        Raises:
            HeadwayError: it is no filter; see `headway.query.filter`.
        """
        wanted, now, marks = parse_filter(filter), time.time(), self.marks.all()
        nothing = self.marks.of("")
        return [
            run.name
            for run in self._index.runs()
            if wanted.matches(Facts(self._index, run, self._accounts, marks.get(run.name, nothing), now))
        ]

    def frame(self, tags: Names, runs: Names | None = None, align: Align = "outer") -> Frame:
        """Return series of several runs side by side: a column for each run and tag that there is.

        Args:
            tags: one or several; also expressions, as `LoggedRun.scalars` takes them.
            runs: one or several, by name; all of them if not given.
            align: "step": the steps that all columns have. "outer": the steps that any has, NaN elsewhere.
                "interpolate": the same, and on straight lines between the points of a column.

        Raises:
            KeyError: there is no such run, or no run has one of the tags.
            HeadwayError: `align` is something else.
        """
        found: dict[tuple[str, str], Series] = {}
        for tag in [tags] if isinstance(tags, str) else tags:
            found |= {(run, tag): _series(scalars) for run, scalars in self._having(tag, runs).items()}
        steps, columns = aligned(list(found.values()), align)
        return Frame(steps, dict(zip(found, columns, strict=True)))

    def grouped(self, tag: str, by: Names = (), runs: Names | None = None) -> dict[Any, Band]:
        """Return one band for each group of runs: mean and interval over seeds, quantiles, least and greatest.

        Args:
            tag: or an expression.
            by: keys of the config; runs with the same values there are a group. Without any, all runs are one.
            runs: one or several, by name; all that have the tag if not given.

        Returns:
            A band by the value of the key, or by the tuple of values where `by` is a sequence. A run whose config
            lacks a key has None for it.

        Raises:
            KeyError: there is no such run, or no run has the tag.
        """
        groups: dict[Any, list[Scalars]] = {}
        for run, scalars in self._having(tag, runs).items():
            config = self._accounts.of(run).config
            group = config.get(by) if isinstance(by, str) else tuple(config.get(key) for key in by)
            groups.setdefault(group, []).append(scalars)
        return {
            group: banded([line.steps.astype(float) for line in lines], [line.values for line in lines])
            for group, lines in groups.items()
        }

    def sql(self, query: str, parameters: Sequence[object] = ()) -> Result:
        """Return what a SELECT gives, over the views runs, config, series, points and events.

        `parameters` stand for the `?` in it. See `headway.query.sql` for the columns.

        Raises:
            HeadwayError: it is no SELECT, or wrong.
        """
        cursor = select(self._index, query, parameters)
        try:
            return fetched(cursor)
        except duckdb.Error as error:
            raise failure(error) from None
        finally:
            cursor.close()

    def export(
        self,
        destination: str | os.PathLike[str],
        format: Format | None = None,
        *,
        runs: Names | None = None,
        tags: Names | None = None,
        first_step: int | None = None,
        last_step: int | None = None,
    ) -> Exported:
        """Write points to a file, or everything to event files below a directory. Return how much it was.

        Args:
            destination: a file of the format, that is not there yet; for event files, a directory.
            format: "csv", "jsonl", "parquet" or "events"; by the file's name if not given.
            runs: one or several, by name; all if not given.
            tags: one or several; all if not given.
            first_step: earlier steps are left out.
            last_step: later steps are left out.

        Raises:
            HeadwayError: there is something already, there is no such run, or it cannot be written.
        """
        return export(self._index, destination, format, runs, tags, first_step, last_step)

    def _having(self, tag: str, runs: Names | None) -> dict[str, Scalars]:
        """What the runs have of `tag`, those that have it."""
        found, missing = {}, None
        for run in self.runs if runs is None else [runs] if isinstance(runs, str) else runs:
            try:
                found[run] = self[run].scalars(tag)
            except KeyError as error:
                if run not in self:
                    raise
                missing = error
        if missing and not found:
            raise missing
        return found


def _series(scalars: Scalars) -> Series:
    return Series(scalars.steps, scalars.wall_times, scalars.values)


def open(logdir: str | os.PathLike[str], index: str | os.PathLike[str] | None = None) -> Logs:
    """Read the event files below `logdir`, a path or URL: all of them and every point. Return them.

    `index` is where the index is kept, so that opening again reads only what is new: a path, ":memory:", or None for
    the place in the user's cache directory that `headway view` uses as well. When another process has it open, the
    index of this call is in memory, with a `HeadwayWarning`.

    Raises:
        HeadwayError: `logdir` does not exist, or is no directory, or cannot be reached.
        HeadwayImportError: a package that is needed for such URLs is missing.
    """
    directory = str(logdir) if is_url(logdir) else Path(logdir)
    if isinstance(directory, Path) and not os.path.isdir(directory):  # noqa: PTH112 - pathlib's raises where a parent may not be entered
        what = "it is a file" if os.path.isfile(directory) else "it is not there, or may not be entered"  # noqa: PTH113
        raise HeadwayError(f"no log directory {str(directory)!r}: {what}")
    place = index if index is None or os.fspath(index) == MEMORY else Path(index)
    key = (identity(directory), "" if place is None else os.path.realpath(place))
    shared = None if place is not None and os.fspath(place) == MEMORY else _shared.get(key)
    if shared is None:
        shared = Index(directory, None if place is None else str(place))
        if shared.notice:
            warnings.warn(shared.notice, HeadwayWarning, stacklevel=2)
        elif shared.place == "disk":
            _shared[key] = shared
    shared.refresh()
    if not shared.directory.is_there():
        reason = next((problem.message for problem in shared.problems()), "nothing is there")
        raise HeadwayError(f"no log directory {shared.name!r}: {reason}")
    return Logs(shared)
