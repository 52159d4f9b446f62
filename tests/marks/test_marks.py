from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from headway.errors import HeadwayError
from headway.marks import Mark, Marks
from headway.marks.place import own_journal


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    return tmp_path / "data"


@pytest.fixture
def logdir(tmp_path: Path) -> Path:
    logdir = tmp_path / "logs"
    logdir.mkdir()
    return logdir


def test_what_is_said_is_kept_beside_the_logs(logdir: Path, data: Path) -> None:
    marks = Marks(logdir)
    assert marks.of("a") == Mark()
    told = marks.set("a/b", name="基线 ∞", note="x\n\ny", tags=["good", "x", "good"], archived=True, colour="#AABBCC")
    assert told == Mark("基线 ∞", "x\n\ny", ("good", "x"), True, "", "#aabbcc", False)
    assert marks.set("a/b", archived=None, pinned=True, group="g").archived is False
    again = Marks(str(logdir))
    assert again.of("a/b") == Mark("基线 ∞", "x\n\ny", ("good", "x"), False, "g", "#aabbcc", True)
    assert list(again.all()) == ["a/b"]
    lines = (logdir / ".headway" / "marks.jsonl").read_text(encoding="utf-8").splitlines()
    first = json.loads(lines[0])
    assert (first["run"], first["field"], first["value"]) == ("a/b", "name", "基线 ∞")
    assert not data.exists()


def test_nothing_said_is_nothing_written(logdir: Path) -> None:
    assert Marks(logdir).all() == {}
    assert Marks(logdir).views() == {}
    assert Marks(logdir).set("a") == Mark()
    assert list(logdir.iterdir()) == []


def test_what_is_taken_back_is_no_mark(logdir: Path) -> None:
    marks = Marks(logdir)
    marks.set("a", name="x", tags=["t"])
    marks.set("a", name="", tags=[])
    assert marks.all() == {}


def test_views(logdir: Path) -> None:
    marks = Marks(logdir)
    marks.save_view("mine", {"charts": ["loss"], "x": 1.5})
    marks.save_view("yours", None)
    marks.save_view("zwei", [1])
    marks.save_view("mine", {"charts": []})
    assert Marks(logdir).views() == {"zwei": [1], "mine": {"charts": []}}
    marks.drop_view("mine")
    marks.drop_view("never there")
    assert Marks(logdir).views() == {"zwei": [1]}


def test_the_revision_says_when_somebody_else_said_something(logdir: Path) -> None:
    here, there = Marks(logdir), Marks(logdir)
    before = here.revision
    assert here.revision == before
    there.set("a", pinned=True)
    assert here.revision > before
    assert here.of("a").pinned
    before = here.revision
    (logdir / ".headway" / "marks.jsonl").unlink()
    assert here.revision > before
    assert here.all() == {}


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"nmae": "x"}, "no field 'nmae'"),
        ({"name": 3}, "name must be a text"),
        ({"name": "a\nb"}, "name must be one line"),
        ({"name": "\x1b[31m"}, "name must be one line"),
        ({"name": "x" * 201}, "name has 201 characters"),
        ({"note": "\ud800"}, "note is no valid Unicode"),
        ({"tags": "x"}, "tags must be a list"),
        ({"tags": [1]}, "a tag must be a text"),
        ({"tags": [str(i) for i in range(101)]}, "101 tags"),
        ({"archived": 1}, "archived must be true or false"),
        ({"colour": "red"}, "colour must be like #1f77b4"),
    ],
)
def test_what_a_mark_cannot_hold(logdir: Path, fields: dict[str, object], message: str) -> None:
    with pytest.raises(HeadwayError, match=message):
        Marks(logdir).set("a", pinned=True, **fields)
    assert Marks(logdir).all() == {}


@pytest.mark.parametrize(("name", "state"), [("", 1), ("a\n", float("nan")), ("v", {1, 2}), ("v", "x" * 300_000)])
def test_what_a_view_cannot_hold(logdir: Path, name: str, state: object) -> None:
    with pytest.raises(HeadwayError):
        Marks(logdir).save_view(name, state)


def test_a_log_directory_that_may_not_be_written(logdir: Path, data: Path) -> None:
    Marks(logdir).set("a", name="theirs", note="theirs")
    (logdir / ".headway" / "marks.jsonl").rename(logdir / "kept")
    (logdir / ".headway").rmdir()
    (logdir / ".headway").write_text("no directory")  # root may write everywhere; into a file nobody
    marks = Marks(logdir)
    marks.set("a", name="mine")
    assert marks.of("a") == Marks(logdir).of("a") == Mark("mine")
    (own,) = (data / "headway" / "marks").iterdir()
    assert own == own_journal(str(logdir))
    assert Marks(logdir / ".." / "logs").of("a") == Mark("mine")
    # When others' marks can be read beside it, the newer edit of each field counts.
    (logdir / ".headway").unlink()
    (logdir / ".headway").mkdir()
    (logdir / "kept").rename(logdir / ".headway" / "marks.jsonl")
    assert marks.of("a") == Mark("mine", "theirs")
    Marks(logdir).set("a", name="theirs again")
    assert marks.of("a") == Mark("theirs again", "theirs")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere")
def test_a_directory_without_permission(logdir: Path, data: Path) -> None:
    logdir.chmod(0o555)
    Marks(logdir).set("a", pinned=True)
    assert (data / "headway" / "marks").exists()


def test_a_url(data: Path) -> None:
    Marks("s3://bucket/logs").set("a", pinned=True)
    assert Marks("s3://bucket/logs/").of("a").pinned
    assert Marks("s3://bucket/other").all() == {}
    assert len(list((data / "headway" / "marks").iterdir())) == 1


def test_a_log_directory_that_is_not_there(tmp_path: Path, data: Path) -> None:
    Marks(tmp_path / "none").set("a", pinned=True)
    assert Marks(tmp_path / "none").of("a").pinned
    assert not (tmp_path / "none").exists()


def test_nowhere_to_keep_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "file"))
    with pytest.raises(HeadwayError, match="marks can be kept neither there nor in"):
        Marks("s3://bucket/logs").set("a", pinned=True)


def test_processes_at_once(logdir: Path) -> None:
    code = (
        "import sys\nfrom headway.marks import Marks\nmarks = Marks(sys.argv[1])\n"
        "for i in range(60): marks.set(f'{sys.argv[2]}-{i}', name=f'{i}', note='x' * 5000)\n"
    )
    writers = [subprocess.Popen([sys.executable, "-c", code, str(logdir), str(n)]) for n in range(4)]
    marks = Marks(logdir)
    while any(writer.poll() is None for writer in writers):
        assert all(len(mark.note) in (0, 5000) for mark in marks.all().values())
        time.sleep(0.02)
    assert [writer.wait() for writer in writers] == [0] * 4
    assert {run: mark.name for run, mark in marks.all().items()} == {
        f"{n}-{i}": f"{i}" for n in range(4) for i in range(60)
    }
    assert marks.skipped == 0


def test_what_cannot_be_held_takes_nothing_back(logdir: Path) -> None:
    """A slip of somebody's hand, or a later version's."""
    marks = Marks(logdir)
    marks.set("a", colour="#1f77b4", tags=["good"], note="kept")
    with (logdir / ".headway" / "marks.jsonl").open("a") as file:
        for field, value in (("colour", "red"), ("tags", ["a\x1b[31m"]), ("note", 3), ("later", 1)):
            file.write(json.dumps({"time": 1e10, "run": "a", "field": field, "value": value}) + "\n")
    assert marks.of("a") == Mark(colour="#1f77b4", tags=("good",), note="kept")
    assert marks.skipped == 4
