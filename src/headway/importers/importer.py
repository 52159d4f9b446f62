"""What an importer is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from headway.importers.place import Place
from headway.importers.run import ImportedRun, Options


class Importer(NamedTuple):
    """Knows one format."""

    what: str
    """The format, for people."""
    claims: Callable[[Place], bool]
    """Says whether a place is of this format, by its name or its first bytes; cheap, and never raises."""
    runs: Callable[[Place, Options], Iterator[ImportedRun]]
    """Yields the runs at a place. It, and their rows, raise HeadwayError for what is damaged."""
