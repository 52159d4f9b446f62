"""The read API: `headway.open(logdir)`, its runs, and their series as numpy columns."""

from __future__ import annotations

import os
import warnings
import weakref
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from headway.errors import HeadwayError, HeadwayWarning
from headway.ingest.index import Index
from headway.query.series import loaded, resolve
from headway.store.embedded import MEMORY
from headway.store.place import identity
from headway.urls import is_url

if TYPE_CHECKING:
    import pandas

_shared: weakref.WeakValueDictionary[tuple[str, str], Index] = weakref.WeakValueDictionary()


class Scalars:
    """All points of one scalar series, in the order they were logged; where sessions overlap, the later one's."""

    def __init__(
        self, steps: NDArray[np.int64], wall_times: NDArray[np.float64], values: NDArray[np.float64]
    ) -> None:
        self.steps = steps
        """[n] int64."""
        self.wall_times = wall_times
        """[n] float64, seconds since 1970."""
        self.values = values
        """[n] float64."""

    def __len__(self) -> int:
        return len(self.steps)

    def __repr__(self) -> str:
        return f"<Scalars: {len(self)} points>"

    def to_pandas(self) -> pandas.DataFrame:
        """Return a DataFrame with the columns step, wall_time and value. Needs pandas."""
        import pandas

        return pandas.DataFrame({"step": self.steps, "wall_time": self.wall_times, "value": self.values})


class LoggedRun:
    """One run of a log directory."""

    def __init__(self, index: Index, name: str) -> None:
        self._index = index
        self.name = name
        """The run's path below the log directory."""

    def __repr__(self) -> str:
        return f"<LoggedRun {self.name!r}>"

    @property
    def tags(self) -> list[str]:
        """The scalar tags, in the order they appeared."""
        return self._index.run_tags(self.name)

    def scalars(self, tag: str) -> Scalars:
        """Return every point of the series `tag`.

        Raises:
            KeyError: the run has no scalars under this tag.
        """
        segments = self._index.series(self.name, tag)
        if not segments:
            raise KeyError(f"run {self.name!r} has no scalars {tag!r}{_near(tag, self.tags)}")
        points = self._index.points(segments)
        series = resolve(loaded(segments, points), self._index.sessions(self.name))
        # The caller's own: others share what was read.
        return Scalars(series.steps.copy(), series.wall_times.copy(), series.values.copy())


class Logs:
    """A log directory, read completely. `logs[name]` is a run; `logs.refresh()` reads what has come since."""

    def __init__(self, index: Index) -> None:
        self._index = index

    @property
    def runs(self) -> list[str]:
        """The runs' names, in alphabetical order."""
        return self._index.run_names()

    def __getitem__(self, run: str) -> LoggedRun:
        if run not in self.runs:
            raise KeyError(f"no run {run!r} in {self._index.name}{_near(run, self.runs)}")
        return LoggedRun(self._index, run)

    def __iter__(self) -> Iterator[str]:
        return iter(self.runs)

    def __len__(self) -> int:
        return len(self.runs)

    def __contains__(self, run: object) -> bool:
        return run in self.runs

    def __repr__(self) -> str:
        return f"<Logs {self._index.name!r}: {len(self)} runs>"

    def refresh(self) -> bool:
        """Read what has come since. Return whether anything changed."""
        return self._index.refresh()

    @property
    def problems(self) -> list[str]:
        """What could not be read, a line for each file."""
        return [f"{problem.file}: {problem.message}" for problem in self._index.problems()]


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


def _near(name: str, names: list[str]) -> str:
    from difflib import get_close_matches

    near = get_close_matches(name, names, n=3)
    return f"; did you mean {', '.join(map(repr, near))}?" if near else ""
