"""What the index knows without asking the store: runs, tags, segments and their extents."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from headway.events.kinds import SCALARS
from headway.store.rows import TAG_SHIFT, Extent, Segment

LIVE_FOR = 30.0
"""A run is live when a file of it grew within so many seconds."""


@dataclass(slots=True, frozen=True)
class RunState:
    """One run as a list shows it. Wall times are seconds since 1970; `revision`: when it last changed."""

    id: int
    name: str
    points: int
    last_step: int | None
    first_wall: float | None
    last_wall: float | None
    live: bool
    revision: int


@dataclass(slots=True)
class _Run:
    id: int
    name: str
    revision: int = 0
    grew_at: float = 0.0
    segments: dict[str, list[int]] = field(default_factory=dict)
    """Scalar tag → ids of its segments."""
    sessions: Counter[tuple[str, int]] = field(default_factory=Counter)
    """(path, session) → how many of those segments it has."""


class Catalogue:
    """Runs, tags and segments. Not thread-safe: the index guards it."""

    def __init__(self) -> None:
        self._runs: dict[str, _Run] = {}
        self._names: dict[int, str] = {}
        self._ids: dict[str, int] = {}  # of runs that are gone, too: a name keeps its id
        self._segments: dict[int, Segment] = {}
        self._extents: dict[int, Extent] = {}
        self._keys: dict[tuple[str, int, str, str], int] = {}
        self._last: dict[str, int] = {}
        """Tag → the number of its newest segment. Numbers are not used again, nor are those of tags that are gone."""
        self._tags = 0

    def restore(self, stored: Iterable[tuple[Segment, Extent]]) -> None:
        """Take in what the store held."""
        for segment, extent in stored:
            self._adopt(segment, extent)
            self._last[segment.tag] = max(self._last.get(segment.tag, 0), segment.id)
            self._tags = max(self._tags, segment.id >> TAG_SHIFT)

    def segment(
        self, path: str, run: str, session: int, start: int | None, tag: str, kind: str
    ) -> tuple[Segment, bool]:
        """Return the segment with this key, made if need be, and whether it is new."""
        known = self._keys.get((path, session, tag, kind))
        if known is not None:
            return self._segments[known], False
        segment = Segment(self._next_number(tag), path, session, start, run, tag, kind)
        self._adopt(segment, Extent())
        return segment, True

    def add_points(
        self, segment: int, steps: NDArray[np.int64], wall_times: NDArray[np.float64], revision: int
    ) -> None:
        """Note points that were appended to `segment`."""
        self._extents[segment].add(steps, wall_times)
        self._runs[self._segments[segment].run].revision = revision

    def grew(self, times: dict[str, float], revision: int) -> None:
        """Note when files of runs last changed: run → seconds since 1970."""
        for name, time in times.items():
            run = self._runs.get(name)
            if run is not None:
                run.grew_at = max(run.grew_at, time)
                run.revision = revision

    def touch(self, names: Iterable[str], revision: int) -> None:
        """Mark runs as changed."""
        for name in names:
            if name in self._runs:
                self._runs[name].revision = revision

    def forget(self, paths: set[str], revision: int) -> None:
        """Drop the segments of files, and the runs that have none left."""
        self.drop([segment for segment in self._segments.values() if segment.path in paths], revision)

    def drop(self, segments: Iterable[Segment], revision: int) -> None:
        """Drop segments, and the runs that have none left."""
        for segment in segments:
            del self._segments[segment.id], self._extents[segment.id]
            del self._keys[segment.path, segment.session, segment.tag, segment.kind]
            run = self._runs[segment.run]
            run.revision = revision
            if segment.kind == SCALARS:
                run.segments[segment.tag].remove(segment.id)
                run.sessions -= Counter([(segment.path, segment.session)])
                if not run.segments[segment.tag]:
                    del run.segments[segment.tag]
        alive = {segment.run for segment in self._segments.values()}
        self._runs = {name: run for name, run in self._runs.items() if name in alive}

    def get(self, segment: int) -> tuple[Segment, Extent]:
        """A segment and its extent."""
        return self._segments[segment], self._extents[segment]

    def plugins(self) -> dict[str, dict[str, str]]:
        """For each file, what is known of its tags: path → tag → kind."""
        known: dict[str, dict[str, str]] = {}
        for segment in self._segments.values():
            known.setdefault(segment.path, {})[segment.tag] = segment.kind
        return known

    def series(self, run: str, tag: str) -> list[int]:
        """Ids of the segments of one series; empty when there is none."""
        known = self._runs.get(run)
        return [] if known is None else list(known.segments.get(tag, ()))

    def sessions(self, run: str) -> dict[tuple[str, int], tuple[int | None, float, float]]:
        """(path, session) → the step it said it starts at, and the first and last wall time of its scalars."""
        spans: dict[tuple[str, int], tuple[int | None, float, float]] = {}
        for ids in self._runs[run].segments.values():
            for segment, extent in map(self.get, ids):
                key = (segment.path, segment.session)
                _, first, last = spans.get(key, (None, float("inf"), float("-inf")))
                spans[key] = (segment.start, min(first, extent.first_wall), max(last, extent.last_wall))
        return spans

    def has_one_session(self, run: str) -> bool:
        """Whether all scalars of `run` come from one session of one file: then nothing supersedes anything."""
        return len(self._runs[run].sessions) <= 1

    def run_id(self, name: str) -> int | None:
        """The id of a run, or None when there is none of that name."""
        run = self._runs.get(name)
        return None if run is None else run.id

    def run_name(self, run_id: int) -> str | None:
        """The name of a run, or None when there is none of that id."""
        name = self._names.get(run_id)
        return name if name in self._runs else None

    def run_names(self) -> list[str]:
        """All runs, in alphabetical order."""
        return sorted(self._runs)

    def run_tags(self, run: str) -> list[str]:
        """The scalar tags of `run`, in the order they appeared."""
        return list(self._runs[run].segments)

    def tags(self) -> dict[str, list[int]]:
        """Scalar tag → ids of the runs that have it; both in the order they appeared."""
        tags: dict[str, list[int]] = {}
        for run in self._runs.values():
            for tag in run.segments:
                tags.setdefault(tag, []).append(run.id)
        return tags

    def runs(self, now: float) -> list[RunState]:
        """All runs, in alphabetical order."""
        return [self._state(self._runs[name], now) for name in self.run_names()]

    def live_runs(self, now: float) -> set[str]:
        """Names of the runs that are live at `now` (seconds since 1970)."""
        return {run.name for run in self._runs.values() if now - run.grew_at < LIVE_FOR}

    def _state(self, run: _Run, now: float) -> RunState:
        extents = [self._extents[i] for ids in run.segments.values() for i in ids if self._extents[i].points]
        live = now - run.grew_at < LIVE_FOR
        if not extents:
            return RunState(run.id, run.name, 0, None, None, None, live, run.revision)
        return RunState(
            run.id,
            run.name,
            sum(extent.points for extent in extents),
            max(extent.max_step for extent in extents),
            min(extent.first_wall for extent in extents),
            max(extent.last_wall for extent in extents),
            live,
            run.revision,
        )

    def _next_number(self, tag: str) -> int:
        if tag not in self._last:
            self._tags += 1
            self._last[tag] = self._tags << TAG_SHIFT
        self._last[tag] += 1
        return self._last[tag]

    def _adopt(self, segment: Segment, extent: Extent) -> None:
        self._segments[segment.id] = segment
        self._extents[segment.id] = extent
        self._keys[segment.path, segment.session, segment.tag, segment.kind] = segment.id
        run = self._runs.get(segment.run)
        if run is None:
            run_id = self._ids.setdefault(segment.run, len(self._ids) + 1)
            run = self._runs[segment.run] = _Run(run_id, segment.run)
            self._names[run_id] = segment.run
        if segment.kind == SCALARS:
            run.segments.setdefault(segment.tag, []).append(segment.id)
            run.sessions[segment.path, segment.session] += 1
