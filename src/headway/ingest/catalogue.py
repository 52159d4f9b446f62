"""What the index knows without asking the store: runs, tags, segments and their extents."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field

from headway.events.kinds import SCALARS
from headway.store.rows import TAG_SHIFT, Extent, Segment, Session, Told

LIVE_FOR = 45.0
"""A run is live when a file of it grew within so many seconds: a heartbeat comes every 30."""

Key = tuple[str, int]
"""(path, session)."""


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
    series: int = 0
    """Scalar series."""
    entries: int = 0
    """Values that are no scalars."""
    grew_at: float = 0.0
    """When a file of it last changed, seconds since 1970."""


@dataclass(slots=True)
class _Run:
    id: int
    name: str
    revision: int = 0
    grew_at: float = 0.0
    segments: dict[str, dict[str, list[int]]] = field(default_factory=dict)
    """Kind → tag → ids of its segments."""
    scalars: Extent = field(default_factory=Extent)
    """Of all scalars: how many, their last step, their times."""
    entries: int = 0
    sessions: dict[Key, Session] = field(default_factory=dict)
    """Their times are those of their scalars."""
    others: dict[Key, Session] = field(default_factory=dict)
    """Times of what is no scalar, for sessions without any."""
    told: list[tuple[int, int, float, bytes]] = field(default_factory=list)
    """(segment, step, wall time, content)."""


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

    # ---- taking in ---------------------------------------------------------------------------------------------

    def restore(
        self, stored: Iterable[tuple[Segment, Extent]], told: Iterable[tuple[int, int, float, bytes]] = ()
    ) -> None:
        """Take in what the store held."""
        for segment, extent in stored:
            self._adopt(segment, extent)
            self._last[segment.tag] = max(self._last.get(segment.tag, 0), segment.id)
            self._tags = max(self._tags, segment.id >> TAG_SHIFT)
        for row in told:
            self.add_told(*row)

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

    def add(self, segment: int, extent: Extent, revision: int) -> None:
        """Note points or entries that were appended to `segment`."""
        self._extents[segment].add(extent)
        known = self._segments[segment]
        run = self._runs[known.run]
        run.revision = revision
        _count(run, known, extent)

    def add_told(self, segment: int, step: int, wall_time: float, content: bytes) -> None:
        """Note what a run says of itself."""
        known = self._segments.get(segment)
        if known is not None:
            self._runs[known.run].told.append((segment, step, wall_time, content))

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
        changed = set()
        for segment in segments:
            del self._segments[segment.id], self._extents[segment.id]
            del self._keys[segment.path, segment.session, segment.tag, segment.kind]
            changed.add(segment.run)
            tags = self._runs[segment.run].segments[segment.kind]
            tags[segment.tag].remove(segment.id)
            if not tags[segment.tag]:
                del tags[segment.tag]
            if not tags:
                del self._runs[segment.run].segments[segment.kind]
        for name in changed:
            self._recount(self._runs[name], revision)

    def _recount(self, run: _Run, revision: int) -> None:
        if not run.segments:
            del self._runs[run.name]
            return
        run.revision, run.scalars, run.entries = revision, Extent(), 0
        run.sessions, run.others = {}, {}
        run.told = [row for row in run.told if row[0] in self._segments]
        for tags in run.segments.values():
            for ids in tags.values():
                for segment in map(self._segments.__getitem__, ids):
                    _count(run, segment, self._extents[segment.id])

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
        run.segments.setdefault(segment.kind, {}).setdefault(segment.tag, []).append(segment.id)
        _count(run, segment, extent)

    # ---- telling -----------------------------------------------------------------------------------------------

    def get(self, segment: int) -> tuple[Segment, Extent]:
        """A segment and its extent."""
        return self._segments[segment], self._extents[segment]

    def plugins(self) -> dict[str, dict[str, str]]:
        """For each file, what is known of its tags: path → tag → kind."""
        known: dict[str, dict[str, str]] = {}
        for segment in self._segments.values():
            known.setdefault(segment.path, {})[segment.tag] = segment.kind
        return known

    def series(self, run: str, tag: str, kind: str = SCALARS) -> list[int]:
        """Ids of the segments of one series; empty when there is none."""
        known = self._runs.get(run)
        return [] if known is None else list(known.segments.get(kind, {}).get(tag, ()))

    def sessions(self, run: str) -> dict[Key, Session]:
        """(path, session) → the step it said it starts at, and its first and last wall time."""
        known = self._runs.get(run)
        return {} if known is None else {**known.others, **known.sessions}

    def has_one_session(self, run: str) -> bool:
        """Whether all of `run` comes from one session of one file: then nothing supersedes anything."""
        known = self._runs[run]
        if len(known.sessions) > 1 or len(known.others) > 1:
            return False
        return not known.sessions or not known.others or known.sessions.keys() == known.others.keys()

    def told(self, run: str) -> list[Told]:
        """What `run` says of itself, in order of time."""
        rows = sorted(self._runs[run].told, key=lambda row: row[2]) if run in self._runs else ()
        return [self._told(*row) for row in rows]

    def _told(self, segment: int, step: int, wall_time: float, content: bytes) -> Told:
        known = self._segments[segment]
        return Told(known.tag, known.kind, known.path, known.session, step, wall_time, content)

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

    def run_kinds(self, run: str) -> dict[str, list[str]]:
        """Kind → tags of `run`, in the order they appeared."""
        known = self._runs.get(run)
        return {} if known is None else {kind: list(tags) for kind, tags in known.segments.items()}

    def run_tags(self, run: str, kind: str = SCALARS) -> list[str]:
        """The tags of one kind of `run`, in the order they appeared."""
        known = self._runs.get(run)
        return [] if known is None else list(known.segments.get(kind, ()))

    def tags(self, kind: str = SCALARS) -> dict[str, list[int]]:
        """Tag → ids of the runs that have it; both in the order they appeared."""
        tags: dict[str, list[int]] = {}
        for run in self._runs.values():
            for tag in run.segments.get(kind, ()):
                tags.setdefault(tag, []).append(run.id)
        return tags

    def kinds(self) -> dict[str, int]:
        """Kind → how many series of it there are."""
        counts: dict[str, int] = {}
        for run in self._runs.values():
            for kind, tags in run.segments.items():
                counts[kind] = counts.get(kind, 0) + len(tags)
        return counts

    def runs(self, now: float) -> list[RunState]:
        """All runs, in alphabetical order."""
        return [_state(self._runs[name], now) for name in self.run_names()]

    def live_runs(self, now: float) -> set[str]:
        """Names of the runs that are live at `now` (seconds since 1970)."""
        return {run.name for run in self._runs.values() if now - run.grew_at < LIVE_FOR}


def _count(run: _Run, segment: Segment, extent: Extent) -> None:
    """Add to a run's totals what is new in one of its segments."""
    is_scalar = segment.kind == SCALARS
    if is_scalar:
        _span(run.scalars, extent)
        sessions = run.sessions
    else:
        run.entries += extent.points
        sessions = run.others
    key = (segment.path, segment.session)
    known = sessions.get(key)
    if known is not None and (  # nearly always so in a run of many tags
        known.first_wall <= extent.first_wall
        and known.last_wall >= extent.last_wall
        and known.min_step <= extent.min_step
        and known.max_step >= extent.max_step
    ):
        return
    steps = (extent.min_step, extent.max_step)
    here = Session(segment.start, extent.first_wall, extent.last_wall, None, *steps, is_scalar)
    sessions[key] = here if known is None else known.joined(here)


def _span(total: Extent, extent: Extent) -> None:
    """Add counts, steps and times alone: all that a run's heading wants, and very many are added."""
    total.points += extent.points
    if extent.max_step > total.max_step:
        total.max_step = extent.max_step
    if extent.first_wall < total.first_wall:
        total.first_wall = extent.first_wall
    if extent.last_wall > total.last_wall:
        total.last_wall = extent.last_wall


def _state(run: _Run, now: float) -> RunState:
    there = run.scalars if run.scalars.points else None
    return RunState(
        run.id,
        run.name,
        run.scalars.points,
        there.max_step if there else None,
        there.first_wall if there and math.isfinite(there.first_wall) else None,
        there.last_wall if there and math.isfinite(there.last_wall) else None,
        now - run.grew_at < LIVE_FOR,
        run.revision,
        len(run.segments.get(SCALARS, ())),
        run.entries,
        run.grew_at,
    )
