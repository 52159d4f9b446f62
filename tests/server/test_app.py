from __future__ import annotations

import os
from contextlib import closing
from pathlib import Path

import msgspec

from headway import __version__
from headway.ingest.index import Index
from headway.server.api import Overview
from headway.server.overview import overview
from server.client import Client


def test_overview_says_everything_but_the_points(client: Client, index: Index) -> None:
    response = client.get("/api/overview")
    assert response.headers["content-type"] == "application/json"
    assert response.headers["cache-control"] == "private, no-cache"
    answer = msgspec.json.decode(response.body, type=Overview)
    assert answer.version == __version__
    assert answer.logdir == str(index.logdir)
    assert (answer.index, answer.notice) == ("memory", None)
    assert answer.revision == index.revision
    assert answer.progress.bytes_done == answer.progress.bytes_total > 0
    assert answer.progress.files_done == answer.progress.files_total == 2
    assert answer.problems == []

    runs = {run.name: run for run in answer.runs}
    assert {name: (run.points, run.last_step) for name, run in runs.items()} == {"a": (10, 4), "b/c": (3, 20)}
    tags = {tag.name: sorted(tag.runs) for tag in answer.tags}
    assert tags == {"loss": sorted([runs["a"].id, runs["b/c"].id]), "accuracy": [runs["a"].id]}


def test_a_log_directory_whose_name_is_not_unicode(tmp_path: Path) -> None:
    with closing(Index(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9"), ":memory:")) as index:
        assert msgspec.json.decode(msgspec.json.encode(overview(index)), type=Overview).logdir.endswith("/caf\\xe9")


def test_the_api_takes_only_its_methods(client: Client) -> None:
    assert client.post("/api/overview", b"").status == 405
    assert client.get("/api/series").status == 405
    assert client.post("/api/changes", b"").status == 405


def test_what_is_not_there_is_not_found(client: Client) -> None:
    for path in ["/api/", "/api/nothing", "/api/overview/"]:
        assert client.get(path).status == 404, path


def test_head_of_the_stream_ends(client: Client) -> None:
    response = client.get("/api/changes", method="HEAD")
    assert (response.status, response.body) == (200, b"")
