"""`api/points`: all that some charts draw as one table, in CSV, while it is read."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NamedTuple

from anyio.to_thread import run_sync
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from headway.errors import HeadwayError
from headway.query.line import Who
from headway.query.lines import Wanted, check
from headway.query.points import Points, names, points
from headway.server.api import ChartRequest, Group, SeriesRequest
from headway.server.endpoint import Endpoint
from headway.server.series import read_request, wanted_of

if TYPE_CHECKING:
    from headway.server.served import Served

CSV = "text/csv"
ROWS = 16384
"""Points that are put into text at a time: a series of ten million takes no more memory than that."""


def endpoints(served: Served) -> list[Endpoint]:
    """`api/points`."""

    async def post_points(request: Request) -> Response:
        charts = (await read_request(request)).charts
        asked = await run_sync(lambda: [_asked(served, one) for one in charts])
        return StreamingResponse(
            table(served, asked), media_type=CSV, headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        )

    return [
        Endpoint(
            "/api/points",
            post_points,
            "All points of what some charts draw, as CSV.",
            method="POST",
            body=SeriesRequest,
            media=CSV,
            details="A header and a line a point, series after series. Numbers are the shortest text that reads as "
            "the same number; `nan`, `inf` and `-inf`. Columns that no chart has are left out.",
        )
    ]


class Asked(NamedTuple):
    """One chart of a request."""

    request: ChartRequest
    wanted: Wanted
    groups: list[Group] | None


def _asked(served: Served, request: ChartRequest) -> Asked:
    wanted, groups = wanted_of(served, request)
    check(served.index, wanted)
    return Asked(request, wanted, groups)


def table(served: Served, asked: list[Asked]) -> Iterator[str]:
    """The header, then the lines, in pieces. An expression that names no tag has none."""
    header = _header(asked)
    yield _text([header])
    for one in asked:
        with suppress(HeadwayError):
            for line in points(served.index, one.wanted):
                who = _who(served, one, line.who)
                for at in range(0, len(line.columns["value"]), ROWS):
                    yield _text(_rows(header, who, line, at))


def _header(asked: list[Asked]) -> list[str]:
    """What any of the charts has: what is drawn, of whom, then the numbers."""
    requests = [one.request for one in asked]
    found = ["tag"]
    found += ["run"] if any(not request.group for request in requests) else []
    found += ["rank"] if any(request.ranks == "each" for request in requests) else []
    found += ["superseded"] if any(request.superseded for request in requests) else []
    found += ["group", "runs"] if any(request.group for request in requests) else []
    numbers = {name for one in asked for name in names(one.wanted)}
    return found + [name for name in _NUMBERS if name in numbers]


_NUMBERS = ("x", "step", "wall_time", "value", "low", "high", "smoothed")


def _who(served: Served, one: Asked, who: Who) -> dict[str, Any]:
    said: dict[str, Any] = {"tag": one.request.tag}
    if who.group is not None and one.groups is not None:
        group = one.groups[who.group]
        pairs = zip(one.request.group, group.values, strict=True)
        return said | {"group": ", ".join(f"{key}={value}" for key, value in pairs), "runs": len(group.runs)}
    said |= {"run": served.index.run_name(who.run), "rank": who.rank, "superseded": int(who.superseded)}
    return {name: "" if value is None else value for name, value in said.items()}


def _rows(header: list[str], who: dict[str, Any], line: Points, at: int) -> Iterator[tuple[Any, ...]]:
    columns = {name: column[at : at + ROWS].tolist() for name, column in line.columns.items()}
    n = len(columns["value"])
    return zip(*(columns.get(name) or [who.get(name, "")] * n for name in header), strict=True)


def _text(rows: Any) -> str:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue()
