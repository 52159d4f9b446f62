from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from headway.ingest.index import Index
from headway.server.leaving import Leaving
from headway.server.serve import Server
from headway.store.asker import NobodyWaits, for_asker
from headway.store.rows import Extent, Points, Segment
from server.client import Client, serving

LONG = "select max(hash(a.range + b.range)) from range(10000000) a, range(10000000) b"


class Slow(Index):
    """Its points take for ever: each time a real query runs first."""

    def __init__(self, logdir: Path) -> None:
        super().__init__(logdir, ":memory:")
        self.begun = 0
        self.ended = 0
        self.is_running = threading.Event()

    def points(self, segments: list[tuple[Segment, Extent]]) -> list[Points]:
        self.begun += 1
        self.is_running.set()
        try:
            with for_asker(self.cursor()) as cursor:
                cursor.execute(LONG)
        finally:
            self.ended += 1
        return super().points(segments)


@pytest.fixture
def slow(logdir: Path) -> Iterator[Slow]:
    index = Slow(logdir)
    index.refresh()
    yield index
    index.close()


def test_charts_that_nobody_waits_for_are_not_read(slow: Slow) -> None:
    charts = [{"tag": tag, "runs": [1, 2]} for tag in ("loss", "accuracy") * 10]
    body = json.dumps({"charts": charts}).encode()
    with Server(slow, port=0) as server:
        head = f"POST /api/series HTTP/1.1\r\nHost: localhost:{server.port}\r\nContent-Length: {len(body)}\r\n\r\n"
        with socket.create_connection(("127.0.0.1", server.port)) as page:
            page.sendall(head.encode() + body)
            assert slow.is_running.wait(5)
        deadline = time.monotonic() + 5
        while slow.ended < slow.begun or slow.begun == 0:
            assert time.monotonic() < deadline, "the query still runs"
            time.sleep(0.01)
        time.sleep(0.1)
        begun = slow.begun
        assert begun <= 4  # those side by side, of 20
        assert Client(server.port).get("/api/overview").status == 200
        assert slow.begun == begun


def test_an_answer_in_one_piece_is_given_up_too() -> None:
    begun, ended = threading.Event(), threading.Event()

    def long(_: Request) -> Response:
        with duckdb.connect() as connection:
            begun.set()
            try:
                with for_asker(connection):
                    connection.execute(LONG)
            except NobodyWaits:
                ended.set()
        return PlainTextResponse("to nobody")

    with serving(Leaving(Starlette(routes=[Route("/", long)]))) as client:
        with socket.create_connection(("127.0.0.1", client.port)) as page:
            page.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
            assert begun.wait(5)
        assert ended.wait(5)


def test_a_body_still_arrives_whole_and_connections_are_kept() -> None:
    async def length(request: Request) -> Response:
        size = 0
        async for piece in request.stream():
            size += len(piece)
        return PlainTextResponse(f"{size} {await request.is_disconnected()}")

    with serving(Leaving(Starlette(routes=[Route("/", length, methods=["POST"])]))) as client:
        for size in (0, 10, 3_000_000):
            assert client.post("/", b"x" * size).text == f"{size} False"


@pytest.mark.parametrize("path", ["/api/series", "/api/marks", "/data/plugin/scalars/scalars_multirun"])
def test_who_leaves_in_the_middle_of_a_request_is_no_defect(
    index: Index, path: str, caplog: pytest.LogCaptureFixture
) -> None:
    kind = "application/x-www-form-urlencoded" if "multirun" in path else "application/json"
    with Server(index, port=0) as server:
        for _ in range(5):
            with socket.create_connection(("127.0.0.1", server.port)) as page:
                host = f"localhost:{server.port}"
                head = f"POST {path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: {kind}\r\nContent-Length: 90\r\n\r\n"
                page.sendall(head.encode() + b"{")
                time.sleep(0.02)
        assert Client(server.port).get("/api/overview").status == 200
    assert caplog.text == ""
