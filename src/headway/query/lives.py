"""Which points and entries of a series count, where a run has several sessions or several parts.

A session supersedes what earlier ones wrote from the step on that it declared (`purge_step`) or, without a word, from
the series' first step in it. Without a word, some supersede nothing: those that were written at the same time, or by
other ranks, which are parts of one run and whose points are merged by step; and those of a single step, which are the
metrics of hyperparameters or a last evaluation.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from headway.query.rejoin import Key, rejoined
from headway.store.rows import Extent, Segment, Session, Sessions


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
    part: int
    """Which writer of the run it belongs to: its rank, where that is known."""


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
    numbers = parts(whole)
    found: dict[Key, list[int]] = {}
    for i in sorted(range(len(segments)), key=lambda i: _key(segments[i][0])):
        key = _key(segments[i][0])
        found.setdefault(place.get(key, key), []).append(i)
    bare = [_life(key, ids, [segments[i][1] for i in ids], numbers.get(key, 0)) for key, ids in found.items()]
    bare.sort(key=lambda life: (life.first_wall, life.key))
    lives = [life._replace(cut=_cut(life, bare, whole)) for life in bare]
    at_once = any(_at_once(a.key, b.key, whole) for i, a in enumerate(lives) for b in lives[i + 1 :])
    return Lives(lives, at_once)


def parts(sessions: Sessions) -> dict[Key, int]:
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


def _life(key: Key, ids: list[int], extents: list[Extent], part: int) -> Life:
    first_wall, min_step = min(e.first_wall for e in extents), min(e.min_step for e in extents)
    return Life(key, ids, first_wall, min_step, None, part)


def _cut(life: Life, lives: Sequence[Life], sessions: Mapping[Key, Session]) -> int | None:
    """The step from which `life` is superseded, or None."""
    cuts = [
        session.start
        for key, session in sessions.items()
        if session.start is not None and _is_later(key, life.key, sessions)
    ]
    cuts += [
        other.min_step
        for other in lives
        if _is_later(other.key, life.key, sessions) and _goes_on(other.key, life.key, sessions)
    ]
    return min(cuts, default=None)


def _is_later(key: Key, than: Key, sessions: Mapping[Key, Session]) -> bool:
    if key == than or key not in sessions or than not in sessions:
        return False
    if key[0] == than[0]:  # one file: its sessions follow each other
        return key[1] > than[1]
    return sessions[key].first_wall > sessions[than].last_wall


def _goes_on(key: Key, other: Key, sessions: Mapping[Key, Session]) -> bool:
    """Whether one is what became of the other, when it is later."""
    steps = (sessions[key].min_step, sessions[key].max_step)
    return _may_be_one_writer(key, other, sessions) and (key[0] == other[0] or steps[0] < steps[1])


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
