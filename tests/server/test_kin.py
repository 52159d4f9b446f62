from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import headway
from server.asked import Asked, asking


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asked]:
    """`first` → `second` → `third`; `moved` says it comes from a run that is not there."""
    logdir = tmp_path_factory.mktemp("kin")
    gone = tmp_path_factory.mktemp("elsewhere") / "gone"
    for name, parent in ((gone, None), ("first", None), ("second", "first@3"), ("third", "second"), ("moved", gone)):
        fork = None if parent is None else str(parent if isinstance(parent, Path) else logdir / parent)
        with headway.init(logdir / name, fork_from=fork) as run:
            for step in range(5):
                run.log({"loss": 1.0}, step if fork is None else None)
    with asking(logdir) as asked:
        yield asked


def kin(asked: Asked, run: str, which: str) -> list[tuple[str, int]]:
    return [(one["name"], one["step"]) for one in asked.json("run", run=asked.id(run))[which]]


def test_parents_and_children(asked: Asked) -> None:
    assert kin(asked, "first", "parents") == []
    assert kin(asked, "first", "children") == [("second", 3)]
    assert kin(asked, "third", "parents") == [("second", 8), ("first", 3)]
    assert kin(asked, "third", "children") == []
    assert asked.json("run", run=asked.id("third"))["parents"][0]["run"] == asked.id("second")


def test_a_parent_that_is_not_there(asked: Asked) -> None:
    (parent,) = asked.json("run", run=asked.id("moved"))["parents"]
    assert parent["run"] is None
    assert parent["name"].endswith("gone")


def test_sessions_say_where_they_are(asked: Asked) -> None:
    (session,) = asked.json("run", run=asked.id("first"))["sessions"]
    assert (session["first_step"], session["last_step"], session["points"]) == (0, 4, 5)
