"""What is known of a log directory, told to whoever asks: the half of an index that reads no files for it."""

from __future__ import annotations

import threading
import time
from typing import Literal, NamedTuple
from uuid import uuid4

import duckdb

from headway.errors import HeadwayError
from headway.events.kinds import SCALARS
from headway.ingest.catalogue import Catalogue, RunState
from headway.ingest.directory import LogDirectory
from headway.ingest.follow import FollowedFile, Problem
from headway.store.columns import Columns
from headway.store.place import Placed
from headway.store.rows import Extent, Points, Segment, Sessions, Told


class Progress(NamedTuple):
    """How far the current reading is."""

    files_done: int
    files_total: int
    bytes_done: int
    bytes_total: int


class Answers:
    """Answers from a catalogue in memory, a store, and the event files themselves. Any thread may ask.

    Whoever fills them holds `_lock` meanwhile, and counts `revision` up.
    """

    def __init__(self, directory: LogDirectory, placed: Placed) -> None:
        self.directory = directory
        self.name = directory.name
        """The log directory's, for people: its path from the root, or its URL without secrets."""
        self._lock = threading.Condition()  # guards the catalogue and the counters
        self._placed = placed
        self._catalogue = Catalogue()
        self._files: dict[str, FollowedFile] = {}
        self._problems: list[Problem] = []
        self._projectors: set[str] = set()
        self._progress = Progress(0, 0, 0, 0)
        self._stopping = threading.Event()
        self.has_read = False
        """Whether all that was there at first has been read."""
        self.life = uuid4().hex
        """Names this object among all there ever are: revisions and ids mean something only within it."""
        self.revision = 1
        """Counts up with every change."""
        self.outline_revision = 1
        """When runs or tags last came or went."""
        self.problems_revision = 1
        """When the problems last changed."""

    @property
    def place(self) -> Literal["disk", "memory"]:
        """Where the index is kept."""
        return self._placed.place

    @property
    def notice(self) -> str | None:
        """Why the index is in memory, when it was meant to be on disk."""
        return self._placed.notice

    def runs(self) -> list[RunState]:
        """All runs, in alphabetical order."""
        with self._lock:
            return self._catalogue.runs(time.time())

    def tags(self, kind: str = SCALARS) -> dict[str, list[int]]:
        """Tag → ids of the runs that have it as `kind`."""
        with self._lock:
            return self._catalogue.tags(kind)

    def kinds(self) -> dict[str, int]:
        """Kind → how many series of it there are."""
        with self._lock:
            return self._catalogue.kinds()

    def projectors(self) -> list[int]:
        """Ids of the runs that have a list of embeddings beside their event files."""
        with self._lock:
            ids = map(self._catalogue.run_id, sorted(self._projectors))
            return [run for run in ids if run is not None]

    def run_names(self) -> list[str]:
        """All runs, in alphabetical order."""
        with self._lock:
            return self._catalogue.run_names()

    def run_tags(self, run: str, kind: str = SCALARS) -> list[str]:
        """The tags of `run` of one kind, in the order they appeared."""
        with self._lock:
            return self._catalogue.run_tags(run, kind)

    def run_kinds(self, run: str) -> dict[str, list[str]]:
        """Kind → tags of `run`, in the order they appeared."""
        with self._lock:
            return self._catalogue.run_kinds(run)

    def run_id(self, name: str) -> int | None:
        """The id of the run of this name, or None."""
        with self._lock:
            return self._catalogue.run_id(name)

    def run_name(self, run_id: int) -> str | None:
        """The name of the run with this id, or None."""
        with self._lock:
            return self._catalogue.run_name(run_id)

    def series(self, run: str, tag: str, kind: str = SCALARS) -> list[tuple[Segment, Extent]]:
        """The segments of one series that are not empty."""
        with self._lock:
            pairs = map(self._catalogue.get, self._catalogue.series(run, tag, kind))
            return [(segment, extent.copied()) for segment, extent in pairs if extent.points]

    def summary(self, run: str, tag: str) -> Extent | None:
        """What is known of a scalar series without reading it; None when there is none, or sessions may overlap."""
        with self._lock:
            ids = self._catalogue.series(run, tag)
            if not ids or not self._catalogue.has_one_session(run):
                return None
            total = self._catalogue.get(ids[0])[1].copied()
            for segment in ids[1:]:
                total.add(self._catalogue.get(segment)[1])
            return total if total.points else None

    def sessions(self, run: str) -> Sessions:
        """What is known of each session of `run`; empty when there is but one."""
        with self._lock:
            if self._catalogue.run_id(run) is None or self._catalogue.has_one_session(run):
                return {}
        return self.all_sessions(run)

    def all_sessions(self, run: str) -> Sessions:
        """The same, also of a single one."""
        with self._lock:
            sessions = self._catalogue.sessions(run)
        return {key: session._replace(rank=self._rank(key[0])) for key, session in sessions.items()}

    def ranks(self, run: str) -> dict[str, int | None]:
        """Event file → the rank that its writer said."""
        return {path: self._rank(path) for path, _ in self.all_sessions(run)}

    def files(self, run: str) -> list[FollowedFile]:
        """The event files of `run`, by name."""
        with self._lock:
            return sorted(
                (one for one in self._files.values() if one.state.run == run), key=lambda one: one.state.path
            )

    def _rank(self, path: str) -> int | None:
        file = self._files.get(path)
        return None if file is None else file.state.rank

    def first_wall(self, run: str) -> float:
        """Wall time of the run's first point, NaN when it has none."""
        with self._lock:
            spans = self._catalogue.sessions(run).values()
            return min((span.first_wall for span in spans), default=float("nan"))

    def told(self, run: str) -> list[Told]:
        """What `run` says of itself, in order of time."""
        with self._lock:
            return self._catalogue.told(run)

    def points(self, segments: list[tuple[Segment, Extent]]) -> list[Points]:
        """All points of each of these segments, as `series` gave them, best of one tag. Nobody may change them."""
        return self._placed.store.points([segment.id for segment, _ in segments])

    def blobs(self, segments: list[Segment]) -> Columns:
        """Where the entries of segments lie (segment, step, wall_time, offset, length), as they were read."""
        return self._placed.store.blobs([segment.id for segment in segments])

    def content(self, path: str, offset: int, length: int) -> bytes:
        """Read an entry out of its file.

        Raises:
            HeadwayError: the file is gone, or no longer the one that was indexed.
        """
        file = self._files.get(path)
        if file is None:
            raise HeadwayError(f"{path} is not in {self.name} any more")
        return file.read_at(offset, length)

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """A connection to the index' tables (see `headway.store.schema`), for `headway.query.sql`; close it."""
        return self._placed.store.cursor()

    def progress(self) -> Progress:
        """How far the first reading is; all done when the two pairs are equal."""
        with self._lock:
            return self._progress

    def problems(self) -> list[Problem]:
        """What could not be read."""
        with self._lock:
            return list(self._problems)

    def wait(self, revision: int, timeout: float) -> int:
        """Block until there is something newer than `revision`, or `timeout` seconds; return the revision now."""
        with self._lock:
            self._lock.wait_for(lambda: self.revision > revision or self._stopping.is_set(), timeout)
            return self.revision
