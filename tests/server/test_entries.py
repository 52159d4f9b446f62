from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest

from headway import SummaryWriter
from headway.server.api import EntryColumns, EntryData
from server.asked import MSGPACK, Asked, asking

TAG = 'a/ünï "q"&amp;+%\t'


@pytest.fixture(scope="module")
def logdir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run whose second life begins at step 3, with texts, histograms and a tensor."""
    logdir = tmp_path_factory.mktemp("entries")
    for purge in (None, 3):
        with SummaryWriter(logdir / "run", purge_step=purge) as writer:
            for step in range(purge or 0, 5):
                writer.add_text(TAG, f"{purge} {step}", step, walltime=1000.0 * (purge or 1) + step)
                writer.add_histogram("weights", np.arange(10.0) + step, step, walltime=1000.0 * (purge or 1) + step)
    with SummaryWriter(logdir / "tensors") as writer:
        writer.add_tensor("t", np.arange(10_000, dtype=np.float32).reshape(100, 100), 1)
    return logdir


@pytest.fixture(scope="module")
def asked(logdir: Path) -> Iterator[Asked]:
    with asking(logdir) as asked:
        yield asked


def of(asked: Asked, tag: str = TAG + "/text_summary", kind: str = "text", run: str = "run") -> dict[str, Any]:
    return {"run": asked.id(run), "tag": tag, "kind": kind}


def test_columns(asked: Asked) -> None:
    answer = msgspec.convert(asked.json("entries", **of(asked)), EntryColumns)
    assert answer.steps == [0, 1, 2, 3, 4, 3, 4]
    assert answer.superseded == [False, False, False, True, True, False, False]
    assert answer.walls == [1000.0, 1001.0, 1002.0, 1003.0, 1004.0, 3003.0, 3004.0]
    assert len(answer.sizes) == len({*answer.keys}) == 7
    assert min(answer.sizes) > 20


def test_each_is_there(asked: Asked) -> None:
    keys = asked.json("entries", **of(asked))["keys"]
    for i, text in enumerate(["None 0", "None 1", "None 2", "None 3", "None 4", "3 3", "3 4"]):
        entry = msgspec.convert(asked.json("entry", i=i, **of(asked)), EntryData)
        assert (entry.i, entry.key, entry.step) == (i, keys[i], int(text[-1]))
        assert entry.value == {"kind": "text", "shape": [1], "strings": [text], "html": False}
        assert asked.json("entry", key=keys[i], **of(asked)) == msgspec.to_builtins(entry)
    assert asked.json("entry", **of(asked))["value"]["strings"] == ["3 4"]  # the last
    assert asked.json("entry", i=-7, **of(asked))["value"]["strings"] == ["None 0"]


def test_a_histogram(asked: Asked) -> None:
    value = asked.json("entry", i=0, **of(asked, "weights", "histograms"))["value"]
    assert (value["kind"], value["num"], value["min"], value["max"], value["nan"]) == ("histogram", 10, 0, 9, 0)
    assert sum(count for _, _, count in value["buckets"]) == 10


def test_all_of_a_tensor_is_in_msgpack(asked: Asked) -> None:
    query = of(asked, "t", "tensor", "tensors")
    shown = asked.json("entry", **query)["value"]
    assert (shown["shape"], shown["elements"], len(shown["values"])) == ([100, 100], 10_000, 4096)
    value = msgspec.msgpack.decode(asked.get("entry", MSGPACK, **query).body, type=EntryData).value
    assert np.array_equal(np.frombuffer(value["values"], value["type"]), np.arange(10_000))
    assert value["type"] == "<f4"


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"run": 99}, 404),
        ({"run": "run"}, 400),
        ({"tag": "../x"}, 404),
        ({"tag": "\x00"}, 404),
        ({"kind": "audio"}, 404),
        ({"kind": "scalars"}, 404),
        ({"i": 7}, 404),
        ({"i": -8}, 404),
        ({"i": "x"}, 400),
        ({"i": 10**30}, 404),
        ({"key": "x"}, 404),
    ],
)
def test_refusals(asked: Asked, query: dict[str, Any], status: int) -> None:
    answer = asked.get("entry", **of(asked) | query)
    assert (answer.status, answer.text.count("\n")) == (status, 1), answer.text


@pytest.mark.parametrize("left_out", ["run", "tag", "kind"])
def test_what_must_be_told(asked: Asked, left_out: str) -> None:
    query = {name: value for name, value in of(asked).items() if name != left_out}
    for route in ("entry", "entries"):
        answer = asked.get(route, **query)
        assert answer.status == 400
        assert left_out in answer.text


def test_keys_outlive_the_server(asked: Asked, logdir: Path) -> None:
    with asking(logdir) as another:
        assert another.json("entries", **of(another))["keys"] == asked.json("entries", **of(asked))["keys"]


def test_a_file_that_is_gone_or_another(tmp_path: Path) -> None:
    with SummaryWriter(tmp_path) as writer:
        writer.add_text("t", "x" * 100, 0)
    with asking(tmp_path) as asked:
        query = of(asked, "t/text_summary", run=".")
        assert asked.get("entry", **query).status == 200
        (file,) = tmp_path.glob("*tfevents*")
        content = file.read_bytes()
        file.write_bytes(content[:100])
        assert asked.client.get("/api/overview").status == 200
        answer = asked.get("entry", **query)
        assert answer.status == 404
        file.unlink()
        answer = asked.get("entry", **query)
        assert answer.status == 404
        assert answer.text.count("\n") == 1


def test_an_entry_that_is_malformed(tmp_path: Path) -> None:
    from server.tensorboard.written import Events

    with Events(tmp_path) as events:
        events.tensor("h", np.zeros((2, 2)), "histograms", 7)
    with asking(tmp_path) as asked:
        answer = asked.get("entry", **of(asked, "h", "histograms", "."))
        assert (answer.status, "step 7" in answer.text, "[2, 2]" in answer.text) == (422, True, True)
