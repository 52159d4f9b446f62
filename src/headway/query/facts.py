"""What a filter asks of the runs of an index, looked up when it asks."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import Protocol

import numpy as np

from headway.query.account import Account, Outcome, account, state_of
from headway.query.filter import Fact
from headway.query.scalars import extremes, scalars
from headway.query.source import Run, Source

_HIGH = re.compile(
    r"(^|[^a-z])(acc|accuracy|f1|auc|auroc|bleu|rouge\w*|reward|score|precision|recall|map|iou|psnr|ssim|success|win"
    r"|pass|pass@\d+|correct|r2|exact_match|em|throughput|mfu)([^a-z]|$)"
    r"|准确|精确|精度|正确|召回|奖励|得分|分数|成功率|胜率|通过率|吞吐"
)


def higher_is_better(tag: str) -> bool:
    """Whether a greater value of `tag` is a better one, as its name tells: accuracies and rewards, but not losses."""
    return _HIGH.search(tag.lower()) is not None


class Marked(Protocol):
    """What a person said of a run; see `headway.marks.Mark`."""

    @property
    def tags(self) -> Sequence[str]: ...  # noqa: D102
    @property
    def group(self) -> str: ...  # noqa: D102
    @property
    def archived(self) -> bool: ...  # noqa: D102


class Accounts:
    """What the runs of a source say of themselves, read once for as long as they say nothing new."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._known: dict[str, tuple[int | None, list[tuple[str, str, float]], Account]] = {}

    def of(self, run: str, revision: int | None = None) -> Account:
        """The account of the run of this name; at the same `revision` of it, it is the same."""
        known = self._known.get(run)
        if known is not None and revision is not None and known[0] == revision:
            return known[2]
        told = self._source.told(run)
        key = [(one.tag, one.path, one.wall_time) for one in told]
        found = account(told) if known is None or known[1] != key else known[2]
        self._known[run] = (revision, key, found)
        return found


class Facts:
    """The facts of one run: `headway.query.filter.RunFacts`."""

    __slots__ = ("_accounts", "_mark", "_now", "_run", "_source")

    def __init__(self, source: Source, run: Run, accounts: Accounts, mark: Marked, now: float) -> None:
        self._source = source
        self._run = run
        self._accounts = accounts
        self._mark = mark
        self._now = now

    def field(self, name: str) -> Fact:
        """One of `headway.query.filter.FIELDS`."""
        run = self._run
        match name:
            case "name":
                return run.name
            case "state":
                return outcome(run, self._said(), self._now)
            case "steps":
                return run.last_step
            case "points":
                return run.points
            case "duration":
                return None if run.first_wall is None or run.last_wall is None else run.last_wall - run.first_wall
            case "started":
                started = self._said().started
                return run.first_wall if started is None else started
            case "tags":
                return [*self._said().tags, *self._mark.tags]
            case "group":
                return self._mark.group or self._said().group or None
            case "archived":
                return self._mark.archived
        raise ValueError(f"no field {name!r}")

    def config(self, key: str) -> Fact:
        """What the config has under a dotted key."""
        return self._said().config.get(key)

    def value(self, function: str, tag: str) -> float | None:
        """One of `headway.query.filter.FUNCTIONS`."""
        return value_of(self._source, self._run.name, tag, function)

    def _said(self) -> Account:
        return self._accounts.of(self._run.name, self._run.revision)


def outcome(run: Run, said: Account, now: float) -> Outcome:
    """Return how a run goes at `now`, seconds since 1970."""
    last_wall = math.nan if run.last_wall is None else run.last_wall
    return state_of(said, run.live, last_wall, run.grew_at, now)


def value_of(source: Source, run: str, tag: str, function: str) -> float | None:
    """Return the last, first, min, max or best finite value of a series as it counts; None where there is none."""
    known = extremes(source, run, tag)
    if known is None:
        return None
    if function == "best":
        function = "max" if higher_is_better(tag) else "min"
    if function in ("min", "max"):
        value = known.low if function == "min" else known.high
    elif function == "last" and math.isfinite(known.last):
        value = known.last
    else:
        values = scalars(source, run, tag).values
        finite = values[np.isfinite(values)]
        value = float(finite[-1 if function == "last" else 0]) if len(finite) else math.nan
    return value if math.isfinite(value) else None
