"""Which runs belong together: those that are the same in what is asked for."""

from __future__ import annotations

import json
from collections.abc import Sequence

from headway.server.api import Group
from headway.server.served import Served

GROUP = "group"
"""What people, or the run itself, said that it belongs to; a setting of that name counts where nobody said any."""


def grouped(served: Served, runs: Sequence[int], keys: Sequence[str]) -> list[Group]:
    """Group `runs` by settings of their configuration, in the order of each group's first run."""
    groups: dict[tuple[str, ...], list[int]] = {}
    for run in runs:
        name = served.index.run_name(run)
        if name is not None:
            groups.setdefault(tuple(_value(served, name, key) for key in keys), []).append(run)
    return [Group(list(values), members) for values, members in groups.items()]


def _value(served: Served, run: str, key: str) -> str:
    account = served.accounts.of(run)
    if key == GROUP and (said := served.marks.of(run).group or account.group):
        return said
    value = account.config.get(key, "")
    return value if isinstance(value, str) else json.dumps(value)
