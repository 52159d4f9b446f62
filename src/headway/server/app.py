"""The routes of the server."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse

from headway.errors import HeadwayError
from headway.marks import Marks
from headway.server import routes as more
from headway.server.answer import answered
from headway.server.api import Change, ChartData, Overview, SeriesRequest
from headway.server.compression import NEWS, Compression
from headway.server.conditional import conditional, revision_tag
from headway.server.endpoint import Endpoint, routes
from headway.server.leaving import Leaving
from headway.server.openapi import with_document
from headway.server.overview import overview
from headway.server.page import Page
from headway.server.security import LOOPBACK_NAMES, Guard
from headway.server.series import Charts, read_request
from headway.server.served import Served
from headway.server.stream import Changes

if TYPE_CHECKING:
    from headway.ingest.index import Index

FRAMES = "application/octet-stream"
EVENTS = "text/event-stream"
FRESH = {"Cache-Control": "no-store"}
STREAM = FRESH | {"X-Accel-Buffering": "no"}  # nginx would hold the pieces back


def create_app(
    index: Index,
    *,
    token: str | None = None,
    hosts: Collection[str] | None = LOOPBACK_NAMES,
    prefix: str = "",
) -> Starlette:
    """Build the application; while it runs, it follows the log directory.

    `token`, `hosts` and `prefix`: see `headway.server.security.Guard`. `app.state.changes` is the live stream:
    close it before waiting for open connections to end.
    """
    served = Served(index, Marks(index.logdir))
    changes = Changes(served)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        index.follow()
        async with changes.watching():
            yield

    endpoints = [*_endpoints(served, changes), *more.endpoints(served)]
    app = Starlette(
        routes=routes(with_document(endpoints)),
        middleware=[
            Middleware(Guard, hosts=hosts, token=token, prefix=prefix),
            Middleware(Compression),
            Middleware(Leaving),
        ],
        exception_handlers={HeadwayError: refuse, ClientDisconnect: give_up},
        lifespan=lifespan,
    )
    app.router.redirect_slashes = False
    app.router.default = Page()
    app.state.changes = changes
    return app


def _endpoints(served: Served, changes: Changes) -> list[Endpoint]:
    index, charts = served.index, Charts(served)

    def get_overview(request: Request) -> Response:
        tag = revision_tag(index, index.progress().bytes_done)
        return conditional(request, tag, lambda: answered(request, overview(index, len(served.forms.matrices()))))

    async def post_series(request: Request) -> Response:
        wanted = await read_request(request)
        is_news = all(one.known for one in wanted.charts)
        return StreamingResponse(charts.frames(wanted), media_type=NEWS if is_news else FRAMES, headers=STREAM)

    async def get_changes(request: Request) -> Response:
        if request.method == "HEAD":
            return Response(media_type=EVENTS, headers=STREAM)
        return StreamingResponse(changes.stream(), media_type=EVENTS, headers=STREAM)

    return [
        Endpoint("/api/overview", get_overview, "Everything but the points.", answer=Overview),
        Endpoint(
            "/api/series",
            post_series,
            "All charts on the screen, chart by chart.",
            method="POST",
            body=SeriesRequest,
            answer=ChartData,
            media=FRAMES,
            details="A frame a chart, in the order asked: `u32` little-endian length, so many bytes of msgpack.",
        ),
        Endpoint(
            "/api/changes",
            get_changes,
            "What changes, as it changes.",
            answer=Change,
            media=EVENTS,
            details="Each `data:` is a `Change` in JSON. The first comes at once and says everything.",
        ),
    ]


def refuse(_: Request, error: Exception) -> Response:
    """Say what was wrong with a request, or with what it asked for."""
    return PlainTextResponse(f"{error}\n", 400, headers=FRESH)


def give_up(_: Request, __: Exception) -> Response:
    """Whoever sent half a request and left is no defect to tell of; nobody reads this answer."""
    return Response(status_code=400)
