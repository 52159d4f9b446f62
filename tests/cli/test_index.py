from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from cli.command import document, error, said
from headway.ingest.index import Index
from headway.store.place import default_path


def test_status_rebuild_and_drop(logdir: Path) -> None:
    path = default_path(logdir)
    none = document("index", logdir, "status")
    assert (none["path"], none["exists"], none["points"]) == (str(path), False, None)
    assert "there is none yet" in said("index", logdir, "status")
    assert not path.exists()
    assert not path.parent.exists()
    built = document("index", logdir, "rebuild")
    assert built["exists"]
    assert (built["logdir"], built["runs"], built["files"], built["points"]) == (str(logdir), 4, 4, 234)
    assert built["bytes"] == path.stat().st_size
    assert built["bytes_per_point"] == built["bytes"] / 234
    assert (built["held_by"], built["problem"], built["current"]) == (None, None, True)
    told = [line.split(maxsplit=1) for line in said("index", logdir, "status").splitlines()]
    assert ["runs", "4, in 4 files"] in told
    assert ["points", "234"] in told
    assert said("index", logdir, "drop") == f"deleted: {path}\n"
    assert not path.exists()
    assert said("index", logdir, "drop") == f"there is none: {path}\n"
    assert document("index", logdir, "drop")["dropped"] is False


def test_a_place_of_ones_own(logdir: Path, tmp_path: Path) -> None:
    place = tmp_path / "here.duckdb"
    said("index", logdir, "rebuild", "--index", place)
    assert place.exists()
    assert not default_path(logdir).exists()
    assert document("index", logdir, "drop", "--index", place)["dropped"] is True
    assert "a path, or nothing" in error("index", logdir, "status", "--index", ":memory:")


def test_a_process_that_has_it(logdir: Path) -> None:
    code = (
        "import sys\nfrom headway.ingest.index import Index\nindex = Index(sys.argv[1])\n"
        "print(index.place, flush=True)\nsys.stdin.read()\nindex.close()"
    )
    command = [sys.executable, "-c", code, str(logdir)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "disk\n"
        told = document("index", logdir, "status")
        assert re.search(rf"process {holder.pid}\b", told["held_by"])
        assert (told["exists"], told["points"]) == (True, None)
        assert f"process {holder.pid}" in said("index", logdir, "status")
        for what in ("drop", "rebuild"):
            assert re.search(rf"is in use by .* process {holder.pid}", error("index", logdir, what))
        holder.communicate("")
    assert document("index", logdir, "drop")["dropped"] is True


def test_this_process_has_it(logdir: Path) -> None:
    index = Index(logdir)
    assert document("index", logdir, "status")["held_by"] == "another process, or this one"
    index.close()


def test_what_is_no_index_is_not_deleted(logdir: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.duckdb"
    with duckdb.connect(str(other)) as connection:
        connection.execute("create table mine(x integer)")
    text = tmp_path / "notes.txt"
    text.write_text("precious\n" * 1000)
    logs = tmp_path / "others"
    logs.mkdir()
    said("index", logs, "rebuild", "--index", tmp_path / "theirs.duckdb")
    for place, why in (
        (other, "a database of something else"),
        (text, "cannot be opened"),
        (tmp_path / "theirs.duckdb", "is the index of"),
    ):
        assert why in document("index", logdir, "status", "--index", place)["problem"]
        for what in ("drop", "rebuild"):
            assert why in error("index", logdir, what, "--index", place)
        assert place.exists()


def test_a_damaged_one_in_our_own_place_goes(logdir: Path) -> None:
    said("index", logdir, "rebuild")
    path = default_path(logdir)
    path.write_bytes(b"\xff" * 20_000)
    assert "cannot be opened" in document("index", logdir, "status")["problem"]
    assert document("index", logdir, "rebuild")["points"] == 234


@pytest.mark.parametrize("what", ["rebuild", "status"])
def test_no_log_directory(tmp_path: Path, what: str) -> None:
    if what == "status":
        assert document("index", tmp_path / "none", what)["exists"] is False
    else:
        assert "no log directory" in error("index", tmp_path / "none", what)
    assert "'verify' is not one of" in error("index", tmp_path, "verify", code=2)
