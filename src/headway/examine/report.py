"""What examining one event file found."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

MOST = 1000
"""Places that are listed of each kind; all are counted."""


class Damage(NamedTuple):
    """Bytes that are no records."""

    offset: int
    bytes: int


class Jump(NamedTuple):
    """The clock between two records of one file that follow each other."""

    offset: int
    """Of the second one."""
    step: int
    before: float
    """Wall times, seconds since 1970."""
    after: float


class Backward(NamedTuple):
    """Two points of one series in one session, of which the second has the smaller step."""

    tag: str
    before: int
    after: int


@dataclass(slots=True)
class NotFinite:
    """How many values of a series are no numbers."""

    nan: int = 0
    plus: int = 0
    minus: int = 0


@dataclass(slots=True)
class Report:
    """One event file."""

    path: str
    bytes: int = 0
    problem: str = ""
    """Why it is no event file, or cannot be read; then all else is empty."""
    version: str = ""
    """What its first record says: `brain.Event:2`."""
    writer: str = ""
    records: int = 0
    points: int = 0
    tags: int = 0
    """Series of scalars."""
    entries: Counter[str] = field(default_factory=Counter)
    """What is no scalar: kind → how many."""
    first_step: int | None = None
    last_step: int | None = None
    first_wall: float | None = None
    last_wall: float | None = None
    sessions: list[int] = field(default_factory=list)
    """The steps at which sessions begin in it."""
    damage: list[Damage] = field(default_factory=list)
    damaged_regions: int = 0
    damaged_bytes: int = 0
    tail: Literal["", "incomplete", "damaged"] = ""
    tail_bytes: int = 0
    """Of a last record that is not whole."""
    quiet: bool = False
    """Nobody has written to it for a while: what is incomplete stays so."""
    jumps: list[Jump] = field(default_factory=list)
    clock_back: int = 0
    clock_ahead: int = 0
    backward: list[Backward] = field(default_factory=list)
    """The first of each series."""
    steps_back: int = 0
    not_finite: dict[str, NotFinite] = field(default_factory=dict)
    """Tag → what is not finite in it."""
    versions: int = 0
    """Records that open a file, but for those of sessions. More than one: several writers wrote this file."""
    unread: list[str] = field(default_factory=list)
    """What TensorBoard does not show of it, and why."""

    @property
    def is_damaged(self) -> bool:
        """Whether something that was written cannot be read."""
        torn = self.tail == "incomplete" and self.quiet
        return bool(self.problem or self.damaged_regions or self.tail == "damaged" or torn)
