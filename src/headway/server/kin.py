"""Which runs were forked from which."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from headway.server.api import Kin

if TYPE_CHECKING:
    from headway.query.account import Account
    from headway.query.source import Run
    from headway.server.served import Served

FARTHEST = 100
"""Generations of parents that are told."""


class Family:
    """The runs of a log directory, by what they say of where they come from."""

    def __init__(self, served: Served) -> None:
        self._accounts = served.known.accounts
        self._runs = {run.name: run for run in served.index.runs()}
        self._by_id = {told.id: run for run in self._runs.values() if (told := self._told(run)).id}

    def parents(self, name: str) -> list[Kin]:
        """The run that this one was forked from, that one's, and so on."""
        here: Run | None = self._runs.get(name)
        met = {name}
        found: list[Kin] = []
        while here is not None and len(found) < FARTHEST and (fork := self._fork(here)):
            parent = self._named(fork, here)
            if parent is not None and parent.name in met:  # who names its own child goes round for ever
                break
            found.append(_kin(parent, fork))
            met.add(found[-1].name)
            here = parent
        return found

    def children(self, name: str) -> list[Kin]:
        """The runs that were forked from this one."""
        forks = [(run, fork) for run in self._runs.values() if run.name != name and (fork := self._fork(run))]
        return [
            _kin(run, fork)
            for run, fork in forks
            if (parent := self._named(fork, run)) is not None and parent.name == name
        ]

    def _told(self, run: Run) -> Account:
        return self._accounts.of(run.name, run.revision)

    def _fork(self, run: Run) -> dict[str, Any] | None:
        said = self._told(run).run.get("lineage")
        return said if isinstance(said, dict) and _text(said.get("run")) else None

    def _named(self, fork: dict[str, Any], of: Run) -> Run | None:
        """The run that a fork names: by its id, or else by the longest name that ends its directory."""
        by_id = self._by_id.get(_text(fork.get("id")))
        if by_id is not None and by_id.name != of.name:
            return by_id
        by_name = (self._runs.get(name) for name in _endings(_text(fork["run"])))
        return next((run for run in by_name if run is not None and run.name != of.name), None)


def _endings(directory: str) -> Iterator[str]:
    parts = [part for part in directory.replace("\\", "/").split("/") if part]
    return ("/".join(parts[i:]) for i in range(max(len(parts) - FARTHEST, 0), len(parts)))


def _kin(run: Run | None, fork: dict[str, Any]) -> Kin:
    return Kin(None, _text(fork["run"]), _step(fork)) if run is None else Kin(run.id, run.name, _step(fork))


def _text(said: Any) -> str:
    return said if isinstance(said, str) else ""


def _step(fork: dict[str, Any]) -> int | None:
    step = fork.get("step")
    return step if isinstance(step, int) and not isinstance(step, bool) and abs(step) < 1 << 63 else None
