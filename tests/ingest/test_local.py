"""Files that change under the reader's hands, and things that are no files."""

from __future__ import annotations

import errno
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from events.frames import append, scalar, version, write
from headway.errors import HeadwayError
from headway.ingest import follow
from headway.ingest.index import Index
from headway.ingest.local import LocalDirectory


@pytest.fixture
def opened(tmp_path: Path) -> Callable[[], Index]:
    return lambda: Index(tmp_path, ":memory:")


def values(index: Index, run: str = "a", tag: str = "x") -> list[float]:
    return [value for some in index.points(index.series(run, tag)) for value in some.values.tolist()]


def said(index: Index) -> list[tuple[str, str]]:
    return [(problem.file, problem.kind) for problem in index.problems()]


def test_reading_never_waits_for_a_pipe(tmp_path: Path, opened: Callable[[], Index]) -> None:
    path = write(tmp_path / "a" / "tfevents", [scalar("x", 1, 1)])
    index = opened()
    index.refresh()
    path.unlink()
    os.mkfifo(path)
    began = time.monotonic()
    with pytest.raises(OSError, match="no regular file"), LocalDirectory(tmp_path).open(str(path)):
        pass
    with pytest.raises(HeadwayError, match=r"a/tfevents cannot be read: it is no regular file"):
        index.content("a/tfevents", 0, 5)
    index.refresh()
    assert index.run_names() == []
    assert time.monotonic() - began < 5
    index.close()


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="no /proc here")
def test_a_file_that_says_it_is_empty_is_left_alone(tmp_path: Path, opened: Callable[[], Index]) -> None:
    (tmp_path / "tfevents").symlink_to("/proc/self/status")
    index = opened()
    index.refresh()
    assert said(index) == []
    index.close()


@pytest.mark.parametrize("code", [errno.ESTALE, errno.EACCES, errno.EIO, errno.ETIMEDOUT])
@pytest.mark.parametrize("at", ["status", "open"])
def test_a_file_system_that_fails_for_a_while(
    tmp_path: Path, opened: Callable[[], Index], monkeypatch: pytest.MonkeyPatch, code: int, at: str
) -> None:
    path = write(tmp_path / "a" / "tfevents", [scalar("x", 1, 1)])
    write(tmp_path / "b" / "tfevents", [scalar("x", 5, 1)])
    index = opened()
    index.refresh()
    append(path, scalar("x", 2, 2))
    append(tmp_path / "b" / "tfevents", scalar("x", 6, 2))
    real = getattr(LocalDirectory, at)

    def fail(self: LocalDirectory, place: str) -> Any:
        if place == str(path):
            raise OSError(code, os.strerror(code), place)
        return real(self, place)

    with monkeypatch.context() as patch:
        patch.setattr(LocalDirectory, at, fail)
        index.refresh()
        assert said(index) == [("a/tfevents", "unreadable")]
        assert index.problems()[0].message == f"cannot be read: {os.strerror(code)}"
        assert (values(index, "a"), values(index, "b")) == ([1], [5, 6])
    index.refresh()
    assert said(index) == []
    assert values(index, "a") == [1, 2]
    index.close()


def test_a_directory_that_fails_for_a_while(
    tmp_path: Path, opened: Callable[[], Index], monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "a" / "b" / "tfevents", [scalar("x", 1, 1)])
    write(tmp_path / "ab" / "tfevents", [scalar("x", 2, 1)])
    index = opened()
    index.refresh()
    scandir = os.scandir

    def refuse(place: str) -> object:
        if place.endswith("/a"):
            raise OSError(errno.ESTALE, "Stale file handle", place)
        return scandir(place)

    with monkeypatch.context() as patch:
        patch.setattr(os, "scandir", refuse)
        index.refresh()
        assert [(p.run, p.kind, p.message) for p in index.problems()] == [
            ("a", "unreadable", "the directory cannot be read: Stale file handle")
        ]
        assert values(index, "a/b") == [1]
    index.refresh()
    assert said(index) == []
    index.close()


def test_rotation_keeps_both(tmp_path: Path, opened: Callable[[], Index]) -> None:
    path = write(tmp_path / "a" / "tfevents", [version(1), scalar("x", 1, 1, 1.0), scalar("x", 2, 2, 2.0)])
    index = opened()
    index.refresh()
    path.rename(tmp_path / "a" / "tfevents.old")
    write(path, [version(3), scalar("x", 3, 3, 3.0), scalar("x", 4, 4, 4.0), scalar("x", 5, 5, 5.0)])
    index.refresh()
    assert sorted(v for some in index.points(index.series("a", "x")) for v in some.values.tolist()) == [1, 2, 3, 4, 5]
    index.close()


def test_a_file_replaced_by_its_longer_copy_goes_on(tmp_path: Path, opened: Callable[[], Index]) -> None:
    """As rsync does."""
    frames = [version(1), scalar("x", 1, 1)]
    path = write(tmp_path / "a" / "tfevents", frames)
    index = opened()
    index.refresh()
    for n in range(2, 5):
        frames.append(scalar("x", n, n))
        write(tmp_path / "a" / ".tfevents.Xy12", frames).rename(path)
        index.refresh()
    assert values(index) == [1, 2, 3, 4]
    assert said(index) == []
    index.close()


def test_a_file_that_is_replaced_between_looking_and_reading(
    tmp_path: Path, opened: Callable[[], Index], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path / "a" / "tfevents", [version(1), scalar("x", 1, 1)])
    index = opened()
    index.refresh()
    append(path, scalar("x", 2, 2))
    is_replaced = follow.FollowedFile.is_replaced

    def swap(file: follow.FollowedFile) -> bool:
        before = is_replaced(file)
        write(tmp_path / "new", [version(2), *[scalar("x", 7, n) for n in range(20)]]).rename(path)
        return before

    with monkeypatch.context() as patch:
        patch.setattr(follow.FollowedFile, "is_replaced", swap)
        index.refresh()
    assert values(index) == [1]
    index.refresh()
    assert values(index) == [7] * 20
    assert said(index) == [("a/tfevents", "replaced")]
    index.close()


@pytest.mark.parametrize("how", ["truncate", "unlink", "replace"])
def test_a_file_that_goes_while_it_is_read(
    tmp_path: Path, opened: Callable[[], Index], monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    monkeypatch.setattr(follow, "CHUNK", 500)
    path = write(tmp_path / "a" / "tfevents", [version(1), *[scalar("x", n, n) for n in range(200)]])
    index = opened()
    collect, once = index._collect, iter([True])

    def interfere(*arguments: Any) -> int:
        if next(once, False):
            if how == "truncate":
                os.truncate(path, 100)
            elif how == "unlink":
                path.unlink()
            else:
                write(tmp_path / "new", [version(2), scalar("x", 7, 1)]).rename(path)
        return collect(*arguments)

    with monkeypatch.context() as patch:
        patch.setattr(index, "_collect", interfere)
        index.refresh()
    index.refresh()
    fresh = opened()
    fresh.refresh()
    assert index.run_names() == fresh.run_names() == ([] if how == "unlink" else ["a"])
    if how != "unlink":
        assert values(index) == values(fresh)
    fresh.close()
    index.close()


def test_a_file_that_grows_backwards(tmp_path: Path, opened: Callable[[], Index]) -> None:
    path = write(tmp_path / "a" / "tfevents", [version(1), *[scalar("x", n, n) for n in range(10)]])
    index = opened()
    index.refresh()
    size = path.stat().st_size
    for cut in range(1, 100, 7):
        os.truncate(path, size - cut)
        index.refresh()
    kept = values(index)
    assert kept == [float(n) for n in range(len(kept))]
    assert 0 < len(kept) < 10
    index.close()


@pytest.mark.parametrize("mtime", [0, 86_400 * 365 * 200])
def test_a_clock_that_is_wrong_delays_nothing(tmp_path: Path, mtime: int) -> None:
    path = write(tmp_path / "a" / "tfevents", [scalar("x", 1, 1)])
    os.utime(path, (mtime, mtime))
    index = Index(tmp_path, ":memory:")
    index.refresh()
    (file,) = index._files.values()
    for n in range(2, 4):
        append(path, scalar("x", n, n))
        os.utime(path, (mtime, mtime))
        index.refresh()
        assert time.monotonic() - file.changed < 5
        assert abs(time.time() - file.changed_at) < 5
    assert values(index) == [1, 2, 3]
    index.close()


def test_a_clock_that_is_set_back_delays_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path / "a" / "tfevents", [scalar("x", 1, 1)])
    index = Index(tmp_path, ":memory:")
    index.follow()
    deadline = time.monotonic() + 20
    real = time.time
    for n, jump in enumerate((-1e6, 1e6, -1e9), 2):
        with monkeypatch.context() as patch:
            patch.setattr("time.time", lambda jump=jump: real() + jump)
            append(path, scalar("x", n, n))
            while (not index.run_names() or len(values(index)) < n) and time.monotonic() < deadline:
                index.wait(index.revision, 0.1)
    assert values(index) == [1, 2, 3, 4]
    index.close()


def test_content_of_a_file_that_is_another_is_refused(tmp_path: Path, opened: Callable[[], Index]) -> None:
    path = write(tmp_path / "a" / "tfevents", [version(1), scalar("x", 1, 1)])
    index = opened()
    index.refresh()
    whole = path.read_bytes()
    assert index.content("a/tfevents", 3, 30) == whole[3:33]
    with pytest.raises(HeadwayError, match="a/tfevents was shortened"):
        index.content("a/tfevents", 3, len(whole))
    write(path, [version(2), scalar("x", 1, 1)])
    with pytest.raises(HeadwayError, match="a/tfevents was replaced"):
        index.content("a/tfevents", 3, 30)
    path.unlink()
    with pytest.raises(HeadwayError, match="a/tfevents cannot be read: No such file"):
        index.content("a/tfevents", 3, 30)
    index.close()


@pytest.mark.parametrize("name", ["a\nb", "מימין לשמאל", "層\u202egnp", "🏃‍♀️", "x" * 255, os.fsdecode(b"\xff\xfe")])
def test_a_run_of_any_name_is_read_and_followed(tmp_path: Path, name: str) -> None:
    path = write(tmp_path / "runs" / name / "tfevents", [scalar("x", 1, 1)])
    for expected in ([1.0], [1.0, 2.0]):
        index = Index(tmp_path / "runs", tmp_path / "index")
        index.refresh()
        (run,) = index.run_names()
        assert values(index, run) == expected
        assert run.encode()
        index.close()
        append(path, scalar("x", 2, 2))
