from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest
from tensorboardX import SummaryWriter

from headway.ingest.index import Index
from headway.server.conditional import has_it, revision_tag
from headway.server.serve import Server
from server.client import Client


@pytest.mark.parametrize(
    ("given", "has"),
    [
        (None, False),
        ("", False),
        ('W/"a-1"', True),
        ('"a-1"', True),
        ('W/"a-2"', False),
        ('"x", W/"a-1"', True),
        ("*", True),
        ("a-1", False),
        ('W/"a-1', False),
    ],
)
def test_what_the_client_has(given: str | None, has: bool) -> None:
    assert has_it(given, 'W/"a-1"') is has


def test_an_answer_that_did_not_change_is_not_sent_again(tmp_path: Path) -> None:
    def write(run: str) -> None:
        with SummaryWriter(str(tmp_path / run)) as writer:
            writer.add_scalar("loss", 1.0, 0)

    write("a")
    with closing(Index(tmp_path, ":memory:")) as index, Server(index, port=0) as server:
        index.refresh()
        client = Client(server.port)
        first = client.get("/api/overview")
        tag = first.headers["etag"]
        assert tag == revision_tag(index, index.progress().bytes_done)
        again = client.get("/api/overview", {"If-None-Match": tag})
        assert (again.status, again.body, again.headers["etag"]) == (304, b"", tag)
        write("b")
        index.refresh()
        changed = client.get("/api/overview", {"If-None-Match": tag})
        assert (changed.status, len(changed.json()["runs"])) == (200, 2)


def test_a_tag_of_several_revisions(index: Index) -> None:
    assert revision_tag(index, 7) == f'W/"{index.life}-{index.revision}-7"'
    assert revision_tag(index, 7) != revision_tag(index)
