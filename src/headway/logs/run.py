"""One run of a log directory."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from headway.errors import HeadwayError
from headway.events.kinds import SCALARS
from headway.logs.entries import LoggedEntries
from headway.logs.scalars import Scalars, own
from headway.query.account import Account, Outcome, account
from headway.query.entries import entries
from headway.query.expression import evaluate, parse
from headway.query.facts import outcome
from headway.query.names import near
from headway.query.scalars import How, aggregated, branches, by_rank, scalars
from headway.query.series import Series, concatenated

if TYPE_CHECKING:
    from headway.ingest.index import Index
    from headway.marks import Mark, Marks


class LoggedRun:
    """One run of a log directory."""

    def __init__(self, index: Index, marks: Marks, name: str) -> None:
        self._index = index
        self._marks = marks
        self.name = name
        """The run's path below the log directory."""

    def __repr__(self) -> str:
        return f"<LoggedRun {self.name!r}>"

    @property
    def tags(self) -> list[str]:
        """The scalar tags, in the order they appeared."""
        return self._index.run_tags(self.name)

    @property
    def kinds(self) -> dict[str, list[str]]:
        """Everything that the run logged: kind → tags. "scalars" is one kind; others are those of `entries`."""
        return self._index.run_kinds(self.name)

    def scalars(self, tag: str, *, superseded: bool = False, rank: int | None = None) -> Scalars:
        """Return every point of the series `tag`, or of an expression over several, as in "ema(loss, 0.9)".

        A text that is a tag is that tag, else it is an expression: see `headway.query.syntax`.

        Args:
            tag: or an expression.
            superseded: the points instead that a later session replaced.
            rank: only what this rank wrote.

        Raises:
            KeyError: the run has no scalars under this tag, or none of this rank.
            HeadwayError: `superseded` and `rank` cannot be had at once.
        """
        if superseded and rank is not None:
            raise HeadwayError("superseded points and those of a rank cannot be asked for at once")

        def read(name: str) -> Series:
            if superseded:
                return concatenated(branches(self._index, self.name, name))
            return scalars(self._index, self.name, name) if rank is None else self._of_rank(name, rank)

        return own(self._series(tag, read))

    def by_rank(self, tag: str) -> dict[int, Scalars]:
        """Return what each rank wrote of the series `tag`; ranks that are not said are numbered as they began.

        Raises:
            KeyError: the run has no scalars under this tag.
        """
        self._known(tag)
        return {rank: own(series) for rank, series in by_rank(self._index, self.name, tag).items()}

    def aggregated(self, tag: str, how: How = "mean") -> Scalars:
        """Return the mean, min, max or sum over all ranks of the series `tag`, at each step that any of them has.

        Raises:
            KeyError: the run has no scalars under this tag.
            HeadwayError: `how` is something else.
        """
        if how not in ("mean", "min", "max", "sum"):
            raise HeadwayError(f"how must be mean, min, max or sum, not {how!r}")
        self._known(tag)
        return own(aggregated(self._index, self.name, tag, how))

    def entries(self, tag: str, kind: str | None = None) -> LoggedEntries:
        """Return the pictures, texts, histograms or the like under `tag`. `kind`: where it has several, which.

        Raises:
            KeyError: the run has none under this tag.
            HeadwayError: it has several kinds under it.
        """
        kinds = {name: tags for name, tags in self.kinds.items() if name != SCALARS}
        having = [name for name, tags in kinds.items() if tag in tags and kind in (None, name)]
        if not having:
            tags = [tag for name, tags in kinds.items() for tag in tags if kind in (None, name)]
            raise KeyError(f"run {self.name!r} has no {kind or 'entries'} {tag!r}{near(tag, tags)}")
        if len(having) > 1:
            raise HeadwayError(f"{tag!r} of run {self.name!r} has several kinds, name one: {', '.join(having)}")
        return LoggedEntries(self._index, tag, having[0], entries(self._index, self.name, tag, having[0]))

    @property
    def account(self) -> Account:
        """What the run says of itself: config, git commit, machine, packages, lineage, how it ended."""
        return account(self._index.told(self.name))

    @property
    def config(self) -> dict[str, Any]:
        """What it was started with: dotted key → number, text or bool."""
        return dict(self.account.config)

    @property
    def state(self) -> Outcome:
        """How it goes: running, finished, failed, killed, lost (it stopped without a word), unknown."""
        for run in self._index.runs():
            if run.name == self.name:
                return outcome(run, self.account, time.time())
        raise KeyError(f"no run {self.name!r} any more")

    @property
    def mark(self) -> Mark:
        """What people said of it: name, note, tags, group."""
        return self._marks.of(self.name)

    def _of_rank(self, tag: str, rank: int) -> Series:
        found = by_rank(self._index, self.name, tag)
        if rank not in found:
            raise KeyError(f"run {self.name!r} has no scalars {tag!r} of rank {rank}; there are {sorted(found)}")
        return found[rank]

    def _series(self, text: str, read: Callable[[str], Series]) -> Series:
        """The series of a tag, or of an expression."""
        if self._index.series(self.name, text):
            return read(text)

        def get(tag: str) -> Series:
            self._known(tag)
            return read(tag)

        try:
            expression = parse(text)
        except HeadwayError as error:
            why = str(error).partition("\n")[0]
            said = f"run {self.name!r} has no scalars {text!r}, and it is no expression: {why}"
            raise KeyError(f"{said}{near(text, self.tags)}") from None
        return evaluate(expression, get, self._index.first_wall(self.name))

    def _known(self, tag: str) -> None:
        if not self._index.series(self.name, tag):
            raise KeyError(f"run {self.name!r} has no scalars {tag!r}{near(tag, self.tags)}")
