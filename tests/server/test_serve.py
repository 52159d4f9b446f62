from __future__ import annotations

import re
import socket
import threading
import time

import pytest

from headway.errors import HeadwayError
from headway.ingest.index import Index
from headway.server import serve
from headway.server.security import LOOPBACK_NAMES
from headway.server.serve import Reach, Server, listen, reach_of
from server.client import Client


def test_it_serves_in_the_background_and_then_the_port_is_free(index: Index) -> None:
    with Server(index, port=0) as server:
        assert server.url == f"http://127.0.0.1:{server.port}/"
        assert server.token is None
        assert Client(server.port).get("/api/overview").status == 200
    listen("127.0.0.1", server.port).close()


def test_it_stops_quickly_with_streams_open_and_leaves_no_thread(index: Index) -> None:
    before = set(threading.enumerate())
    server = Server(index, port=0)
    with server:
        client = Client(server.port)
        streams = [client.changes() for _ in range(3)]
        for stream in streams:
            next(stream.__enter__())
        began = time.monotonic()
    assert time.monotonic() - began < 2
    for stream in streams:
        stream.__exit__(None, None, None)
    left = {thread.name for thread in set(threading.enumerate()) - before}
    assert left <= {"headway-follow"}  # the index stays open


def test_a_page_that_does_not_read_holds_nothing_up(index: Index) -> None:
    with Server(index, port=0) as server, socket.create_connection(("127.0.0.1", server.port)) as stuck:
        stuck.sendall(f"GET /api/changes HTTP/1.1\r\nHost: localhost:{server.port}\r\n\r\n".encode())
        assert Client(server.port).get("/api/overview").status == 200
        began = time.monotonic()
        server.__exit__()
        assert time.monotonic() - began < 2


def test_a_port_in_use_is_named_with_what_to_do(index: Index) -> None:
    with listen("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(HeadwayError, match=rf"port {port} of 127\.0\.0\.1 is in use.*--port"):
            Server(index, port=port)


@pytest.mark.parametrize("host", ["no-such-host.invalid", "192.0.2.1", "", "a b"])
def test_an_address_that_is_not_here_is_named(index: Index, host: str) -> None:
    with pytest.raises(HeadwayError, match=re.escape(f"{host}: ")):
        Server(index, host=host, port=0)


def test_localhost_by_name(index: Index) -> None:
    with Server(index, host="localhost", port=0) as server:
        assert (server.url, server.token) == (f"http://localhost:{server.port}/", None)
        assert Client(server.port, "localhost").get("/api/overview").status == 200


def test_beyond_this_machine_the_address_has_a_token(index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    # Tests listen on the loopback interface only.
    monkeypatch.setattr(serve, "reach_of", lambda *_: Reach(["127.0.0.1", "gpu01"], None, True))
    with Server(index, port=0) as server:
        assert server.token is not None
        assert len(server.token) >= 24
        assert server.urls == [
            f"http://{name}:{server.port}/?token={server.token}" for name in ("127.0.0.1", "gpu01")
        ]
        client = Client(server.port)
        assert client.get("/api/overview", {"Host": "gpu01"}).status == 401
        cookie = client.get(f"/?token={server.token}", {"Host": "gpu01"}).headers["set-cookie"]
        assert client.get("/api/overview", {"Cookie": cookie, "Host": "gpu01"}).status == 200


def test_a_token_of_ones_own_on_this_machine(index: Index) -> None:
    with Server(index, port=0, token="my-own-token", prefix="/some/path/") as server:
        assert server.urls == [f"http://127.0.0.1:{server.port}/some/path/?token=my-own-token"]
        client = Client(server.port)
        assert client.get("/api/overview").status == 401
        for path in ("/t/my-own-token/api/overview", "/some/path/t/my-own-token/api/overview"):
            assert client.get(path, {"Host": "hub.example.org"}).status == 200


def test_what_is_no_token_and_no_prefix_takes_no_port(index: Index) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(HeadwayError, match="token"):
            Server(index, port=port, token="short")
        with pytest.raises(HeadwayError, match="prefix"):
            Server(index, port=port, prefix="some/path")


@pytest.mark.parametrize(
    ("host", "bound", "reach"),
    [
        ("127.0.0.1", "127.0.0.1", Reach(["127.0.0.1"], LOOPBACK_NAMES, False)),
        ("127.0.0.2", "127.0.0.2", Reach(["127.0.0.2"], LOOPBACK_NAMES | {"127.0.0.2"}, False)),
        ("::1", "::1", Reach(["[::1]"], LOOPBACK_NAMES, False)),
        ("gpu01", "10.0.0.1", Reach(["gpu01"], LOOPBACK_NAMES | {"gpu01", "10.0.0.1"}, True)),
        ("fe80::1", "fe80::1", Reach(["[fe80::1]"], LOOPBACK_NAMES | {"[fe80::1]"}, True)),
        ("0.0.0.0", "0.0.0.0", Reach(["127.0.0.1", socket.gethostname()], None, True)),
        ("::", "::", Reach(["[::1]", socket.gethostname()], None, True)),
    ],
)
def test_how_far_an_address_reaches(host: str, bound: str, reach: Reach) -> None:
    assert reach_of(host, bound) == reach
