"""Find the event files below a directory of this machine, and again when some may have come.

Listing thousands of directories takes long, so those already listed are only asked whether they have changed: each
as often as it is likely to. Some file systems do not tell; so now and then all are listed, as time allows.
"""

from __future__ import annotations

import os
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from headway.ingest.directory import MARK, OURS, PROJECTOR, ROOT_RUN, Found
from headway.ingest.pace import Schedule, interval
from headway.store.place import readable

ROOT_PAUSE = 0.5
"""Seconds between looks at the log directory itself, where runs come."""
PARENT_PAUSE = 5.0
"""The most between looks at a directory that holds others."""
LEAF_PAUSE = 15.0
"""The most between looks at one that holds none, unless nothing changed there for a day: a resumed run's new file."""
THOROUGH_SHARE = 300
"""Listing everything anew may take so small a part of the time."""
THOROUGH_FASTEST = 2.0
SETTLES = 3.0
"""Seconds for which a directory's time of change may stay the same while it changes: file systems count coarsely."""


class Entry(NamedTuple):
    """A name in a directory, readable, and the path that leads there."""

    name: str
    place: str


@dataclass(slots=True)
class _Listing:
    """What a directory held when it was last listed."""

    version: tuple[int, ...] = ()
    """Device, inode, times of change; empty when it could not be asked."""
    directories: list[Entry] = field(default_factory=list)
    links: list[Entry] = field(default_factory=list)
    """Those that lead to directories."""
    files: list[Entry] = field(default_factory=list)
    has_projector: bool = False
    refused: str = ""
    unsure: bool = False
    """It is to be listed again in any case: what its links lead to may come or go."""
    changed: float = 0.0
    """Monotonic seconds; before it was first seen, by the calendar."""
    settled: float = 0.0

    def same(self, other: _Listing) -> bool:
        """Whether both hold the same."""
        mine = (self.directories, self.links, self.files, self.has_projector, self.refused, self.version[:2])
        return mine == (
            *(other.directories, other.links, other.files),
            *(other.has_projector, other.refused, other.version[:2]),
        )


class Tree:
    """The directories at `root` and below, remembered."""

    def __init__(self, root: str) -> None:
        self._root = root
        self._listings: dict[str, _Listing] = {}
        self._schedule = Schedule()
        self._found: Found | None = None
        self._thorough_at = 0.0

    def look(self, *, thorough: bool) -> Found:
        """Return what there is; the same object as last time when it is all the same."""
        began = time.monotonic()
        if self._found is None or thorough or began >= self._thorough_at:
            found = self._walk(anew=True)
            ended = time.monotonic()
            self._thorough_at = ended + max((ended - began) * THOROUGH_SHARE, THOROUGH_FASTEST)
            return self._note(found)
        looked = [place for place in self._schedule.take(began) if place in self._listings]
        changed = [self._look(place, began) for place in looked]
        if any(changed):
            return self._note(self._walk(anew=False))
        return self._found

    def soonest(self) -> float:
        """Return when a look may find something, in monotonic seconds."""
        return min(self._thorough_at, self._schedule.soonest())

    def _note(self, found: Found) -> Found:
        if found != self._found:
            self._found = found
        return self._found

    def _walk(self, anew: bool) -> Found:
        """Go through all directories, following links without looping; list those that are not known, or all `anew`.

        Links come last, and in the order of their names: a directory that lies here keeps its own name.
        """
        now = time.monotonic()
        found = Found()
        visited: set[str] = set()
        seen: set[tuple[int, ...]] = set()
        waiting = [Entry(ROOT_RUN, self._root)]
        links: list[Entry] = []
        while waiting or links:
            if not waiting:
                links.sort(reverse=True)
                waiting.append(links.pop())
            run, place = waiting.pop()
            if anew or place not in self._listings:
                self._look(place, now, anew=True)
            listing = self._listings[place]
            visited.add(place)
            if run == ROOT_RUN:
                found.is_there = bool(listing.version)
            if listing.version:
                identity = listing.version[:2]
                if identity in seen:
                    continue
                seen.add(identity)
            if listing.has_projector:
                found.projectors.add(run)
            if listing.refused:
                found.refused[run] = listing.refused
            below = "" if run == ROOT_RUN else f"{run}/"
            for name, there in listing.files:
                found.files[below + name] = (run, there)
            waiting += [Entry(below + name, there) for name, there in reversed(listing.directories)]
            links += [Entry(below + name, there) for name, there in listing.links]
        self._listings = {place: listing for place, listing in self._listings.items() if place in visited}
        return found

    def _look(self, place: str, now: float, anew: bool = False) -> bool:
        """Look at one directory, and list it if it may have changed, or `anew`. Return whether it did."""
        known = self._listings.get(place)
        version, quiet = _version(place)
        if known and version == known.version and not (anew or known.unsure or now < known.settled):
            self._put_back(place, known, now)
            return False
        listing = _list(place, version)
        changed = known is None or not known.same(listing)
        moved = known is not None and (changed or version != known.version)
        listing.changed = now if moved else now - quiet if known is None else known.changed
        listing.settled = known.settled if known and not moved else listing.changed + SETTLES
        self._listings[place] = listing
        self._put_back(place, listing, now)
        return changed

    def _put_back(self, place: str, listing: _Listing, now: float) -> None:
        quiet = now - listing.changed
        if place == self._root:
            wait = min(interval(quiet), ROOT_PAUSE)
        elif listing.directories or listing.links:
            wait = min(interval(quiet), PARENT_PAUSE)
        else:
            wait = interval(quiet, LEAF_PAUSE)
        self._schedule.put_back(place, wait, now)


def discover(logdir: Path) -> Found:
    """Look through `logdir` and all below it once. A missing directory is empty."""
    return Tree(str(logdir)).look(thorough=True)


def _version(place: str) -> tuple[tuple[int, ...], float]:
    """Return what tells a directory from others and from itself at other times, and how long ago it changed."""
    try:
        status = os.stat(place)  # noqa: PTH116 - several times as fast as pathlib's
    except OSError:  # listing it will say why
        return (), 0.0
    version = (status.st_dev, status.st_ino, status.st_mtime_ns, status.st_ctime_ns)
    return version, max(time.time() - status.st_mtime, 0.0)


def _list(place: str, version: tuple[int, ...]) -> _Listing:
    listing = _Listing(version)
    files: dict[str, str] = {}
    try:
        with os.scandir(place) as entries:
            for entry in entries:
                _sort_in(entry, listing, files)
    except FileNotFoundError:
        pass
    except OSError as error:
        listing.refused = error.strerror or str(error)
        listing.unsure = True
    listing.files = sorted(map(Entry, files, files.values()))
    listing.directories.sort()
    listing.links.sort()
    return listing


def _sort_in(entry: os.DirEntry[str], listing: _Listing, files: dict[str, str]) -> None:
    name = readable(entry.name)
    try:
        is_link = entry.is_symlink()
        if entry.is_dir():
            if name != OURS:
                (listing.links if is_link else listing.directories).append(Entry(name, entry.path))
        elif MARK in name and entry.is_file():
            # Of two names that read the same, the one that is really so.
            if name not in files or name == entry.name:
                files[name] = entry.path
        elif name == PROJECTOR and entry.is_file():
            listing.has_projector = True
        elif is_link:  # to what is not there yet, perhaps
            listing.unsure = True
    except OSError:  # a link to itself
        listing.unsure = True
