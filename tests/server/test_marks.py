from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tensorboardX import SummaryWriter

from headway.marks import Marks
from server.asked import JSON, Asked, asking
from server.client import Answer

NAME = 'ünï "q" <b>'
DEEP = b'{"save_view": "deep", "state": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"
NOTHING = {"name": "", "note": "", "tags": [], "archived": False, "group": "", "colour": "", "pinned": False}


@pytest.fixture(scope="module")
def logdir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    logdir = tmp_path_factory.mktemp("marks")
    for name in ("a", NAME):
        with SummaryWriter(str(logdir / name)) as writer:
            writer.add_scalar("loss", 1.0, 0)
    return logdir


@pytest.fixture(scope="module")
def asked(logdir: Path) -> Iterator[Asked]:
    with asking(logdir) as asked:
        yield asked


def post(asked: Asked, headers: dict[str, str] = JSON, **edit: Any) -> Answer:
    return asked.client.post("/api/marks", json.dumps(edit).encode(), headers)


def test_at_first_there_are_none(asked: Asked) -> None:
    assert asked.json("marks") == {"revision": 1, "runs": {}, "views": {}}


def test_something_is_said_and_taken_back(asked: Asked, logdir: Path) -> None:
    runs = [asked.id("a"), asked.id(NAME)]
    answer = post(
        asked, runs=runs, fields={"note": "**so**\n", "tags": ["x", "é"], "colour": "#00ff7f", "pinned": True}
    )
    assert answer.status == 200
    said = NOTHING | {"note": "**so**\n", "tags": ["x", "é"], "colour": "#00ff7f", "pinned": True}
    assert answer.json()["runs"] == asked.json("marks")["runs"] == {"a": said, NAME: said}
    assert Marks(logdir).of(NAME).tags == ("x", "é")
    post(asked, runs=runs[:1], fields={"note": None, "tags": None, "colour": None, "pinned": None})
    assert asked.json("marks")["runs"] == {NAME: said}
    post(asked, runs=runs, fields=dict.fromkeys(NOTHING))
    assert asked.json("marks")["runs"] == {}
    assert not any("tfevents" in path.name for path in (logdir / ".headway").rglob("*"))


def test_views(asked: Asked) -> None:
    state = {"tags": ["loss"], "smooth": 0.6, "nested": [1, None, {"ü": "\u2028"}]}
    post(asked, save_view="mine é", state=state)
    post(asked, save_view="other", state=1)
    assert asked.json("marks")["views"] == {"mine é": state, "other": 1}
    answer = post(asked, drop_view="other")
    assert answer.json()["views"] == {"mine é": state}


def test_the_revision_counts_up_whoever_says_it(asked: Asked, logdir: Path) -> None:
    before = asked.json("marks")["revision"]
    Marks(logdir).set("a", archived=True)
    after = asked.json("marks")
    assert after["revision"] > before
    assert after["runs"]["a"]["archived"]


@pytest.mark.parametrize(
    "edit",
    [
        {"runs": [99], "fields": {"note": "x"}},
        {"runs": ["a"], "fields": {"note": "x"}},
        {"runs": [1], "fields": {"nothing": "x"}},
        {"runs": [1], "fields": {"colour": "red;}"}},
        {"runs": [1], "fields": {"pinned": "yes"}},
        {"runs": [1], "fields": {"__class__": 1}},
        {"runs": [1], "fields": {"self": 1}},
        {"runs": [1], "fields": {"run": "a"}},
        {"runs": [1] * 10_001},
        {"save_view": "x" * 10_000, "state": 1},
        {"save_view": "a\nb", "state": 1},
        {"runs": [1], "fields": {"note": "x"}, "save_view": "a\nb"},
        {"runs": [1, 99], "fields": {"note": "x"}},
        {"unknown": 1},
    ],
)
def test_an_edit_that_makes_no_sense_changes_nothing(asked: Asked, edit: dict[str, Any]) -> None:
    before = asked.json("marks")
    answer = post(asked, **edit)
    assert answer.status in (400, 404), answer.text
    assert answer.text.count("\n") == 1
    assert asked.json("marks") == before


@pytest.mark.parametrize(
    "kind", ["", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"]
)
def test_a_form_of_another_site_says_nothing(asked: Asked, kind: str) -> None:
    before = asked.json("marks")
    answer = post(asked, {"Content-Type": kind} if kind else {}, runs=[asked.id("a")], fields={"group": "evil"})
    assert answer.status == 415
    assert asked.json("marks") == before


def test_nor_does_its_script(asked: Asked) -> None:
    answer = post(asked, JSON | {"Origin": "http://elsewhere.example"}, runs=[asked.id("a")], fields={"pinned": True})
    assert answer.status == 403


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\xff", b"[" * 100_000, DEEP])
def test_what_is_no_edit(asked: Asked, body: bytes) -> None:
    assert asked.client.post("/api/marks", body, JSON).status == 400


def test_a_run_that_is_named_often_is_marked_once(asked: Asked, logdir: Path) -> None:
    post(asked, runs=[asked.id("a")] * 10_000, fields={"note": "once"})
    assert sum(path.read_text().count("once") for path in (logdir / ".headway").iterdir()) == 1


def test_an_edit_that_is_too_long(asked: Asked) -> None:
    assert asked.client.post("/api/marks", b" " * (1 << 20) + b"{}", JSON).status == 413


@pytest.mark.skipif(os.name != "posix", reason="modes")
def test_other_methods(asked: Asked) -> None:
    assert asked.client.get("/api/marks", method="DELETE").status == 405
    assert asked.client.get("/api/marks", method="HEAD").status == 200
