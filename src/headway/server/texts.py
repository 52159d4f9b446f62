"""Texts and tables: HTML as a document, words looked for in all of them, one row of a table step after step.

Looking reads entries out of their files, so an answer ends when its time is up, and says where to go on.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from headway.query.kinds import Table, Text, Value, plain
from headway.server.answer import current
from headway.server.api import (
    MediaQuery,
    RowAtStep,
    RowHistory,
    RowsQuery,
    SearchQuery,
    TextMatch,
    TextMatches,
)
from headway.server.contents import Contents, entry_of, name_of, series_of
from headway.server.endpoint import Endpoint, read_query
from headway.server.security import CSP, DOCUMENT

if TYPE_CHECKING:
    from headway.query.source import Source
    from headway.server.served import Served

TEXT = "text"
SECONDS = 1.0
"""After which an answer ends."""
AROUND = 80
"""Characters that an excerpt shows before and after what was found."""


def endpoints(served: Served) -> list[Endpoint]:
    """`api/html`, `api/search` and `api/rows`."""

    def get_html(request: Request) -> Response:
        return html(served, read_query(request, MediaQuery))

    def get_matches(request: Request) -> Response:
        query = read_query(request, SearchQuery)
        return current(request, served, lambda: matches(served, query))

    def get_rows(request: Request) -> Response:
        query = read_query(request, RowsQuery)
        return current(request, served, lambda: rows(served, query))

    return [
        Endpoint(
            "/api/html",
            get_html,
            "A text that is HTML, as a document that runs and fetches nothing.",
            query=MediaQuery,
            media="text/html",
        ),
        Endpoint("/api/search", get_matches, "Words in texts and tables.", query=SearchQuery, answer=TextMatches),
        Endpoint("/api/rows", get_rows, "One row of a table, step after step.", query=RowsQuery, answer=RowHistory),
    ]


def html(served: Served, query: MediaQuery) -> Response:
    """Answer with one text of one entry; an HTTPException (404) when that is no HTML."""
    contents = series_of(served, query.run, query.tag, query.kind)
    i = entry_of(contents, query.i, query.key)
    value = contents.value(i) if query.kind == TEXT else None
    if not isinstance(value, Text) or not value.html or not 0 <= query.item < value.strings.size:
        raise HTTPException(404, f"Entry {i} of the tag {query.tag!r} is no HTML.\n")
    is_for_ever = query.key == contents.key(i)
    headers = {
        "Cache-Control": "private, max-age=31536000, immutable" if is_for_ever else "private, no-cache",
        CSP: DOCUMENT,
    }
    return Response(value.strings.ravel()[query.item], media_type="text/html", headers=headers)


def matches(served: Served, query: SearchQuery, clock: Callable[[], float] = time.monotonic) -> TextMatches:
    """Look through the texts of runs; an HTTPException (404) when there is no such run."""
    until = clock() + SECONDS
    wanted = query.q.casefold()
    written = wanted.encode() if query.q.isascii() else b""
    found: list[TextMatch] = []
    at, to_go_on = 0, None
    for run, contents in _series(served, query):
        for i in reversed(range(len(contents))):
            if at >= query.start and to_go_on is None:
                if len(found) == query.limit or (at > query.start and clock() > until):
                    to_go_on = at
                elif match := _match(contents, i, run, wanted, written):
                    found.append(match)
            at += 1
    return TextMatches(found, (at if to_go_on is None else to_go_on) - query.start, at, to_go_on)


def _series(served: Served, query: SearchQuery) -> Iterator[tuple[int, Contents]]:
    """The series of texts asked for, without what was superseded."""
    for run in query.run:
        name = name_of(served.index, run)
        for tag in _tags(served.index, name) if query.tag is None else [query.tag]:
            yield run, Contents(served, name, tag, TEXT, current=True)


def _tags(source: Source, run: str) -> list[str]:
    return list(source.run_kinds(run).get(TEXT, ()))


def _match(contents: Contents, i: int, run: int, wanted: str, written: bytes) -> TextMatch | None:
    """The i-th entry if it has `wanted`; only one whose bytes have `written` in them is decoded."""
    if written:
        try:
            if written not in contents.content(i).lower():
                return None
        except HTTPException:
            return None
    for row, text in _texts(contents.readable(i)):
        place = _find(text, wanted)
        if place is None:
            continue
        at, length = place
        start = max(0, at - AROUND)
        excerpt = "".join(" " if letter.isspace() else letter for letter in text[start : at + length + AROUND])
        step, wall = int(contents.entries.steps[i]), float(contents.entries.wall_times[i])
        return TextMatch(run, contents.tag, step, wall, contents.key(i), row, excerpt, at - start, length)
    return None


def _texts(value: Value | None) -> Iterator[tuple[int | None, str]]:
    """The texts in it, each with its row in a table."""
    if isinstance(value, Text):
        for text in value.strings.ravel().tolist():
            yield None, text
    elif isinstance(value, Table):
        for number, row in enumerate(value.rows):
            for cell in row:
                if isinstance(cell, (str, int, float)):
                    yield number, str(cell)


def _find(text: str, wanted: str) -> tuple[int, int] | None:
    """Where `wanted`, casefolded, stands in `text`, and in how many characters."""
    at = text.lower().find(wanted)
    if at >= 0 and len(text.lower()) == len(text):
        return at, len(wanted)
    folded, places = "", []
    if wanted not in text.casefold():
        return None
    for place, letter in enumerate(text):  # ß is folded to two
        one = letter.casefold()
        folded += one
        places += [place] * len(one)
    at = folded.find(wanted)
    return places[at], places[at + len(wanted) - 1] - places[at] + 1


def rows(served: Served, query: RowsQuery, clock: Callable[[], float] = time.monotonic) -> RowHistory:
    """Follow a row through the tables of a series; an HTTPException (404) when there is no such series."""
    contents = Contents(served, name_of(served.index, query.run), query.tag, TEXT, current=True)
    if not contents:
        raise HTTPException(404, f"The run {contents.run!r} has no texts under the tag {query.tag!r}.\n")
    until = clock() + SECONDS
    found: list[RowAtStep] = []
    for i in range(query.start, len(contents)):
        if i > query.start and clock() > until:
            return RowHistory(found, i)
        value = contents.readable(i)
        if isinstance(value, Table):
            found.append(_row(contents, i, value, query))
    return RowHistory(found, None)


def _row(contents: Contents, i: int, table: Table, query: RowsQuery) -> RowAtStep:
    names = [column.name for column in table.columns]
    cells = None
    if query.column in names:
        place = names.index(query.column)
        number = next((n for n, row in enumerate(table.rows) if _is(row[place], query.value)), None)
        if number is not None:
            cells = plain(Table(table.columns, table.rows[number : number + 1]))["rows"][0]
    step, wall = int(contents.entries.steps[i]), float(contents.entries.wall_times[i])
    return RowAtStep(i, contents.key(i), step, wall, names, cells)


def _is(cell: object, value: str) -> bool:
    """Whether the page calls this cell so."""
    if isinstance(cell, bool):
        return value == ("true" if cell else "false")
    if isinstance(cell, (int, float)):
        try:
            return float(value) == cell
        except ValueError:
            return False
    return cell == value
