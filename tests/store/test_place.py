from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from headway.store.place import default_path, open_store


@pytest.fixture(autouse=True)
def _cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def test_each_log_directory_has_its_own_place(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "runs")
    assert default_path(tmp_path / "runs") != default_path(tmp_path / "other")
    assert default_path(tmp_path / "link") == default_path(tmp_path / "runs")


def test_a_second_user_in_this_process_works_in_memory(tmp_path: Path) -> None:
    first = open_store(tmp_path / "runs", None)
    second = open_store(tmp_path / "runs", None)
    assert (first.place, first.notice, second.place) == ("disk", None, "memory")
    assert second.notice is not None
    assert "in use" in second.notice
    first.close()
    third = open_store(tmp_path / "runs", None)
    assert third.place == "disk"
    third.close()


def test_a_second_process_works_in_memory(tmp_path: Path) -> None:
    mine = open_store(tmp_path / "runs", tmp_path / "index")
    code = (
        "import sys; from pathlib import Path; from headway.store.place import open_store\n"
        "placed = open_store(Path(sys.argv[1]), sys.argv[2]); print(placed.place, placed.notice)"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "runs"), str(tmp_path / "index")]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert said.startswith("memory")
    assert "in use by another process" in said
    mine.close()


def test_a_damaged_index_of_ours_is_built_anew(tmp_path: Path) -> None:
    path = default_path(tmp_path / "runs")
    path.parent.mkdir(parents=True)
    path.write_bytes(b"rubbish" * 1000)
    placed = open_store(tmp_path / "runs", None)
    assert (placed.place, placed.notice) == ("disk", None)
    placed.close()


@pytest.mark.parametrize("name", ["block", "lock", "runs"])
def test_only_a_held_lock_is_taken_for_one(tmp_path: Path, name: str) -> None:
    """A damaged index is built anew, whatever the path and the words of the error."""
    logdir = tmp_path / name
    path = default_path(logdir)
    placed = open_store(logdir, None)
    placed.close()
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * 8192)
    placed = open_store(logdir, None)
    assert (placed.place, placed.notice) == ("disk", None)
    placed.close()


def test_a_log_directory_that_is_not_utf8(tmp_path: Path) -> None:
    logdir = Path(os.fsdecode(os.fsencode(tmp_path) + b"/run-\xff"))
    for _ in range(2):
        placed = open_store(logdir, None)
        assert (placed.place, placed.notice) == ("disk", None)
        placed.close()
    odd = open_store(logdir, logdir / "index")
    assert odd.place == "memory"
    assert odd.notice is not None
    assert "run-\\xff" in odd.notice
    odd.close()


def test_somebody_elses_file_is_left_alone(tmp_path: Path) -> None:
    theirs = tmp_path / "thesis.txt"
    theirs.write_text("precious")
    placed = open_store(tmp_path / "runs", theirs)
    assert placed.place == "memory"
    assert placed.notice is not None
    assert "thesis.txt" in placed.notice
    assert theirs.read_text() == "precious"


def test_a_place_that_cannot_be_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setattr("platformdirs.user_cache_dir", lambda _: str(tmp_path / "file"))
    placed = open_store(tmp_path / "runs", None)
    assert placed.place == "memory"
    assert placed.notice is not None
