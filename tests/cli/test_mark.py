from __future__ import annotations

from pathlib import Path

from cli.command import document, error, said
from headway.marks import Mark, Marks


def test_everything_that_can_be_said(logdir: Path) -> None:
    before = {path: path.read_bytes() for path in logdir.rglob("*tfevents*")}
    options = ["--name", "基线", "--note", "line one\nline two", "--tag", "good", "--tag", "x", "--archive"]
    options += ["--group", "g", "--colour", "#FF0000", "--pin"]
    said("mark", logdir, "fork", *options)
    mark = Mark("基线", "line one\nline two", ("good", "x"), True, "g", "#ff0000", True)
    assert Marks(logdir).all() == {"sweep/fork": mark}
    lines = said("mark", logdir, "基线").splitlines()
    assert lines[0] == "sweep/fork"
    assert [line.split() for line in lines[1:]] == [
        ["name", "基线"],
        ["note", "line", "one"],
        ["line", "two"],
        ["tags", "good,", "x"],
        ["group", "g"],
        ["colour", "#ff0000"],
        ["archived"],
        ["pinned"],
    ]
    said("mark", logdir, "基线", "--unarchive", "--unpin", "--untag", "x", "--tag", "y", "--note", "", "--colour", "")
    assert Marks(logdir).of("sweep/fork") == Mark("基线", "", ("good", "y"), False, "g", "", False)
    assert {path: path.read_bytes() for path in logdir.rglob("*tfevents*")} == before


def test_several_runs(logdir: Path) -> None:
    told = document("mark", logdir, "sweep/*", "base", "--tag", "seen")
    assert list(told) == ["sweep/failed", "sweep/fork", "base"]
    assert all(mark["tags"] == ["seen"] for mark in told.values())
    assert document("mark", logdir, "base")["base"]["tags"] == ["seen"]
    assert said("mark", logdir, "基线 ∞").splitlines()[1].strip() == "nothing is said of it"


def test_what_cannot_be_said(logdir: Path) -> None:
    assert "colour must be like #1f77b4, not 'red'" in error("mark", logdir, "base", "--colour", "red")
    assert "no run 'x'" in error("mark", logdir, "x")
    assert "no run 'x*'" in error("mark", logdir, "x*")
    assert "Missing argument 'RUN…'" in error("mark", logdir, code=2)
    assert Marks(logdir).all() == {}


def test_lines_that_say_nothing_are_told(logdir: Path) -> None:
    said("mark", logdir, "base", "--pin")
    with (logdir / ".headway" / "marks.jsonl").open("a") as journal:
        journal.write("torn\n")
    assert said("mark", logdir, "base").splitlines()[-1].startswith("1 line of the journal say")
