"""What is to be exported."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from headway.errors import HeadwayError
from headway.query.names import near
from headway.query.source import Source
from headway.store.rows import Extent, Segment


class Exported(NamedTuple):
    """How much was written."""

    files: int
    points: int
    entries: int


@dataclass(slots=True, frozen=True)
class Selection:
    """Runs, tags and steps; None is all of them."""

    runs: Sequence[str] | None = None
    tags: Sequence[str] | None = None
    first_step: int | None = None
    last_step: int | None = None

    @property
    def is_some(self) -> bool:
        """Whether tags or steps are left out at all."""
        return (self.tags, self.first_step, self.last_step) != (None, None, None)

    def reaches(self, segments: Sequence[tuple[Segment, Extent]]) -> bool:
        """Whether any of `segments` may have points at steps that are wanted."""
        first = -math.inf if self.first_step is None else self.first_step
        last = math.inf if self.last_step is None else self.last_step
        return any(extent.points and extent.max_step >= first and extent.min_step <= last for _, extent in segments)

    def runs_of(self, source: Source) -> list[str]:
        """The runs that are wanted, each once.

        Raises:
            HeadwayError: one of them, or a tag that is wanted, is not there.
        """
        there = source.run_names()
        wanted = there if self.runs is None else list(dict.fromkeys(self.runs))
        known = set(there)
        for run in wanted:
            if run not in known:
                raise HeadwayError(f"no run {run!r}{near(run, there)}")
        if self.tags is not None:
            tags = {tag for run in wanted for names in source.run_kinds(run).values() for tag in names}
            for tag in self.tags:
                if tag not in tags:
                    raise HeadwayError(f"no tag {tag!r}{near(tag, sorted(tags))}")
        return wanted

    def tags_of(self, source: Source, run: str, kind: str) -> list[str]:
        """The tags of one kind that are wanted of `run`, in the order they appeared."""
        wanted = None if self.tags is None else set(self.tags)
        return [tag for tag in source.run_tags(run, kind) if wanted is None or tag in wanted]

    def rows(self, steps: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Which of `steps` are wanted."""
        kept = np.ones(len(steps), dtype=np.bool_)
        if self.first_step is not None:
            kept &= steps >= self.first_step
        if self.last_step is not None:
            kept &= steps <= self.last_step
        return kept
