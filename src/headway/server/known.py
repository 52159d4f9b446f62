"""What has been looked up of runs, kept for as long as they do not change: most of a long list never does."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from headway.query.facts import Accounts, Facts, higher_is_better
from headway.query.scalars import extremes

if TYPE_CHECKING:
    from headway.query.facts import Marked
    from headway.query.source import Run, Source


class Values(NamedTuple):
    """A series in a list of runs; see `headway.server.api.TagColumn`."""

    last: float | None
    last_step: int | None
    min: float | None
    min_step: int | None
    max: float | None
    max_step: int | None
    points: int


MOST_TAGS = 64
"""Tags of which values are kept; the oldest goes."""
NONE = Values(None, None, None, None, None, None, 0)


class Known:
    """What the runs of one log directory say of themselves, and the values of their series.

    Any thread may ask; at worst something is looked up twice.
    """

    def __init__(self, source: Source) -> None:
        self.accounts = Accounts(source)
        self._source = source
        self._values: dict[str, dict[str, tuple[int, Values]]] = {}

    def values(self, run: Run, tag: str) -> Values:
        """Values of a series; `NONE` where there is none."""
        of_tag = self._values.get(tag) or self._begin(tag)
        known = of_tag.get(run.name)
        if known is None or known[0] != run.revision:
            known = of_tag[run.name] = (run.revision, values(self._source, run.name, tag))
        return known[1]

    def _begin(self, tag: str) -> dict[str, tuple[int, Values]]:
        while len(self._values) >= MOST_TAGS:
            self._values.pop(next(iter(self._values)), None)
        return self._values.setdefault(tag, {})

    def facts(self, run: Run, mark: Marked, now: float) -> Facts:
        """What a filter asks of `run`, at `now`, seconds since 1970."""
        return _Facts(self, self._source, run, mark, now)


class _Facts(Facts):
    __slots__ = ("_known",)

    def __init__(self, known: Known, source: Source, run: Run, mark: Marked, now: float) -> None:
        super().__init__(source, run, known.accounts, mark, now)
        self._known = known

    def value(self, function: str, tag: str) -> float | None:
        if function == "best":
            function = "max" if higher_is_better(tag) else "min"
        known = self._known.values(self._run, tag)
        if function in ("min", "max"):
            return known.min if function == "min" else known.max
        if function == "last" and (known.last is not None or not known.points):
            return known.last
        return super().value(function, tag)


def values(source: Source, run: str, tag: str) -> Values:
    """Look up a series."""
    found = extremes(source, run, tag)
    if found is None:
        return NONE
    last = found.last if math.isfinite(found.last) else None
    if found.low != found.low:  # no finite value
        return Values(last, found.last_step, None, None, None, None, found.points)
    return Values(last, found.last_step, found.low, found.low_step, found.high, found.high_step, found.points)
