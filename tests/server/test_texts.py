from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import headway
from headway.server import texts
from headway.server.security import DOCUMENT, POLICY
from server.asked import Asked, asking

HTML = "<h1 style='color: red'>hi</h1><script>alert(1)</script>"


@pytest.fixture(scope="module")
def logdir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two runs with notes, tables of three rows that grow by one, and HTML."""
    logdir = tmp_path_factory.mktemp("texts")
    for name in ("a", "b"):
        with headway.init(logdir / name, console=False) as run:
            for step in range(5):
                table = headway.Table(["prompt", "answer", "score"])
                for row in range(3 + step):
                    table.add_row(f"prompt {row}", f"{name} Straße {row} at {step}", row / 4 + step)
                run.log({"samples": table, "note": headway.Text(f"Run {name}\nsays ÄHREN at {step}")}, step)
            run.log({"page": headway.Html(HTML), "picture": headway.Image(np.zeros((2, 2)))}, 4)
    return logdir


@pytest.fixture(scope="module")
def asked(logdir: Path) -> Iterator[Asked]:
    with asking(logdir) as asked:
        yield asked


def search(asked: Asked, q: str, **more: Any) -> list[tuple[str, int, int | None]]:
    answer = asked.json("search", run=[asked.id("a"), asked.id("b")], q=q, **more)
    for match in answer["matches"]:
        at, length = match["at"], match["length"]
        assert match["excerpt"][at : at + length].casefold() == q.casefold().replace("\n", " ")
    return [(match["tag"], match["step"], match["row"]) for match in answer["matches"]]


def test_texts_are_found_in_whatever_case(asked: Asked) -> None:
    notes = [("note", step, None) for step in (4, 3, 2, 1, 0)]
    assert search(asked, "SAYS ähren", tag="note") == notes * 2
    assert search(asked, "run B says", tag="note") == []  # there is a line break
    assert search(asked, "B\nsays", tag="note") == notes


def test_rows_of_tables_are_found(asked: Asked) -> None:
    assert search(asked, "prompt 5", tag="samples") == [("samples", 4, 5), ("samples", 3, 5)] * 2
    assert search(asked, "a STRAßE 2 at 3") == [("samples", 3, 2)]


def test_a_search_goes_on_where_it_stopped(asked: Asked) -> None:
    ids = [asked.id("a"), asked.id("b")]
    found, start = [], 0
    while start is not None:
        answer = asked.json("search", run=ids, q="says", tag="note", limit=3, start=start)
        assert (len(answer["matches"]) <= 3, answer["total"]) == (True, 10)
        found += answer["matches"]
        start = answer["next"]
    assert [(match["run"], match["step"]) for match in found] == [
        (id, step) for id in ids for step in (4, 3, 2, 1, 0)
    ]


def test_a_search_ends_when_its_time_is_up(asked: Asked, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(texts, "SECONDS", -1)
    answer = asked.json("search", run=[asked.id("a")], q="says", tag="note")
    assert (len(answer["matches"]), answer["searched"], answer["next"]) == (1, 1, 1)
    rows = asked.json("rows", run=asked.id("a"), tag="samples", column="prompt", value="prompt 1")
    assert (len(rows["rows"]), rows["next"]) == (1, 1)


def test_a_row_is_followed(asked: Asked) -> None:
    rows = asked.json("rows", run=asked.id("a"), tag="samples", column="prompt", value="prompt 4")
    cells = [None, None] + [["prompt 4", f"a Straße 4 at {step}", 1 + step] for step in (2, 3, 4)]
    assert [(row["step"], row["cells"]) for row in rows["rows"]] == list(enumerate(cells))
    by_number = asked.json("rows", run=asked.id("a"), tag="samples", column="score", value="2.25")
    prompts = [row["cells"] and row["cells"][0] for row in by_number["rows"]]
    assert prompts == [None, None, "prompt 1", None, None]
    assert by_number["next"] is None


def test_html_is_a_document_that_can_do_nothing(asked: Asked) -> None:
    answer = asked.get("html", run=asked.id("a"), tag="page", kind="text")
    assert (answer.status, answer.text) == (200, HTML)
    policy = answer.headers["content-security-policy"]
    assert policy == f"{DOCUMENT}; frame-ancestors 'self'"
    assert "sandbox;" in policy
    assert "script" not in policy
    assert "frame-src 'self'" in POLICY


@pytest.mark.parametrize(
    ("route", "query"),
    [
        ("html", {"tag": "note", "kind": "text"}),
        ("html", {"tag": "picture", "kind": "images"}),
        ("html", {"tag": "page", "kind": "text", "item": 1}),
        ("html", {"tag": "page", "kind": "text", "item": -1}),
        ("rows", {"tag": "nothing", "column": "a", "value": "b"}),
    ],
)
def test_what_is_not_there(asked: Asked, route: str, query: dict[str, Any]) -> None:
    assert asked.get(route, run=asked.id("a"), **query).status == 404


def test_no_such_run(asked: Asked) -> None:
    assert asked.get("search", run=77, q="a").status == 404
    assert asked.get("rows", run=77, tag="a", column="b", value="c").status == 404
    assert asked.get("search", run=asked.id("a"), q="").status == 400


def test_a_table_without_the_column_has_no_row(asked: Asked) -> None:
    rows = asked.json("rows", run=asked.id("a"), tag="samples", column="nothing", value="prompt 4")["rows"]
    assert {row["cells"] for row in rows} == {None}


def test_a_letter_that_is_folded_to_two() -> None:
    assert texts._find("die STRASSE", "straße".casefold()) == (4, 7)
    assert texts._find("die Straße", "strasse") == (4, 6)
    assert texts._find("İx", "x") == (1, 1)
    assert texts._find("abc", "d") is None


def test_confusion_matrices_are_announced(tmp_path: Path) -> None:
    with headway.init(tmp_path / "a", console=False) as run:
        run.log({"confusion": headway.ConfusionMatrix([[1, 2], [3, 4]]), "note": headway.Text("hi")}, 1)
    with asking(tmp_path) as asked:
        assert asked.json("overview")["kinds"]["confusion_matrix"] == 1
        rows = asked.json("matrices")["tags"]
        assert rows == [{"name": "confusion", "kind": "text", "runs": 1, "ids": [asked.id("a")]}]


def test_without_a_confusion_matrix_none_is_announced(asked: Asked) -> None:
    assert "confusion_matrix" not in asked.json("overview")["kinds"]
    assert asked.json("matrices") == {"total": 0, "tags": []}
