"""Which points and entries of a series count, where a run has several sessions or several parts.

A session supersedes what earlier ones wrote from the step on that it declared (`purge_step`) or, without a word, from
the series' first step in it. Without a word, some supersede nothing: those that were written at the same time, or by
other ranks, which are parts of one run and whose points are merged by step; and those of a single step, which are the
metrics of hyperparameters or a last evaluation.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from headway.query.rejoin import Key, rejoined
from headway.store.rows import Extent, Segment, Session, Sessions

_NEVER = 2**64
"""Beyond every step."""


class Life(NamedTuple):
    """What one session of one file, in pieces or whole, wrote of a series."""

    key: Key
    """(path, session) of the whole file."""
    segments: list[int]
    """Which of the segments, in the order they were written."""
    first_wall: float
    min_step: int
    cut: int | None
    """The step from which on it is superseded, or None."""


class Lives(NamedTuple):
    """A series' lives in the order they began."""

    lives: list[Life]
    at_once: bool
    """Some of them were written at the same time: points have to be merged by step."""


def arrange(segments: Sequence[tuple[Segment, Extent]], sessions: Sessions) -> Lives:
    """Find out which lives the segments of a series make, and where each is superseded.

    `sessions`: all of the run's, or none when there is but one.
    """
    place, whole = rejoined(sessions)
    found: dict[Key, list[int]] = {}
    for i in sorted(range(len(segments)), key=lambda i: _key(segments[i][0])):
        key = _key(segments[i][0])
        found.setdefault(place.get(key, key), []).append(i)
    lives = [_life(key, ids, [segments[i][1] for i in ids]) for key, ids in found.items()]
    lives.sort(key=lambda life: (life.first_wall, life.key))
    known = [life for life in lives if life.key in whole]
    if len(whole) > 1 and known:
        cut = _Cuts(known, whole)
        lives = [life._replace(cut=cut.of(life.key)) if life.key in whole else life for life in lives]
    return Lives(lives, _any_at_once(known, whole))


def writers(sessions: Sessions) -> dict[Key, int]:
    """Number the writers of a run: by the rank they said, or else by what cannot be one writer's, being at once."""
    numbers: dict[Key, int] = {}
    last: dict[int, Key] = {}
    taken = {session.rank for session in sessions.values() if session.rank is not None}
    for key in sorted(sessions, key=lambda key: (sessions[key].first_wall, key)):
        rank = sessions[key].rank
        if rank is None:
            free = (n for n in range(len(sessions) + len(taken)) if n not in taken)
            rank = next(n for n in free if n not in last or not _at_once(last[n], key, sessions))
            last[rank] = key
        numbers[key] = rank
    return numbers


def _life(key: Key, ids: list[int], extents: list[Extent]) -> Life:
    return Life(key, ids, min(e.first_wall for e in extents), min(e.min_step for e in extents), None)


class _Cuts:
    """From which step on each life of a series is superseded: O(log n) of n lives, for a run may have thousands."""

    def __init__(self, lives: Sequence[Life], sessions: Mapping[Key, Session]) -> None:
        self._sessions = sessions
        self._within: dict[str, list[tuple[int, int]]] = {}
        """File → (session, the step from which on it supersedes earlier ones of the file)."""
        said = [(key, session.start) for key, session in sessions.items() if session.start is not None]
        for key, step in [*said, *((life.key, life.min_step) for life in lives)]:
            self._within.setdefault(key[0], []).append((key[1], step))
        self._declared = _Least([(sessions[key].first_wall, step, key[0]) for key, step in said])
        by_rank: dict[int | None, list[tuple[float, int, str]]] = {}
        for life in lives:
            session = sessions[life.key]
            if session.min_step < session.max_step:
                row = (session.first_wall, life.min_step, life.key[0])
                by_rank.setdefault(session.rank, []).append(row)
        self._by_rank = {rank: _Least(rows) for rank, rows in by_rank.items()}

    def of(self, key: Key) -> int | None:
        """The step from which on the life of this session is superseded, or None."""
        file, number = key
        session = self._sessions[key]
        cuts = [step for other, step in self._within.get(file, ()) if other > number]
        ranks = self._by_rank if session.rank is None else (None, session.rank)
        least = [self._declared, *(self._by_rank[rank] for rank in ranks if rank in self._by_rank)]
        if math.isfinite(session.last_wall):
            cuts += [one.after(session.last_wall, file) for one in least]
        cut = min(cuts, default=_NEVER)
        return None if cut == _NEVER else cut


class _Least:
    """The least step of all that began after a moment, in other files than a given one."""

    def __init__(self, rows: list[tuple[float, int, str]]) -> None:
        """Take (first wall time, step, file) of each."""
        rows = sorted(row for row in rows if math.isfinite(row[0]))
        self._walls = [wall for wall, _, _ in rows]
        least, other = (_NEVER, ""), (_NEVER, "")  # the second is the least among other files than the first's
        self._least = [(least, other)]
        for _, step, file in reversed(rows):
            if step < least[0]:
                least, other = (step, file), other if file == least[1] else least
            elif file != least[1] and step < other[0]:
                other = (step, file)
            self._least.append((least, other))
        self._least.reverse()

    def after(self, wall_time: float, file: str) -> int:
        """The least step of what began after `wall_time` in other files than `file`; `_NEVER` where nothing did."""
        least, other = self._least[bisect_right(self._walls, wall_time)]
        return other[0] if least[1] == file else least[0]


def _any_at_once(lives: Sequence[Life], sessions: Mapping[Key, Session]) -> bool:
    """Whether any two of these lives were written at once, or by different ranks."""
    if len({sessions[life.key].rank for life in lives} - {None}) > 1:
        return True
    spans = sorted((sessions[life.key].first_wall, sessions[life.key].last_wall, life.key[0]) for life in lives)
    if not math.isfinite(spans[-1][0] if spans else 0.0) and len({file for _, _, file in spans}) > 1:
        return True  # one has no times: nobody knows
    latest, other = (-math.inf, ""), (-math.inf, "")  # the second is the latest of other files than the first's
    for first, last, file in spans:
        if first <= (other if latest[1] == file else latest)[0]:
            return True
        if last > latest[0]:
            latest, other = (last, file), other if file == latest[1] else latest
        elif file != latest[1] and last > other[0]:
            other = (last, file)
    return False


def _is_later(key: Key, than: Key, sessions: Mapping[Key, Session]) -> bool:
    if key == than or key not in sessions or than not in sessions:
        return False
    if key[0] == than[0]:  # one file: its sessions follow each other
        return key[1] > than[1]
    first, last = sessions[key].first_wall, sessions[than].last_wall
    return first > last and math.isfinite(first) and math.isfinite(last)  # without times, nobody is later


def _may_be_one_writer(key: Key, other: Key, sessions: Mapping[Key, Session]) -> bool:
    ranks = (sessions[key].rank, sessions[other].rank)
    return None in ranks or ranks[0] == ranks[1]


def _at_once(one: Key, other: Key, sessions: Mapping[Key, Session]) -> bool:
    if one == other:
        return False
    apart = _is_later(one, other, sessions) or _is_later(other, one, sessions)
    return (
        not apart or not _may_be_one_writer(one, other, sessions) if one in sessions and other in sessions else False
    )


def _key(segment: Segment) -> Key:
    return segment.path, segment.session
