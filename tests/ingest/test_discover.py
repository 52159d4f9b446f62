from __future__ import annotations

import os
from pathlib import Path

from headway.ingest.discover import discover


def touch(*paths: Path) -> None:
    for path in paths:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()


def test_runs_are_directories_that_hold_event_files(tmp_path: Path) -> None:
    touch(tmp_path / "events.out.tfevents.1.h", tmp_path / "a" / "b" / "x.tfevents.2", tmp_path / "a" / "notes.txt")
    found = discover(tmp_path)
    assert {path: run for path, (run, _) in found.files.items()} == {
        "events.out.tfevents.1.h": ".",
        "a/b/x.tfevents.2": "a/b",
    }
    assert found.refused == {}


def test_links_are_followed_once(tmp_path: Path) -> None:
    touch(tmp_path / "logs" / "real" / "tfevents", tmp_path / "elsewhere" / "tfevents")
    (tmp_path / "logs" / "real" / "loop").symlink_to(tmp_path / "logs")
    (tmp_path / "logs" / "out").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "logs" / "broken").symlink_to(tmp_path / "nowhere")
    (tmp_path / "logs" / "me.tfevents").symlink_to("me.tfevents")
    assert sorted(discover(tmp_path / "logs").files) == ["out/tfevents", "real/tfevents"]


def test_a_missing_directory_is_empty(tmp_path: Path) -> None:
    assert discover(tmp_path / "nothing").files == {}


def test_names_that_are_not_utf8_become_readable(tmp_path: Path) -> None:
    for name in (b"run-\xff", b"run-\xfe"):
        directory = os.path.join(os.fsencode(tmp_path), name)  # noqa: PTH118 - pathlib takes no bytes
        os.mkdir(directory)  # noqa: PTH102
        Path(os.fsdecode(directory), "tfevents").touch()
    found = discover(tmp_path)
    assert sorted(found.files) == ["run-\\xfe/tfevents", "run-\\xff/tfevents"]
    assert all(Path(place).exists() for _, place in found.files.values())
