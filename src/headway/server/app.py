"""The routes of the server."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import msgspec
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Mount, Route, Router

from headway.server.overview import overview
from headway.server.page import Page
from headway.server.security import LOOPBACK_NAMES, Guard
from headway.server.series import Charts, read_request
from headway.server.stream import Changes

if TYPE_CHECKING:
    from headway.ingest.index import Index

FRESH = {"Cache-Control": "no-store"}
STREAM = FRESH | {"X-Accel-Buffering": "no"}  # nginx would hold the pieces back


def create_app(
    index: Index, *, token: str | None = None, hosts: Collection[str] | None = LOOPBACK_NAMES
) -> Starlette:
    """Build the application; while it runs, it follows the log directory.

    `token` and `hosts`: see `headway.server.security.Guard`. `app.state.changes` is the live stream: close it
    before waiting for open connections to end.
    """
    changes = Changes(index)
    charts = Charts(index)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        index.follow()
        async with changes.watching():
            yield

    def get_overview(_: Request) -> Response:
        return Response(msgspec.json.encode(overview(index)), media_type="application/json", headers=FRESH)

    async def post_series(request: Request) -> Response:
        wanted = await read_request(request)
        return StreamingResponse(charts.frames(wanted), media_type="application/octet-stream", headers=STREAM)

    async def get_changes(request: Request) -> Response:
        if request.method == "HEAD":
            return Response(media_type="text/event-stream", headers=STREAM)
        return StreamingResponse(changes.stream(), media_type="text/event-stream", headers=STREAM)

    api = [
        Route("/overview", get_overview),
        Route("/series", post_series, methods=["POST"]),
        Route("/changes", get_changes),
    ]
    app = Starlette(
        routes=[Mount("/api", Router(api, redirect_slashes=False)), Mount("/", Page())],
        middleware=[Middleware(Guard, hosts=hosts, token=token)],
        lifespan=lifespan,
    )
    app.state.changes = changes
    return app
