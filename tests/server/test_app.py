from __future__ import annotations

import msgspec
from client import Client

from headway import __version__
from headway.ingest.index import Index
from headway.server.api import Overview


def test_overview_says_everything_but_the_points(client: Client, index: Index) -> None:
    response = client.get("/api/overview")
    assert response.headers["content-type"] == "application/json"
    assert response.headers["cache-control"] == "no-store"
    overview = msgspec.json.decode(response.body, type=Overview)
    assert overview.version == __version__
    assert overview.logdir == str(index.logdir)
    assert (overview.index, overview.notice) == ("memory", None)
    assert overview.revision == index.revision
    assert overview.progress.bytes_done == overview.progress.bytes_total > 0
    assert overview.progress.files_done == overview.progress.files_total == 2
    assert overview.problems == []

    runs = {run.name: run for run in overview.runs}
    assert {name: (run.points, run.last_step) for name, run in runs.items()} == {"a": (10, 4), "b/c": (3, 20)}
    tags = {tag.name: sorted(tag.runs) for tag in overview.tags}
    assert tags == {"loss": sorted([runs["a"].id, runs["b/c"].id]), "accuracy": [runs["a"].id]}


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
