from __future__ import annotations

import gzip
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.routing import Mount

from headway.server import page
from headway.server.page import Page
from server.client import Client, serving


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("page")
    (root / "secret").write_text("secret")
    web = root / "web"
    (web / "assets").mkdir(parents=True)
    (web / "index.html").write_text("<!doctype html><title>page</title>")
    (web / "assets" / "index-Bd12.js").write_text("export {}")
    (web / "link").symlink_to(root / "secret")
    return web


@pytest.fixture(scope="module")
def client(built: Path) -> Iterator[Client]:
    with serving(Starlette(routes=[Mount("/", Page(built))])) as client:
        yield client


def test_the_page_is_asked_for_again_each_time(client: Client) -> None:
    for path in ["/", "/index.html", "/?run=a"]:
        answer = client.get(path)
        assert (answer.status, "<title>page" in answer.text) == (200, True)
        assert answer.headers["content-type"].startswith("text/html")
        assert answer.headers["cache-control"] == "no-cache"
    assert client.get("/", {"If-None-Match": answer.headers["etag"]}).status == 304


def test_assets_are_kept_for_ever(client: Client) -> None:
    answer = client.get("/assets/index-Bd12.js")
    assert (answer.status, answer.text) == (200, "export {}")
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"


def test_text_is_compressed_once_and_kept(client: Client, built: Path) -> None:
    script = built / "assets" / "long-Cd34.js"
    script.write_text("export const x = 1;\n" * 200)
    (built / "assets" / "picture-Ef56.png").write_bytes(bytes(2000))
    takes = {"Accept-Encoding": "gzip, br"}
    answer = client.get("/assets/long-Cd34.js", takes)
    assert gzip.decompress(answer.body) == script.read_bytes()
    assert (answer.headers["content-encoding"], answer.headers["vary"]) == ("gzip", "Accept-Encoding")
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["content-type"].startswith("text/javascript")
    assert int(answer.headers["content-length"]) == len(answer.body)
    assert client.get("/assets/long-Cd34.js", takes | {"If-None-Match": answer.headers["etag"]}).status == 304
    hits = page.compressed.cache_info().hits
    assert client.get("/assets/long-Cd34.js", takes, method="HEAD").body == b""
    assert page.compressed.cache_info().hits == hits + 1
    plain = client.get("/assets/long-Cd34.js")
    assert (plain.body, plain.headers["vary"]) == (script.read_bytes(), "Accept-Encoding")
    assert client.get("/assets/long-Cd34.js", takes | {"Range": "bytes=0-5"}).body == b"export"
    assert "content-encoding" not in client.get("/assets/picture-Ef56.png", takes).headers
    # Built anew: what is kept is not of the file before.
    script.write_text("export const y = 2;\n" * 200)
    os.utime(script, ns=(1, 1))
    assert gzip.decompress(client.get("/assets/long-Cd34.js", takes).body) == script.read_bytes()


@pytest.mark.parametrize(
    "path",
    [
        "/../secret",
        "/assets/../../secret",
        "/%2e%2e/secret",
        "/%2e%2e%2fsecret",
        "/..%2fsecret",
        "/..%5csecret",
        "/assets/%2e%2e/%2e%2e/secret",
        "/link",
        "//etc/passwd",
        "/%2fetc/passwd",
        "/etc/passwd",
        "/%00",
        "/index.html%00.js",
        "/%ff%fe",
        "/" + "x" * 5000,
        "/assets",
        "/assets/",
    ],
)
def test_nothing_else_is_found(client: Client, path: str) -> None:
    answer = client.get(path)
    assert answer.status == 404
    assert b"secret" not in answer.body


def test_only_reading(client: Client) -> None:
    assert client.post("/", b"").status == 405


def test_a_page_that_is_not_built_says_so(tmp_path: Path) -> None:
    with serving(Starlette(routes=[Mount("/", Page(tmp_path))])) as client:
        answer = client.get("/")
        assert (answer.status, "not built" in answer.text, "make setup" in answer.text) == (503, True, True)
        assert answer.headers["content-type"].startswith("text/plain")
        (tmp_path / "index.html").write_text("built")
        assert client.get("/").text == "built"
