from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from tensorboardX import SummaryWriter

from server.asked import Asked, asking


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asked]:
    logdir = tmp_path_factory.mktemp("tags")
    for name in ("a", "b"):
        with SummaryWriter(str(logdir / name)) as writer:
            for layer in range(12):
                writer.add_scalar(f"Layer/{layer:02}/Loss_ünï", 1.0, 0)
            writer.add_text("said", "x", 0)
            writer.add_histogram(f"weights_of_{name}", [1.0, 2.0], 0)
    with asking(logdir) as asked:
        yield asked


def found(asked: Asked, **query: object) -> list[tuple[str, str, int]]:
    answer = asked.json("tags", **query)
    return [(tag["name"], tag["kind"], tag["runs"]) for tag in answer["tags"]]


def test_of_all_runs(asked: Asked) -> None:
    tags = found(asked)
    assert len(tags) == asked.json("tags")["total"] == 15
    assert ("Layer/00/Loss_ünï", "scalars", 2) in tags
    assert ("weights_of_a", "histograms", 1) in tags
    assert found(asked, kind="text") == [("said/text_summary", "text", 2)]


def test_which_runs_have_them(asked: Asked) -> None:
    answer = asked.json("tags", kind="histograms", ids=True)
    assert [(tag["name"], tag["ids"]) for tag in answer["tags"]] == [
        (f"weights_of_{run}", [asked.id(run)]) for run in ("a", "b")
    ]
    assert asked.json("tags", kind="text")["tags"][0]["ids"] is None
    assert asked.json("overview")["kinds"] == {"scalars": 24, "text": 2, "histograms": 2}


def test_of_one_run(asked: Asked) -> None:
    tags = found(asked, run=asked.id("b"))
    assert len(tags) == 14
    assert ("weights_of_b", "histograms", 1) in tags
    assert found(asked, run=asked.id("b"), kind="histograms") == [("weights_of_b", "histograms", 1)]
    assert found(asked, run=asked.id("b"), kind="audio") == []


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("layer/0 loss", 10),
        ("ÜNÏ 03", 1),
        ("  ", 15),
        ("nothing", 0),
        ("layer weights", 0),
        ("\x00", 0),
        ("(a+)+", 0),
    ],
)
def test_search(asked: Asked, words: str, expected: int) -> None:
    answer = asked.json("tags", q=words)
    assert answer["total"] == len(answer["tags"]) == expected


def test_a_page_at_a_time(asked: Asked) -> None:
    every = found(asked)
    assert found(asked, limit=4) + found(asked, start=4, limit=100) == every
    assert asked.json("tags", start=100) == {"total": 15, "tags": []}


@pytest.mark.parametrize("query", [{"run": 99}, {"run": "x"}, {"limit": 0}, {"limit": 10**6}, {"start": -1}])
def test_refusals(asked: Asked, query: dict[str, Any]) -> None:
    answer = asked.get("tags", **query)
    assert answer.status in (400, 404)
    assert answer.text.count("\n") == 1
