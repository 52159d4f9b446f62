"""The index of a log directory: reads its event files into the store, once or for as long as they grow."""

from __future__ import annotations

import atexit
import contextlib
import logging
import threading
import time
import weakref
from dataclasses import replace
from pathlib import Path

import duckdb
import numpy as np

from headway.events.kinds import SCALARS
from headway.ingest.answers import Answers, Progress
from headway.ingest.directory import Found, log_directory
from headway.ingest.follow import FollowedFile, Problem, Reading
from headway.ingest.pace import Schedule, interval, rest
from headway.ingest.parallel import SMALL, read_all
from headway.ingest.round import Round, rows
from headway.ingest.uncollected import uncollected
from headway.store.batch import Batch
from headway.store.place import in_memory, open_store
from headway.store.rows import FileState, Segment
from headway.urls import is_url

BATCH_POINTS = 1_000_000
"""Points and entries in one write of a first reading."""
NOTE_EVERY = 1.0
"""Seconds between two looks at what changes without a read: runs that fall silent, tails that stay incomplete."""


logger = logging.getLogger("headway")


class Index(Answers):
    """The index of `logdir`, kept at `index`: a path, ":memory:", or None for the user's cache directory.

    Every public method may be called from any thread. Only one thread reads files at a time.
    """

    def __init__(self, logdir: str | Path, index: str | Path | None = None) -> None:
        self.logdir: str | Path = logdir if is_url(logdir) else Path(logdir)
        """A path, or the text of a URL."""
        super().__init__(log_directory(self.logdir), open_store(self.logdir, index))
        self._reading = threading.Lock()  # held by whoever reads files
        self._found: Found | None = None
        self._troubled: dict[str, FollowedFile] = {}
        self._live: set[str] = set()
        self._noted_at = float("-inf")
        self._thread: threading.Thread | None = None
        try:
            with uncollected():
                self._restore()
        except duckdb.Error as error:  # damaged further in than its opening shows
            self._fall_back(error)
        _open.add(self)

    def refresh(self) -> bool:
        """Read everything that is there now. Return whether anything changed."""
        before = self.revision
        with self._reading:
            try:
                self._read_all()
            except duckdb.Error as error:
                if self.place == "memory":
                    raise
                self._fall_back(error)
                self._read_all()
            self.has_read = True
            changed = self.revision != before
            self._note_live()  # time alone changes that
        return changed

    def follow(self) -> None:
        """Keep reading in a background thread until `close`."""
        with self._lock:
            if self._thread is None and not self._stopping.is_set():
                self._thread = threading.Thread(target=self._follow, name="headway-follow", daemon=True)
                self._thread.start()

    def close(self) -> None:
        """Stop following and release the index. Nothing may be asked afterwards. Closing twice is fine."""
        if self not in _open:
            return
        _open.discard(self)
        self._stopping.set()
        self.directory.close()
        with self._lock:
            self._lock.notify_all()
        if self._thread is not None:
            self._thread.join()
        with self._reading:
            self._placed.close()

    def _follow(self) -> None:
        schedule = Schedule()
        discovery = time.monotonic()
        known: Found | None = None
        while not self._stopping.is_set():
            pause = 1.0
            began = time.monotonic()
            try:
                with self._reading:
                    if began >= discovery:
                        self._discover(thorough=False)
                        if self._found is not known or self.directory.lists_status:
                            schedule.keep(self._files, began)
                            known = self._found
                        discovery = time.monotonic() + self.directory.pause()
                    self._read_due(schedule)
                self.has_read = True
                pause = rest(min(discovery, schedule.soonest()), began, time.monotonic())
            except Exception as error:  # whatever it is: the page must not stand still without a word
                schedule, discovery, known = Schedule(), began, None
                if isinstance(error, duckdb.Error) and self.place == "disk":
                    with self._reading:
                        self._fall_back(error)
                else:
                    logger.exception("reading %s failed; trying again", self.name)
            self._stopping.wait(pause)

    def _read_all(self) -> None:
        self._discover(thorough=True)
        self._read(list(self._files.values()))
        self._note_problems()

    def _read_due(self, schedule: Schedule) -> None:
        """Look at what is due, and put it back, unless the next listing says by itself what has changed."""
        before = self.revision
        due = [self._files[path] for path in schedule.take(time.monotonic()) if path in self._files]
        self._read(due)
        now = time.monotonic()
        for file in () if self.directory.lists_status else due:
            schedule.put_back(file.state.path, interval(now - file.changed), now)
        # With thousands of quiet files these two cost more than looking at the few that grow.
        if self.revision != before or time.monotonic() - self._noted_at > NOTE_EVERY:
            self._noted_at = time.monotonic()
            self._note_problems()
            self._note_live()

    def _fall_back(self, error: duckdb.Error) -> None:
        """Go on in memory, from the beginning: the index on disk has failed (its disk is full, say)."""
        reason = (str(error).splitlines() or ["no reason given"])[0]
        with self._lock:
            path = self._placed.path
            with contextlib.suppress(duckdb.Error):
                self._placed.close()
            self._placed = in_memory(f"the index {path} failed ({reason}): working in memory")
            self._catalogue.forget(set(self._files), self.revision)
            self._files.clear()
            self._troubled.clear()
            self._found = None
            self.revision += 1
            self.outline_revision = self.revision
            self._lock.notify_all()

    def _restore(self) -> None:
        store = self._placed.store
        self._catalogue.restore(store.segments(), store.told())
        plugins = self._catalogue.plugins()
        for state in store.files():
            place = self.directory.place(state.path)
            self._files[state.path] = FollowedFile(self.directory, place, state, plugins.get(state.path, {}))

    def _discover(self, thorough: bool) -> None:
        """Take in which files there are, and which directories could not be listed."""
        found = self.directory.find(thorough=thorough)
        if found is self._found:
            return
        for path, (run, place) in found.files.items():
            if path in self._files:
                self._files[path].place = place
            else:
                self._files[path] = FollowedFile(self.directory, place, FileState(path, run), {})
        if found.is_there:  # a file system that is away has not lost its files
            gone = [path for path in self._files if path not in found.files and not _is_refused(path, found)]
            if gone:
                self._forget(gone)
                for path in gone:
                    del self._files[path]
                    self._troubled.pop(path, None)
        if found.projectors != self._projectors:
            with self._lock:
                self._projectors = found.projectors
                self.revision += 1
                self.outline_revision = self.revision
                self._lock.notify_all()
        self._found = found

    def _forget(self, paths: list[str]) -> None:
        """Drop what was read of files, from the store as from the catalogue."""
        self._placed.store.write(Batch(forgotten=paths))
        with self._lock:
            self.revision += 1
            self.outline_revision = self.revision
            self._catalogue.forget(set(paths), self.revision)
            self._lock.notify_all()

    def _read(self, files: list[FollowedFile]) -> None:
        """Read what is new in `files`."""
        try:
            self._read_changed([file for file in files if file.has_changed()])
        finally:
            for file in files:
                if file.is_troubled:
                    self._troubled[file.state.path] = file
                else:
                    self._troubled.pop(file.state.path, None)

    def _read_changed(self, changed: list[FollowedFile]) -> None:
        self._forget_replaced(changed)
        if not changed:
            return
        reading = Round(changed)
        has_progress = reading.bytes > SMALL  # what takes no time needs none
        if has_progress:
            self._progress = reading.progress()
        batch, count = Batch(), 0
        states: dict[str, FileState] = {}
        committed = {file.state.path: replace(file.state) for file in changed}
        try:
            with contextlib.closing(read_all(changed, self.directory)) as scans:
                for _, found in scans:
                    for some in reading.take(found):
                        count += self._collect(batch, states, some)
                    if count >= BATCH_POINTS:
                        self._commit(batch, states)
                        committed |= states
                        batch, states, count = Batch(), {}, 0
                        if has_progress:
                            self._progress = reading.progress()
                    if self._stopping.is_set():
                        break
            for some in reading.rest():
                self._collect(batch, states, some)
            self._commit(batch, states)
        except BaseException:  # what was read and not written must be read again
            with self._lock:
                self._catalogue.drop(batch.segments, self.revision)
            for file in changed:
                file.rewind(committed[file.state.path])
            raise
        self._progress = Progress(len(self._files), len(self._files), reading.bytes, reading.bytes)

    def _forget_replaced(self, changed: list[FollowedFile]) -> None:
        replaced = [file for file in changed if file.is_replaced()]
        if replaced:
            self._forget([file.state.path for file in replaced])
            for file in replaced:
                file.forget()

    def _collect(self, batch: Batch, states: dict[str, FileState], reading: Reading) -> int:
        """Turn a scan's tags and kinds into segments, put its rows into `batch`, and say how many they are."""
        scan, state, told, _ = reading
        decoder = self._files[state.path].decoder
        tag_names, kind_names = decoder.tag_names, decoder.kind_names

        def segment_of(tag: int, kind: str) -> Segment:
            with self._lock:
                segment, is_new = self._catalogue.segment(
                    state.path, state.run, state.session, state.start, tag_names[tag], kind
                )
            if is_new:
                batch.segments.append(segment)
            return segment

        if len(scan.tags):
            segments = [segment_of(tag, SCALARS).id for tag in scan.tags.tolist()]
            batch.stretches.append(reading.points._replace(segments=np.array(segments, dtype=np.int64)))
        first = len(batch.blobs)
        for blob in scan.blobs:
            segment = segment_of(blob.tag, kind_names[blob.kind])
            batch.blobs.append((segment.id, blob.step, blob.wall_time, blob.offset, blob.length))
        for i, content in told:
            batch.told.append((*batch.blobs[first + i][:3], content))
        states[state.path] = state
        return rows(reading)

    def _commit(self, batch: Batch, states: dict[str, FileState]) -> None:
        batch.files = list(states.values())
        if not batch.files:
            return
        self._placed.store.write(batch)
        if not (batch.stretches or batch.blobs or batch.segments):
            return
        with self._lock:
            self.revision += 1
            if batch.segments:
                self.outline_revision = self.revision
            for segment, extent in batch.added():
                self._catalogue.add(segment, extent, self.revision)
            for row in batch.told:
                self._catalogue.add_told(*row)
            self._catalogue.grew(
                {state.run: self._files[state.path].changed_at for state in batch.files}, self.revision
            )
            self._lock.notify_all()

    def _note_problems(self) -> None:
        now = time.time()
        troubled = [file for _, file in sorted(self._troubled.items())]
        problems = [problem for file in troubled for problem in file.problems(now)]
        refused = self._found.refused if self._found else {}
        problems += [
            Problem(directory, directory, "unreadable", 0, 0, f"the directory cannot be read: {reason}")
            for directory, reason in refused.items()
        ]
        if problems != self._problems:
            with self._lock:
                self._problems = problems
                self.revision += 1
                self.problems_revision = self.revision
                self._lock.notify_all()

    def _note_live(self) -> None:
        """A run that stops growing changes by that alone."""
        with self._lock:
            live = self._catalogue.live_runs(time.time())
            if live != self._live:
                self.revision += 1
                self._catalogue.touch(live ^ self._live, self.revision)
                self._live = live
                self._lock.notify_all()


def _is_refused(path: str, found: Found) -> bool:
    """Whether a file may be there all the same: a directory above it could not be listed."""
    if not found.refused:
        return False
    parts = path.split("/")
    return not found.refused.keys().isdisjoint([".", *("/".join(parts[:i]) for i in range(1, len(parts)))])


_open: weakref.WeakSet[Index] = weakref.WeakSet()


@atexit.register
def _close_all() -> None:
    for index in list(_open):
        index.close()
