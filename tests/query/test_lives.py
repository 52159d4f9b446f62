"""Which life supersedes which, against the definition: every pair is looked at."""

from __future__ import annotations

import math
import random
import time

import pytest

from headway.query.lives import arrange
from headway.store.rows import Extent, Segment, Session

Key = tuple[str, int]


def later(key: Key, than: Key, sessions: dict[Key, Session]) -> bool:
    if key[0] == than[0]:
        return key[1] > than[1]
    return sessions[than].last_wall > -math.inf and math.inf > sessions[key].first_wall > sessions[than].last_wall


def one_writer(key: Key, other: Key, sessions: dict[Key, Session]) -> bool:
    ranks = {sessions[key].rank, sessions[other].rank}
    return len(ranks) == 1 or None in ranks


def cut(key: Key, series: dict[Key, Extent], sessions: dict[Key, Session]) -> int | None:
    cuts = [s.start for other, s in sessions.items() if s.start is not None and later(other, key, sessions)]
    for other, extent in series.items():
        of_one_step = sessions[other].min_step == sessions[other].max_step
        goes_on = other[0] == key[0] or not of_one_step
        if later(other, key, sessions) and one_writer(other, key, sessions) and goes_on:
            cuts.append(extent.min_step)
    return min(cuts, default=None)


def at_once(series: dict[Key, Extent], sessions: dict[Key, Session]) -> bool:
    def apart(a: Key, b: Key) -> bool:
        return (later(a, b, sessions) or later(b, a, sessions)) and one_writer(a, b, sessions)

    return any(a != b and not apart(a, b) for a in series for b in series)


@pytest.mark.parametrize("seed", range(100))
def test_lives_are_cut_as_the_definition_says(seed: int) -> None:
    """Clocks that jump, walls that are alike, sessions of a file out of order: whatever there may be."""
    rng = random.Random(seed)
    sessions: dict[Key, Session] = {}
    series: dict[Key, Extent] = {}
    choices: list[list[int | None]] = [[None], [0, 1], [None, 0, 1]]
    ranks = rng.choice(choices)
    for file in range(rng.randint(1, 6)):
        rank = rng.choice(ranks)
        for number in range(rng.randint(1, 3)):
            first, step = float(rng.randrange(12)), rng.randrange(9)
            start = rng.choice([None, rng.randrange(9)]) if number == 0 else rng.randrange(9)
            last, last_step = first + rng.randrange(4), step + rng.randrange(3)
            if rng.random() < 0.1:  # no point of it has a time
                first, last = math.inf, -math.inf
            key = (f"r/tfevents.{file}", number)
            sessions[key] = Session(start, first, last, rank, step, last_step)
            if rng.random() < 0.8:
                series[key] = Extent(2, rng.randint(step, last_step), last_step, first, last, last_step)
    segments = [
        (Segment(i, *key, sessions[key].start, "r", "x", "scalars"), series[key]) for i, key in enumerate(series)
    ]
    found = arrange(segments, sessions if len(sessions) > 1 else {})
    assert {life.key: life.cut for life in found.lives} == {key: cut(key, series, sessions) for key in series}
    assert found.at_once == at_once(series, sessions)


@pytest.mark.parametrize("ranked", [False, True])
def test_thousands_of_lives_take_no_time(ranked: bool) -> None:
    sessions, segments = {}, []
    for i in range(3000):
        wall = 0.0 if ranked else i * 100.0
        segment = Segment(i, f"r/tfevents.{i:04d}", 0, None, "r", "x", "scalars")
        sessions[segment.path, 0] = Session(None, wall, wall + 50, i if ranked else None, i, i + 20)
        segments.append((segment, Extent(21, i, i + 20, wall, wall + 50, i + 20)))
    began = time.process_time()
    found = arrange(segments, sessions)
    assert time.process_time() - began < 1.0  # looking at every pair took 17 s
    assert [life.cut for life in found.lives[:2]] == ([None, None] if ranked else [1, 2])
    assert found.at_once == ranked
