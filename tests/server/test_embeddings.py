"""Embeddings beside the event files: lists, points, labels, and what is wrong with them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import msgspec
import numpy as np
import pytest

from headway import SummaryWriter
from headway.server.api import EmbeddingPoints
from server.asked import MSGPACK, Asked, asking

POINTS = np.arange(24, dtype=np.float32).reshape(6, 4) / 7
CONFIG = """
embeddings { tensor_name: "raw:00003" tensor_path: "raw.bytes" tensor_shape: 6 tensor_shape: 4 }
embeddings { tensor_name: "short" tensor_path: "raw.bytes" tensor_shape: 7 tensor_shape: 4 }
embeddings { tensor_name: "shapeless" tensor_path: "raw.bytes" }
embeddings { tensor_path: "words.tsv" metadata_path: "titled.tsv" }
embeddings { tensor_name: "ragged" tensor_path: "ragged.tsv" metadata_path: "gone.tsv" }
embeddings { tensor_name: "gone" tensor_path: "gone.tsv" }
embeddings { tensor_name: "outside" tensor_path: "../../secret.tsv" }
embeddings { tensor_name: "model/embedding:0" metadata_path: "titled.tsv" }
embeddings { tensor_name: "twice" tensor_path: "gone.tsv" }
embeddings { tensor_name: "twice" tensor_path: "words.tsv" }
"""


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asked]:
    root = tmp_path_factory.mktemp("embeddings")
    logdir = root / "logs"
    with SummaryWriter(logdir / "written") as writer:
        writer.add_scalar("s", 1.0, 0)
        labels = [[str(i), "ab"[i % 2]] for i in range(6)]
        writer.add_embedding(POINTS, labels, metadata_header=["id", "class"], global_step=5, tag="a/b")
        writer.add_embedding(POINTS * 2, label_img=np.zeros((6, 3, 2, 2)), global_step=7, tag="a/b")
    with SummaryWriter(logdir / "by hand") as writer:
        writer.add_scalar("s", 1.0, 0)
    hand = logdir / "by hand"
    (hand / "projector_config.pbtxt").write_text(CONFIG)
    (hand / "raw.bytes").write_bytes(POINTS.tobytes())
    (hand / "words.tsv").write_text("1\t2\n3\t4\n")
    (hand / "titled.tsv").write_text("word\none\ntwo\n")
    (hand / "ragged.tsv").write_text("1\t2\n3\n")
    (root / "secret.tsv").write_text("1\t2\n")
    with SummaryWriter(logdir / "none") as writer:
        writer.add_scalar("s", 1.0, 0)
    with asking(logdir) as asked:
        yield asked


def points(asked: Asked, run: str, name: str, most: int = 1000) -> EmbeddingPoints:
    answer = asked.get("embedding", MSGPACK, run=asked.id(run), name=name, most=most)
    assert answer.status == 200, answer.text
    return msgspec.msgpack.decode(answer.body, type=EmbeddingPoints)


def matrix(found: EmbeddingPoints) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    return np.frombuffer(found.values, "<f4").reshape(found.points, found.dimensions)


def test_the_overview_tells_which_runs_have_some(asked: Asked) -> None:
    assert asked.json("overview")["projectors"] == [asked.id("by hand"), asked.id("written")]


def test_what_was_written(asked: Asked) -> None:
    run = asked.id("written")
    found = asked.json("embeddings", run=run)["embeddings"]
    assert [(one["tag"], one["step"], one["has_labels"], one["width"]) for one in found] == [
        ("a/b", 5, True, 0),
        ("a/b", 7, False, 2),
    ]
    np.testing.assert_array_equal(matrix(points(asked, "written", "a/b:00005")), POINTS)
    np.testing.assert_array_equal(matrix(points(asked, "written", "a/b:00007")), POINTS * 2)
    labels = asked.json("labels", run=run, name="a/b:00005", stride=2)
    assert labels == {"columns": ["id", "class"], "values": [["0", "2", "4"], ["a", "a", "a"]], "lines": 6}
    assert asked.get("file", run=run, path=found[1]["sprite"]).headers["content-type"] == "image/png"


def test_of_more_points_than_fit_every_second_or_fourth_is_sent(asked: Asked) -> None:
    for name in ("written:a/b:00005", "by hand:raw:00003"):
        run, _, name = name.partition(":")
        for most, stride in ((24, 1), (23, 2), (12, 2), (11, 4), (1, 8)):
            found = points(asked, run, name, most)
            assert (found.total, found.stride) == (6, stride)
            np.testing.assert_array_equal(matrix(found), POINTS[::stride])


def test_whoever_has_the_points_is_not_sent_them_again(asked: Asked) -> None:
    query = {"run": asked.id("written"), "name": "a/b:00005"}
    tag = asked.get("embedding", MSGPACK, **query).headers["etag"]
    assert asked.get("embedding", MSGPACK | {"If-None-Match": tag}, **query).status == 304
    assert asked.get("embedding", {"If-None-Match": tag}, **query).status == 200


def test_a_single_column_may_begin_with_its_name(asked: Asked) -> None:
    run = asked.id("by hand")
    assert asked.json("labels", run=run, name="words.tsv")["values"] == [["word", "one", "two"]]
    named = asked.json("labels", run=run, name="words.tsv", points=2)
    assert (named["columns"], named["values"]) == (["word"], [["one", "two"]])


def test_the_last_of_a_name_counts(asked: Asked) -> None:
    np.testing.assert_array_equal(matrix(points(asked, "by hand", "twice")), [[1, 2], [3, 4]])


@pytest.mark.parametrize(
    ("route", "name", "status", "complaint"),
    [
        ("embedding", "short", 422, r"shape \[7, 4\] has 112 bytes, not 96"),
        ("embedding", "shapeless", 422, r"\[points, dimensions\], not \[\]"),
        ("embedding", "ragged", 422, "line 2 has 1 numbers, the first one has 2"),
        ("embedding", "gone", 404, "cannot be read"),
        ("embedding", "outside", 404, "does not lie in the directory"),
        ("embedding", "model/embedding:0", 404, "checkpoint of TensorFlow"),
        ("embedding", "never", 404, "lists no embedding 'never'"),
        ("labels", "gone", 404, "has no labels"),
        ("labels", "ragged", 404, "cannot be read"),
    ],
)
def test_what_is_wrong_is_said(asked: Asked, route: str, name: str, status: int, complaint: str) -> None:
    answer = asked.get(route, run=asked.id("by hand"), name=name)
    assert answer.status == status
    assert re.search(complaint, answer.text)


def test_a_run_without_any(asked: Asked) -> None:
    assert asked.get("embeddings", run=asked.id("none")).status == 404
    assert asked.get("embeddings", run=999).status == 404


def test_a_list_that_comes_later_is_told(tmp_path: Path) -> None:
    with SummaryWriter(tmp_path / "run") as writer:
        writer.add_scalar("s", 1.0, 0)
        with asking(tmp_path) as asked:
            before = asked.json("overview")
            assert before["projectors"] == []
            writer.add_embedding(POINTS)
            writer.flush()
            asked.index.refresh()
            after = asked.json("overview")
            assert after["projectors"] == [asked.id("run")]
            assert after["revision"] > before["revision"]
