"""Entries, the values of a series that is not of scalars: where they lie, and one of them decoded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import Response

from headway.query.kinds import Mesh, Tensor, Value, plain
from headway.server.answer import current, wants_msgpack
from headway.server.api import EntriesQuery, EntryColumns, EntryData, EntryQuery
from headway.server.contents import entry_of, series_of
from headway.server.endpoint import Endpoint, read_query

if TYPE_CHECKING:
    from headway.server.served import Served


def endpoints(served: Served) -> list[Endpoint]:
    """`api/entries` and `api/entry`."""

    def get_entries(request: Request) -> Response:
        query = read_query(request, EntriesQuery)
        return current(request, served, lambda: columns(served, query))

    def get_entry(request: Request) -> Response:
        query = read_query(request, EntryQuery)
        return current(request, served, lambda: entry(served, query, packed=wants_msgpack(request)))

    return [
        Endpoint(
            "/api/entries",
            get_entries,
            "Which pictures, texts, histograms … a series has.",
            query=EntriesQuery,
            answer=EntryColumns,
        ),
        Endpoint("/api/entry", get_entry, "One of them, decoded.", query=EntryQuery, answer=EntryData),
    ]


def columns(served: Served, query: EntriesQuery) -> EntryColumns:
    """All entries of a series; an HTTPException (404) when there is no such series."""
    revision = served.index.revision
    contents = series_of(served, query.run, query.tag, query.kind)
    found = contents.entries
    return EntryColumns(
        run=query.run,
        tag=query.tag,
        kind=query.kind,
        revision=revision,
        steps=found.steps.tolist(),
        walls=found.wall_times.tolist(),
        sizes=found.lengths.tolist(),
        superseded=found.superseded.tolist(),
        keys=contents.keys(),
    )


def entry(served: Served, query: EntryQuery, *, packed: bool) -> EntryData:
    """One entry; an HTTPException (404) when there is none, (422) when it is malformed."""
    contents = series_of(served, query.run, query.tag, query.kind)
    i = entry_of(contents, query.i, query.key)
    found = contents.entries
    return EntryData(
        run=query.run,
        tag=query.tag,
        kind=query.kind,
        i=i,
        key=contents.key(i),
        step=int(found.steps[i]),
        wall=float(found.wall_times[i]),
        superseded=bool(found.superseded[i]),
        value=(_packed if packed else plain)(contents.value(i)),
    )


def _packed(value: Value) -> dict[str, Any]:
    """Plain data, but of a tensor or a mesh all elements, as bytes."""
    found = plain(value)
    array = value.array if isinstance(value, Tensor) else value.values if isinstance(value, Mesh) else None
    if array is not None and array.dtype.kind in "biuf":
        little = array.astype(array.dtype.newbyteorder("<"), copy=False)
        found |= {"values": little.tobytes(), "type": little.dtype.str}
    return found
