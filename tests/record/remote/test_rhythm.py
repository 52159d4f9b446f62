from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import pytest

from headway.record.remote.pieces import PIECE
from headway.record.remote.rhythm import LONGEST, Rhythm

WEEK = 7 * 24 * 3600.0


def deliveries(
    seconds: float, *, flushed: bool = False, closing: bool = False, waiting: int = 100
) -> Iterator[float]:
    """When a run that always has something to deliver, and is looked at as it asks to be, delivers."""
    rhythm, now = Rhythm(0.0), 0.0
    while now < seconds:
        now += rhythm.tick(now)
        if rhythm.is_due(now, waiting, flushed=flushed, closing=closing):
            rhythm.succeeded(now, delivered=True)
            yield now


def test_a_new_run_is_seen_at_once() -> None:
    assert next(deliveries(10)) <= 1.0


def test_a_week_gives_thousands_of_pieces_not_millions() -> None:
    times = list(deliveries(WEEK))
    assert len(times) < 11_000
    assert max(b - a for a, b in pairwise(times)) <= LONGEST * 1.2


def test_a_program_that_flushes_all_the_time_does_not_make_a_piece_of_each_flush() -> None:
    assert len(list(deliveries(WEEK, flushed=True))) < 45_000


def test_what_has_waited_is_delivered_without_another_wait() -> None:
    rhythm = Rhythm(0.0)
    rhythm.succeeded(1000.0, delivered=True)
    assert not rhythm.is_due(WEEK, 0, flushed=True, closing=False)
    assert rhythm.is_due(WEEK, 1, flushed=False, closing=False)


@pytest.mark.parametrize(("waiting", "closing"), [(PIECE, False), (0, True)])
def test_much_that_waits_and_the_end_do_not_wait(waiting: int, closing: bool) -> None:
    rhythm = Rhythm(0.0)
    rhythm.succeeded(WEEK, delivered=True)
    assert not rhythm.is_due(WEEK, PIECE - 1, flushed=False, closing=False)
    assert rhythm.is_due(WEEK, waiting, flushed=False, closing=closing)


def test_tries_become_rare_and_then_all_is_well() -> None:
    rhythm, now = Rhythm(0.0), 0.0
    tries: list[float] = []
    while len(tries) < 20:
        now += rhythm.tick(now)
        if rhythm.is_due(now, PIECE, flushed=True, closing=False):
            rhythm.failed(now)
            tries.append(now)
    pauses = [b - a for a, b in pairwise(tries)]
    assert pauses[0] <= 1.5
    assert all(LONGEST / 2 <= pause <= LONGEST + 1 for pause in pauses[-8:])
    assert rhythm.is_due(now + 1.0, 0, flushed=False, closing=True)  # the end tries each second
    rhythm.succeeded(now, delivered=True)
    assert rhythm.is_due(now, PIECE, flushed=False, closing=False)
