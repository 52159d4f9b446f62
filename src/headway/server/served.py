"""What the routes answer from."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from headway.server.known import Known
from headway.server.matrices import Forms
from headway.server.shelf import Shelf

if TYPE_CHECKING:
    from headway.ingest.index import Index
    from headway.marks import Marks
    from headway.query.facts import Accounts


@dataclass(frozen=True)
class Served:
    """A log directory's index, and what people say of its runs."""

    index: Index
    marks: Marks
    known: Known = field(init=False)
    """What has been looked up of the runs."""
    shelf: Shelf = field(init=False)
    """Where entries lie that were asked for lately."""
    forms: Forms = field(init=False)
    """What the texts of tags are."""

    @property
    def accounts(self) -> Accounts:
        """What the runs say of themselves."""
        return self.known.accounts

    def __post_init__(self) -> None:
        object.__setattr__(self, "known", Known(self.index))
        object.__setattr__(self, "shelf", Shelf(self.index))
        object.__setattr__(self, "forms", Forms(self))
