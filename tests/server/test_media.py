from __future__ import annotations

import io
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from headway.server.media import byte_range, shown_as
from server.asked import Asked, asking
from server.client import Answer
from server.tensorboard.written import Events, strings

WAV = (
    b"RIFF\x24\x00\x00\x00WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00@\x1f\x00\x00\x80>\x00\x00\x02\x00\x10\x00data"
    + bytes(99)
)
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><script>alert(1)</script>"


def encoded(kind: str) -> bytes:
    file = io.BytesIO()
    Image.fromarray(np.arange(60, dtype=np.uint8).reshape(4, 5, 3)).save(file, kind)
    return file.getvalue()


PICTURES = {kind: encoded(kind) for kind in ("PNG", "JPEG", "GIF", "WEBP", "BMP")}


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asked]:
    logdir = tmp_path_factory.mktemp("media")
    with Events(logdir) as events:
        for step in range(3):
            events.tensor("p", strings(b"5", b"4", *PICTURES.values(), SVG, HTML, b""), "images", step)
            events.tensor("a", np.array([[WAV, b"label"], [b"OggS" + bytes(9), b""]], dtype=object), "audio", step)
            events.tensor("u", np.zeros(3, np.float32), "my plugin", step)
    with asking(logdir) as asked:
        yield asked


def media(asked: Asked, headers: dict[str, str] | None = None, tag: str = "p", **query: object) -> Answer:
    kind = {"p": "images", "a": "audio", "u": "my plugin"}[tag]
    return asked.get("media", headers, **{"run": asked.id("."), "tag": tag, "kind": kind, "i": 1} | query)


def test_pictures(asked: Asked) -> None:
    for item, (kind, data) in enumerate(PICTURES.items()):
        answer = media(asked, item=item)
        assert (answer.status, answer.body) == (200, data)
        assert answer.headers["content-type"] == f"image/{kind.lower()}"
        assert answer.headers["content-length"] == str(len(data))
        assert answer.headers["content-disposition"] == "inline"


def test_clips(asked: Asked) -> None:
    answers = [media(asked, tag="a", item=item) for item in (0, 1)]
    assert [answer.headers["content-type"] for answer in answers] == ["audio/wav", "audio/ogg"]
    assert answers[0].body == WAV


def test_what_may_be_more_than_a_picture_is_a_file_to_keep(asked: Asked) -> None:
    for item, data in ((5, SVG), (6, HTML), (7, b"")):
        answer = media(asked, item=item)
        assert (answer.status, answer.body) == (200, data)
        assert answer.headers["content-type"] == "application/octet-stream"
        assert answer.headers["content-disposition"] == "attachment"


@pytest.mark.parametrize("item", [0, 5])
def test_nothing_runs_wherever_it_is_opened(asked: Asked, item: int) -> None:
    headers = media(asked, item=item).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["content-security-policy"].startswith("sandbox; default-src 'none'")
    assert headers["cross-origin-resource-policy"] == "same-origin"


def test_bytes_of_an_unknown_plugin(asked: Asked) -> None:
    answer = media(asked, tag="u")
    assert answer.headers["content-disposition"] == "attachment"
    assert b"my plugin" in answer.body


def test_how_long_it_may_be_kept(asked: Asked) -> None:
    key = asked.json("entries", run=asked.id("."), tag="p", kind="images")["keys"][1]
    by_number, by_key = media(asked), media(asked, key=key)
    assert by_number.body == by_key.body
    assert by_number.headers["etag"] == by_key.headers["etag"]
    assert by_number.headers["cache-control"] == "private, no-cache"  # another entry may be the second one by then
    assert by_key.headers["cache-control"] == "private, max-age=31536000, immutable"
    assert media(asked, i=2).headers["etag"] != by_number.headers["etag"] != media(asked, item=1).headers["etag"]
    again = media(asked, {"If-None-Match": f'"x", {by_key.headers["etag"]}'})
    assert (again.status, again.body, again.headers["etag"]) == (304, b"", by_key.headers["etag"])


@pytest.mark.parametrize(
    ("asked_for", "start", "stop"),
    [
        ("0-", 0, None),
        ("0-9", 0, 10),
        ("10-10", 10, 11),
        ("-5", -5, None),
        ("3-99999999", 3, None),
        ("-99999", 0, None),
    ],
)
def test_a_range(asked: Asked, asked_for: str, start: int, stop: int | None) -> None:
    answer = media(asked, {"Range": f"bytes={asked_for}"}, tag="a")
    expected = WAV[start:stop]
    first = WAV.index(expected) if start >= 0 else len(WAV) + start
    assert (answer.status, answer.body) == (206, expected)
    assert answer.headers["content-range"] == f"bytes {first}-{first + len(expected) - 1}/{len(WAV)}"
    assert answer.headers["accept-ranges"] == "bytes"
    assert answer.headers["content-type"] == "audio/wav"


@pytest.mark.parametrize("asked_for", ["bytes=0-1,4-5", "bytes=9999-", "bytes=-0", "bytes=5-2", "bytes=-", "Bytes=x"])
def test_a_range_that_is_refused(asked: Asked, asked_for: str) -> None:
    answer = media(asked, {"Range": asked_for}, tag="a")
    assert (answer.status, answer.body) == (416, b"")
    assert answer.headers["content-range"] == f"bytes */{len(WAV)}"


@pytest.mark.parametrize("asked_for", ["lines=1-2", "", "0-5", "bytes 0-5"])
def test_a_range_of_something_else_is_ignored(asked: Asked, asked_for: str) -> None:
    answer = media(asked, {"Range": asked_for}, tag="a")
    assert (answer.status, answer.body) == (200, WAV)


def test_a_range_is_of_get_alone(asked: Asked) -> None:
    path = f"/api/media?run={asked.id('.')}&tag=a&kind=audio&i=0"
    answer = asked.client.get(path, {"Range": "bytes=0-3"}, method="HEAD")
    assert (answer.status, answer.headers["content-length"]) == (200, str(len(WAV)))


def test_a_range_of_what_the_client_has(asked: Asked) -> None:
    etag = media(asked, tag="a").headers["etag"]
    assert media(asked, {"Range": "bytes=0-3", "If-Range": etag}, tag="a").body == b"RIFF"
    for other in ('"other"', f"W/{etag}", "Tue, 24 Nov 2026 12:00:00 GMT"):
        answer = media(asked, {"Range": "bytes=0-3", "If-Range": other}, tag="a")
        assert (answer.status, answer.body) == (200, WAV)


@pytest.mark.parametrize("item", [8, -1, 10**9])
def test_an_item_that_is_not_there(asked: Asked, item: int) -> None:
    answer = media(asked, item=item)
    assert (answer.status, "8 pictures" in answer.text) == (404, True)


@given(st.binary(max_size=64))
def test_what_is_shown_is_of_the_safe_types(data: bytes) -> None:
    kind = shown_as(data)
    assert kind == "application/octet-stream" or kind.split("/")[0] in ("image", "audio")
    assert shown_as(SVG + data) == shown_as(b"\xef\xbb\xbf" + SVG) == "application/octet-stream"


@given(st.text("bytes=0123456789-, ", max_size=30), st.integers(0, 100))
def test_ranges_lie_within(asked_for: str, size: int) -> None:
    found = byte_range(f"bytes={asked_for}", size)
    assert found is None or 0 <= found.start < found.stop <= size
