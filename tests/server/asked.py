"""A log directory that is served, and addresses to ask it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from headway.ingest.index import Index
from headway.server.serve import Server
from server.client import Answer, Client

MSGPACK = {"Accept": "application/msgpack"}
JSON = {"Content-Type": "application/json"}


@dataclass
class Asked:
    """A served log directory."""

    index: Index
    client: Client

    def get(self, route: str, headers: dict[str, str] | None = None, **query: Any) -> Answer:
        """Ask `api/<route>`; a list in the query stands there several times."""
        asked = urlencode(query, doseq=True, quote_via=quote)
        return self.client.get(f"/api/{route}?{asked}", headers)

    def json(self, route: str, **query: Any) -> Any:
        """Likewise, what must have gone well."""
        answer = self.get(route, **query)
        assert answer.status == 200, answer.text
        assert answer.headers["content-type"] == "application/json"
        return answer.json()

    def id(self, run: str) -> int:
        """Return the id of a run."""
        found = self.index.run_id(run)
        assert found is not None, run
        return found


@contextmanager
def asking(logdir: Path) -> Iterator[Asked]:
    """Index and serve a log directory."""
    with closing(Index(logdir, ":memory:")) as index:
        index.refresh()
        with Server(index, port=0) as server:
            yield Asked(index, Client(server.port))
