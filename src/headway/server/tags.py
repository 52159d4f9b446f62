"""Tags: of one run or of all, searched, a page at a time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import Response

from headway.server.answer import current
from headway.server.api import TagList, TagRow, TagsQuery
from headway.server.contents import name_of
from headway.server.endpoint import Endpoint, read_query

if TYPE_CHECKING:
    from headway.query.source import Source
    from headway.server.served import Served


def endpoints(served: Served) -> list[Endpoint]:
    """`api/tags`."""

    def get_tags(request: Request) -> Response:
        query = read_query(request, TagsQuery)
        return current(request, served, lambda: tags(served.index, query))

    return [Endpoint("/api/tags", get_tags, "Tags, searched, a page at a time.", query=TagsQuery, answer=TagList)]


def tags(source: Source, query: TagsQuery) -> TagList:
    """Find tags; an HTTPException (404) when there is no such run."""
    words = query.q.casefold().split()
    found = [tag for tag in _all(source, query) if _has(tag[0], words)]
    shown = found[query.start : query.start + query.limit]
    rows = [TagRow(name, kind, len(runs), runs if query.ids else None) for name, kind, runs in shown]
    return TagList(len(found), rows)


def _all(source: Source, query: TagsQuery) -> Iterator[tuple[str, str, list[int]]]:
    """(tag, kind, ids of runs), unsearched."""
    if query.run is not None:
        for kind, names in source.run_kinds(name_of(source, query.run)).items():
            if query.kind in (None, kind):
                yield from ((name, kind, [query.run]) for name in names)
        return
    for kind in source.kinds() if query.kind is None else [query.kind]:
        yield from ((name, kind, runs) for name, runs in source.tags(kind).items())


def _has(name: str, words: list[str]) -> bool:
    folded = name.casefold()
    return all(word in folded for word in words)
