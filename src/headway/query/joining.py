"""Series side by side: the points that two have in common, by step."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from headway.query.series import Series


class Line(NamedTuple):
    """A series on its way through an expression. [n] each."""

    steps: NDArray[np.int64]
    wall_times: NDArray[np.float64]
    values: NDArray[np.float64]
    turn: NDArray[np.int64] | None
    """Which of the points at its step each is, from 0; None where no step is repeated."""
    ascends: bool
    """Whether steps ascend strictly."""

    @property
    def series(self) -> Series:
        """Its points alone."""
        return Series(self.steps, self.wall_times, self.values)

    def taken(self, rows: NDArray[Any]) -> Line:
        """The points at `rows`: a mask, or an index that ascends (or else `ascends` no longer holds)."""
        turn = None if self.turn is None else self.turn[rows]
        return Line(self.steps[rows], self.wall_times[rows], self.values[rows], turn, self.ascends)


def line(series: Series) -> Line:
    """Return `series` with what joins need."""
    steps, wall_times, values = series
    if np.all(steps[1:] > steps[:-1]):
        return Line(steps, wall_times, values, None, True)
    turn = turns(steps)
    return Line(steps, wall_times, values, turn if turn.any() else None, False)


def turns(steps: NDArray[np.int64]) -> NDArray[np.int64]:
    """For each of `steps` [n], how many earlier ones are equal to it."""
    order = np.argsort(steps, kind="stable")
    ordered = steps[order]
    begins = np.concatenate(([True], ordered[1:] != ordered[:-1]))[: len(steps)]
    at = np.arange(len(steps))
    turn = np.empty(len(steps), dtype=np.int64)
    turn[order] = at - np.maximum.accumulate(np.where(begins, at, 0))
    return turn


def joined(one: Line, other: Line) -> tuple[Line, NDArray[np.float64]]:
    """Return the points of `one` whose step and turn `other` has too, and the other's values there.

    Wall times are the later of the two.
    """
    if _alike(one, other):
        kept, theirs = one, other
    elif one.ascends and other.ascends:
        rows, there = _found(one.steps, other.steps)
        kept, theirs = one.taken(rows), other.taken(there)
    else:
        keys, other_keys = _keys(one, other)
        order = np.argsort(other_keys)
        rows, there = _found(keys, other_keys[order])
        kept, theirs = one.taken(rows), other.taken(order[there])
    return kept._replace(wall_times=np.fmax(kept.wall_times, theirs.wall_times)), theirs.values


def _alike(one: Line, other: Line) -> bool:
    if one.steps is other.steps:
        return one.turn is other.turn
    return one.ascends and other.ascends and np.array_equal(one.steps, other.steps)


def _found(wanted: NDArray[np.int64], among: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Which of `wanted` are `among` the ascending ones: their places in both."""
    if not len(among):
        return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    at = np.minimum(np.searchsorted(among, wanted), len(among) - 1)
    rows = np.flatnonzero(among[at] == wanted)
    return rows, at[rows]


def _keys(one: Line, other: Line) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """A number for each step and turn, the same in both."""
    _, ranks = np.unique(np.concatenate((one.steps, other.steps)), return_inverse=True)
    n = len(one.steps)
    turns_ = [np.zeros(len(a.steps), dtype=np.int64) if a.turn is None else a.turn for a in (one, other)]
    width = max((int(turn.max(initial=0)) for turn in turns_), default=0) + 1
    return ranks[:n] * width + turns_[0], ranks[n:] * width + turns_[1]
