"""A run as an importer reads it, whatever the format."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, NamedTuple

from headway.record.about.ending import State
from headway.record.values import Value

_NONE: Mapping[str, Any] = MappingProxyType({})


class Row(NamedTuple):
    """What was logged at one moment."""

    step: int
    wall_time: float
    """Seconds since 1970; where the source does not say, when it was last written."""
    values: Mapping[str, float]
    """Numbers by tag; ints and bools are numbers."""
    texts: Mapping[str, str] = _NONE
    others: Mapping[str, Value] = _NONE
    """Pictures, tables and the like by tag."""


@dataclass(slots=True)
class ImportedRun:
    """One run. What it says of itself may stand behind its rows, so it is whole only when these were read."""

    name: str
    source: str
    """What it is read from, for messages."""
    format: str
    rows: Iterator[Row]
    id: str = ""
    """What its own tool calls it; tells it from others of the same name."""
    config: dict[str, Any] = field(default_factory=dict)
    notes: str = ""
    tags: list[str] = field(default_factory=list)
    group: str = ""
    state: State | None = None
    started: float | None = None
    """Seconds since 1970, as `ended`; None: not known."""
    ended: float | None = None
    about: dict[str, Any] = field(default_factory=dict)
    """More of what a run says of itself, under the names that `headway/run` has where it has one."""
    left_out: Counter[str] = field(default_factory=Counter)
    """What could not be kept: how many, by what they are."""
    size: int = 0
    """Bytes to read, 0 where that is not known; `position` says how many were."""
    position: Callable[[], int] = int


class Options(NamedTuple):
    """What a user says of a table that it does not say itself."""

    step: str | None = None
    """The column of steps."""
    wall: str | None = None
    """The column of wall times."""
