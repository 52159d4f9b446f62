from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from events.frames import append, scalar, session_start, version, write
from headway.ingest import follow
from headway.ingest.follow import FollowedFile
from headway.ingest.local import LocalDirectory
from headway.store.rows import FileState


def followed(path: Path, state: FileState | None = None) -> FollowedFile:
    return FollowedFile(LocalDirectory(path.parent), str(path), state or FileState(path.name, "run"), {})


def steps(file: FollowedFile) -> list[int]:
    return [step for scan, *_ in file.read() for step in scan.steps.tolist()]


def said(file: FollowedFile, wait: float = 0) -> list[tuple[str, int, int]]:
    return [(p.kind, p.records, p.bytes) for p in file.problems(time.time() + wait)]


def test_only_what_is_new_is_read(tmp_path: Path) -> None:
    path = write(tmp_path / "tfevents", [version(), scalar("x", 1, 1)])
    file = followed(path)
    assert file.has_changed()
    assert steps(file) == [1]
    assert not file.has_changed()
    append(path, scalar("x", 1, 2))
    assert file.has_changed()
    assert steps(file) == [2]
    assert steps(file) == []
    assert said(file, 60) == []


def test_growth_is_timed_by_our_own_clock(tmp_path: Path) -> None:
    path = write(tmp_path / "tfevents", [version(), scalar("x", 1, 1)])
    os.utime(path, (1000, 1000))
    file = followed(path)
    assert file.has_changed()
    assert steps(file) == [1]
    assert file.changed_at == 1000
    append(path, scalar("x", 1, 2))
    os.utime(path, (1001, 1001))  # a file server whose clock is far behind
    assert file.has_changed()
    assert abs(file.changed_at - time.time()) < 10


def test_another_process_goes_on_where_it_ended(tmp_path: Path) -> None:
    path = write(tmp_path / "tfevents", [version(), scalar("x", 1, 1)])
    file = followed(path)
    steps(file)
    append(path, scalar("x", 1, 2))
    assert steps(followed(path, file.state)) == [2]


def test_a_half_written_record_is_waited_for(tmp_path: Path) -> None:
    whole = scalar("x", 1, 2)
    path = write(tmp_path / "tfevents", [scalar("x", 1, 1), whole[:17]])
    file = followed(path)
    assert steps(file) == [1]
    assert said(file) == []
    assert said(file, wait=60) == [("incomplete", 1, 17)]
    append(path, whole[17:])
    assert steps(file) == [2]
    assert said(file, wait=60) == []


@pytest.mark.parametrize("chunk", [16, 64, 1 << 20])
def test_damage_is_counted_and_the_rest_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, chunk: int) -> None:
    monkeypatch.setattr(follow, "CHUNK", chunk)
    bad = bytearray(scalar("x", 1, 2))
    bad[20] ^= 255
    zeros = b"\0" * 5000
    path = write(tmp_path / "tfevents", [scalar("x", 1, 1), bytes(bad), scalar("x", 1, 3), zeros, scalar("x", 1, 4)])
    file = followed(path)
    assert steps(file) == [1, 3, 4]
    assert said(file) == [("damaged", 2, len(bad) + len(zeros))]


def test_zeros_at_the_end_may_still_be_filled(tmp_path: Path) -> None:
    """A network file system shows a file's new length before its bytes."""
    later = scalar("x", 1, 2)
    path = write(tmp_path / "tfevents", [scalar("x", 1, 1), b"\0" * len(later)])
    file = followed(path)
    assert steps(file) == [1]
    assert said(file) == [("damaged", 1, len(later))]
    write(path, [scalar("x", 1, 1), later])
    os.utime(path, ns=(1, 1))
    assert file.has_changed()
    assert not file.is_replaced()
    assert steps(file) == [2]
    assert said(file) == []


def test_a_record_larger_than_a_chunk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(follow, "CHUNK", 100)
    path = write(tmp_path / "tfevents", [scalar("x" * 10_000, 1, 1), scalar("y", 1, 2)])
    assert steps(followed(path)) == [1, 2]


def test_sessions_are_counted(tmp_path: Path) -> None:
    frames = [scalar("x", 1, 1), session_start(5), scalar("x", 1, 5), session_start(3), scalar("x", 1, 3)]
    file = followed(write(tmp_path / "tfevents", frames))
    seen = [(state.session, state.start, step) for scan, state, *_ in file.read() for step in scan.steps.tolist()]
    assert seen == [(0, None, 1), (1, 5, 5), (2, 3, 3)]


@pytest.mark.parametrize("content", [[scalar("x", 1, 7)], [version(2.0), *[scalar("x", 1, 7)] * 9], []])
def test_a_file_that_shrinks_or_is_replaced(tmp_path: Path, content: list[bytes]) -> None:
    path = write(tmp_path / "tfevents", [version(), scalar("x", 1, 1), scalar("x", 1, 2)])
    file = followed(path)
    steps(file)
    write(path, content)
    assert file.is_replaced()
    file.forget()
    assert steps(file) == [7] * len([c for c in content if c != version(2.0)])
    if content:
        assert said(file) == [("replaced", 0, 0)]


def test_an_empty_file_is_no_problem(tmp_path: Path) -> None:
    file = followed(write(tmp_path / "tfevents", []))
    assert steps(file) == []
    assert said(file, wait=60) == []


def test_a_pointer_file_is_named(tmp_path: Path) -> None:
    pointer = b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"0" * 64 + b"\nsize 12345\n"
    file = followed(write(tmp_path / "tfevents", [pointer]))
    assert steps(file) == []
    (problem,) = file.problems(time.time())
    assert problem.kind == "foreign"
    assert "git lfs pull" in problem.message


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    file = followed(tmp_path / "gone.tfevents")
    assert not file.has_changed()
    assert steps(file) == []
    assert said(file) == [("unreadable", 0, 0)]
