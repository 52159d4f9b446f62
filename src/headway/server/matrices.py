"""Which tags of texts are confusion matrices: only their entries say so, and the first of each is looked at."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import Response

from headway.query.kinds import ConfusionMatrix
from headway.server.answer import current
from headway.server.api import TagList, TagRow
from headway.server.contents import Contents
from headway.server.endpoint import Endpoint

if TYPE_CHECKING:
    from headway.server.served import Served

TEXT = "text"
OWN = "headway/"
MOST = 500
"""Tags that are looked at."""


def endpoints(served: Served) -> list[Endpoint]:
    """`api/matrices`."""

    def get_matrices(request: Request) -> Response:
        return current(request, served, lambda: matrices(served))

    return [Endpoint("/api/matrices", get_matrices, "Which tags of texts are confusion matrices.", answer=TagList)]


def matrices(served: Served) -> TagList:
    """Those tags, with the runs that have each."""
    runs = served.index.tags(TEXT)
    rows = [TagRow(tag, TEXT, len(runs[tag]), runs[tag]) for tag in served.forms.matrices() if tag in runs]
    return TagList(len(rows), rows)


class Forms:
    """What was found out of a log directory's tags of texts; any thread may ask."""

    def __init__(self, served: Served) -> None:
        self._served = served
        self._lock = threading.Lock()
        self._is_matrix: dict[str, bool] = {}

    def matrices(self) -> list[str]:
        """Tags whose first entry is a matrix, in the order in which tags appeared."""
        served = self._served
        tags = {tag: runs for tag, runs in served.index.tags(TEXT).items() if not tag.startswith(OWN)}
        for tag, runs in list(tags.items())[:MOST]:
            with self._lock:
                known = tag in self._is_matrix
            if not known and runs:
                found = _is_matrix(served, tag, runs[0])
                with self._lock:
                    self._is_matrix[tag] = found
        with self._lock:
            return [tag for tag in tags if self._is_matrix.get(tag)]


def _is_matrix(served: Served, tag: str, run: int) -> bool:
    name = served.index.run_name(run)
    contents = Contents(served, name, tag, TEXT) if name is not None else ()
    if not contents:
        return False
    return isinstance(contents.readable(0), ConfusionMatrix)
