"""Index a log directory, and die at the n-th statement: `python dying.py LOGDIR INDEX N`."""

from __future__ import annotations

import os
import signal
import sys
from typing import Any

from headway.ingest import index as indexing
from headway.ingest.index import Index
from headway.store import write


class Counting:
    """A connection that kills its process before the n-th statement, of all its cursors together."""

    left = 0

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)

    def cursor(self) -> Counting:
        return Counting(self._connection.cursor())

    def execute(self, *given: Any) -> Any:
        Counting.left -= 1
        if Counting.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return self._connection.execute(*given)


def main(logdir: str, place: str, statements: int) -> None:
    write.FRESH_LIMIT, indexing.BATCH_POINTS = 300, 500
    index = Index(logdir, place)
    Counting.left = statements
    store: Any = index._placed.store
    store._connection = Counting(store._connection)
    index.refresh()
    index.close()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
