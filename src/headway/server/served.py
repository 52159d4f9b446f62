"""What the routes answer from."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from headway.query.facts import Accounts

if TYPE_CHECKING:
    from headway.ingest.index import Index
    from headway.marks import Marks


@dataclass(frozen=True)
class Served:
    """A log directory's index, and what people say of its runs."""

    index: Index
    marks: Marks
    accounts: Accounts = field(init=False)
    """What the runs say of themselves."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "accounts", Accounts(self.index))
