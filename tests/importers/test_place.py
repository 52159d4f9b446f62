from __future__ import annotations

import os
from pathlib import Path

import pytest

from headway.errors import HeadwayError
from headway.importers import place as module
from headway.importers.bring import bring
from headway.importers.claims import claimed
from headway.importers.place import Lines, Place
from importers.readback import imported

CSV = "step,loss\n1,0.5\n"


def test_links_out_of_the_source_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "outside" / "deep").mkdir(parents=True)
    (tmp_path / "outside" / "secret.csv").write_text(CSV)
    source = tmp_path / "source"
    (source / "in").mkdir(parents=True)
    (source / "in" / "a.csv").write_text(CSV)
    (source / "file.csv").symlink_to(tmp_path / "outside" / "secret.csv")
    (source / "directory").symlink_to(tmp_path / "outside")
    (source / "loop").symlink_to(source)
    (source / "inside.csv").symlink_to(source / "in" / "a.csv")
    assert [place.relative for place, _ in claimed(source)] == ["in/a.csv", "inside.csv"]
    with pytest.raises(HeadwayError, match="leads out of"):
        Place(source / "file.csv", source).open()
    with pytest.raises(HeadwayError, match="leads out of"):
        Place(source, source).below("../outside/secret.csv").open()


def test_the_source_itself_may_be_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "a.csv").write_text(CSV)
    for name, target in (("directory", "real"), ("file", "real/a.csv")):
        (tmp_path / name).symlink_to(tmp_path / target)
        assert len(imported(tmp_path / name, tmp_path / f"logs {name}")) == 1


def test_pipes_and_devices_are_no_files(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    for source in (tmp_path / "pipe.csv", Path("/dev/zero")):
        with pytest.raises(HeadwayError, match="not a regular file"):
            list(bring(source, tmp_path / "logs"))
    with pytest.raises(HeadwayError, match="nothing in it is known"):
        list(bring(tmp_path, tmp_path / "logs"))


def test_what_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(HeadwayError, match="no such file or directory"):
        list(bring(tmp_path / "nowhere", tmp_path / "logs"))
    assert not [*tmp_path.iterdir()]


def test_lines_and_documents_have_a_longest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LONGEST_LINE", 1000)
    source = tmp_path / "a.jsonl"
    source.write_text('{"step": 1}\n{"step": 2, "x": "' + "y" * 2000 + '"}\n')
    (outcome,) = bring(source, tmp_path / "logs")
    assert outcome.error is not None
    assert "a.jsonl:2: a line of more than" in outcome.error
    with pytest.raises(HeadwayError, match="larger than"):
        Place(source, source).content(100)


def test_names_of_runs(tmp_path: Path) -> None:
    files = ("x/y/metrics.csv", "x/y/b.log.csv", "metrics.csv")
    for name in files:
        (tmp_path / "s" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "s" / name).write_text(CSV)
    names = {place.run_name() for place, _ in claimed(tmp_path / "s")}
    assert names == {"x/y", "x/y/b.log", "s"}
    assert Place(tmp_path / "s" / "metrics.csv", tmp_path / "s" / "metrics.csv").run_name() == "s"


def test_lines_say_where_they_are(tmp_path: Path) -> None:
    source = tmp_path / "a.txt"
    source.write_bytes("\ufeffone\r\ntwo\rthree\nfour".encode())
    lines = Lines(Place(source, source))
    assert list(lines) == ["one", "two", "three", "four"]
    assert lines.where == f"{source}:4"
    assert lines.position() == 0  # it is closed
