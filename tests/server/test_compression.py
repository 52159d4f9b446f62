from __future__ import annotations

import asyncio
import gzip
import json
import struct
import threading
import zlib
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from headway.server.compression import LEAST, LONG, Compression, is_far, takes_gzip
from server.client import Client, serving

GZIP = {"Accept-Encoding": "gzip, deflate, br, zstd"}
FAR = GZIP | {"X-Forwarded-For": "192.0.2.1"}
TEXT = json.dumps(list(range(10_000)))
RELEASE = threading.Event()


async def pieces() -> AsyncIterator[bytes]:
    """Two frames; the second comes when somebody says so, a long one."""
    yield struct.pack("<I", 3) + b"one"
    await asyncio.to_thread(RELEASE.wait, 10)
    yield struct.pack("<I", LONG) + bytes(LONG)


def answers(tmp: Path) -> Starlette:
    def fixed(body: bytes | str, media: str, **headers: str) -> Route:
        path = "/" + media.replace("/", "-") + ("-encoded" if headers else "")
        return Route(path, lambda _: Response(body, media_type=media, headers=headers))

    (tmp / "file.txt").write_text(TEXT)
    return Starlette(
        routes=[
            fixed(TEXT, "application/json"),
            fixed(TEXT, "text/csv"),
            fixed(bytes(5000), "image/png"),
            fixed(bytes(5000), "audio/wav"),
            fixed(gzip.compress(TEXT.encode()), "text/css", **{"Content-Encoding": "gzip"}),
            Route("/short", lambda _: PlainTextResponse("x" * (LEAST - 1))),
            Route("/empty", lambda _: Response(status_code=204)),
            Route("/strong", lambda _: PlainTextResponse(TEXT, headers={"ETag": '"abc"'})),
            Route("/file", lambda _: FileResponse(tmp / "file.txt")),
            Route("/frames", lambda _: StreamingResponse(pieces(), media_type="application/octet-stream")),
            Route("/events", lambda _: StreamingResponse(pieces(), media_type="text/event-stream")),
            Route("/post", lambda _: PlainTextResponse(TEXT), methods=["POST"]),
        ]
    )


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    with serving(Compression(answers(tmp_path_factory.mktemp("answers")))) as client:
        yield client


@pytest.mark.parametrize("path", ["/application-json", "/text-csv", "/strong", "/file"])
def test_text_is_compressed_for_who_takes_it(client: Client, path: str) -> None:
    answer = client.get(path, GZIP)
    assert (answer.headers["content-encoding"], answer.headers["vary"]) == ("gzip", "Accept-Encoding")
    assert len(answer.body) < len(TEXT) / 2
    assert gzip.decompress(answer.body).decode() == TEXT
    plain = client.get(path)
    assert (plain.text, plain.headers["vary"]) == (TEXT, "Accept-Encoding")
    assert "content-encoding" not in plain.headers
    assert int(plain.headers["content-length"]) == len(TEXT)


def test_other_bytes_have_a_weak_tag(client: Client) -> None:
    assert client.get("/strong", GZIP).headers["etag"] == 'W/"abc"'
    assert client.get("/strong").headers["etag"] == '"abc"'


def test_a_posts_answer_too(client: Client) -> None:
    assert gzip.decompress(client.post("/post", b"", GZIP).body).decode() == TEXT


@pytest.mark.parametrize("path", ["/image-png", "/audio-wav", "/short", "/empty"])
def test_what_gains_nothing_is_left_alone(client: Client, path: str) -> None:
    answer = client.get(path, FAR)
    assert "content-encoding" not in answer.headers
    assert "vary" not in answer.headers
    assert answer.body == client.get(path).body


def test_what_is_encoded_is_not_encoded_again(client: Client) -> None:
    assert gzip.decompress(client.get("/text-css-encoded", GZIP).body).decode() == TEXT


def test_parts_of_a_file_and_heads_are_left_alone(client: Client) -> None:
    part = client.get("/file", GZIP | {"Range": "bytes=1-700"})
    assert (part.status, part.text) == (206, TEXT[1:701])
    assert "content-encoding" not in part.headers
    head = client.get("/file", GZIP, method="HEAD")
    assert (head.status, head.body, int(head.headers["content-length"])) == (200, b"", len(TEXT))


def test_each_frame_arrives_when_it_is_there(client: Client) -> None:
    RELEASE.clear()
    squeeze = zlib.decompressobj(zlib.MAX_WBITS | 16)
    with client._ask("GET", "/frames", FAR, None) as response:
        assert response.headers["content-encoding"] == "gzip"
        first = squeeze.decompress(response.read1(1000))
        assert first == struct.pack("<I", 3) + b"one"
        RELEASE.set()
        rest = squeeze.decompress(response.read())
    assert rest == struct.pack("<I", LONG) + bytes(LONG)
    assert squeeze.eof


@pytest.mark.parametrize(("path", "headers"), [("/frames", GZIP), ("/events", FAR)])
def test_charts_on_this_machine_and_the_live_stream_are_not_compressed(
    client: Client, path: str, headers: dict[str, str]
) -> None:
    RELEASE.set()
    answer = client.get(path, headers)
    assert "content-encoding" not in answer.headers
    assert answer.body.endswith(bytes(LONG))


@pytest.mark.parametrize(
    ("accept", "takes"),
    [
        ("gzip", True),
        ("GZIP;q=0.5", True),
        ("br, gzip ; q=1", True),
        ("*", True),
        ("x-gzip", True),
        ("gzip;q=0", False),
        ("gzip; q=0.000", False),
        ("br", False),
        ("", False),
        ("gzippy", False),
    ],
)
def test_who_takes_gzip(accept: str, takes: bool) -> None:
    assert takes_gzip(Headers({"accept-encoding": accept})) is takes


@pytest.mark.parametrize(
    ("address", "headers", "far"),
    [
        ("127.0.0.1", {}, False),
        ("::1", {}, False),
        ("192.0.2.1", {}, True),
        ("", {}, True),
        ("127.0.0.1", {"Via": "1.1 proxy"}, True),
        ("127.0.0.1", {"X-Forwarded-For": "192.0.2.1"}, True),
        ("127.0.0.1", {"X-Forwarded-Prefix": "/user/a/proxy/6006"}, True),
    ],
)
def test_who_is_far(address: str, headers: dict[str, str], far: bool) -> None:
    scope = {"type": "http", "client": (address, 1), "headers": Headers(headers).raw}
    assert is_far(Request(scope).scope) is far
