"""The runs of a log directory, each with what it says of itself and what people say of it."""

from __future__ import annotations

import time
from collections.abc import Sequence

from rich.text import Text

from headway.cli.choose import one_run, several_runs
from headway.cli.output import printable
from headway.errors import HeadwayError
from headway.ingest.catalogue import RunState
from headway.ingest.index import Index
from headway.marks import Mark, Marks
from headway.query.account import Account, Outcome
from headway.query.facts import Accounts, Facts, outcome
from headway.query.names import near

STYLES: dict[str, str] = {"running": "green", "failed": "red", "killed": "yellow", "lost": "yellow"}
"""Of states."""


class Listing:
    """What is known of the runs of `index`, at the moment when it was made."""

    def __init__(self, index: Index, logdir: str) -> None:
        self.index = index
        self.marks = Marks(logdir).all()
        self.runs = {run.name: run for run in index.runs()}
        self.now = time.time()
        self._accounts = Accounts(index)
        self._known: dict[str, Account] = {}

    def one(self, text: str) -> str:
        """Return the run that a person means; a HeadwayError lists the candidates when it is not one."""
        return one_run(text, list(self.runs), self.marks)

    def several(self, texts: Sequence[str]) -> list[str]:
        """Return the runs that a person means; all of them when nothing is said."""
        return several_runs(texts, list(self.runs), self.marks) if texts else list(self.runs)

    def account(self, run: str) -> Account:
        """Return what a run says of itself."""
        known = self._known.get(run)
        if known is None:
            known = self._known[run] = self._accounts.of(run)
        return known

    def state(self, run: RunState) -> Outcome:
        """Return how a run goes."""
        return outcome(run, self.account(run.name), self.now)

    def mark(self, run: str) -> Mark:
        """Return what people say of a run."""
        return self.marks.get(run) or Mark()

    def facts(self, run: RunState) -> Facts:
        """Return what filters and orders ask."""
        return Facts(self.index, run, self._accounts, self.mark(run.name), self.now)

    def group(self, run: str) -> str:
        """Return the group that people put a run into, or else it itself."""
        return self.mark(run).group or self.account(run).group

    def tags(self, run: str) -> list[str]:
        """Return how a run was tagged, by itself and by people."""
        return list(dict.fromkeys((*self.account(run).tags, *self.mark(run).tags)))

    def started(self, run: RunState) -> float | None:
        """Return when a run's newest life began."""
        said = self.account(run.name).started
        return run.first_wall if said is None else said

    def title(self, run: str) -> Text:
        """Return what a run is called, in its colour: the name it was given, and its own."""
        mark = self.mark(run)
        own = printable(run)
        style = mark.colour or ""
        if not mark.name:
            return Text(own, style=style)
        return Text.assemble((mark.name, style), (f" ({own})", "dim"))


def known_tag(tag: str, tags: Sequence[str]) -> str:
    """Return `tag`; a HeadwayError when it is none of `tags`."""
    if tag in tags:
        return tag
    hint = near(printable(tag), map(printable, tags)) or f"; there are {len(tags):,} others"
    raise HeadwayError(f"no tag {printable(tag)!r}{hint}")


def duration_of(run: RunState) -> float | None:
    """Return the seconds from a run's first point to its last."""
    return None if run.first_wall is None or run.last_wall is None else run.last_wall - run.first_wall
