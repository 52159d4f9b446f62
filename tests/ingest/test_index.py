from __future__ import annotations

import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path

import duckdb
import numpy as np
import pytest

from events.frames import append, scalar, session_start, version, write
from headway.errors import HeadwayError
from headway.ingest import index as module
from headway.ingest.index import Index
from headway.query.entries import entries
from headway.store.batch import Batch
from headway.store.rows import Session


@pytest.fixture(autouse=True)
def _cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))


def values(index: Index, run: str, tag: str) -> list[float]:
    return [value for some in index.points(index.series(run, tag)) for value in some.values.tolist()]


def until_values(index: Index, run: str, tag: str, expected: list[float]) -> None:
    """Wait for a follower to have read exactly this."""
    deadline = time.monotonic() + 20
    while values(index, run, tag) != expected and time.monotonic() < deadline:
        index.wait(index.revision, 0.2)
    assert values(index, run, tag) == expected


def test_a_log_directory_from_nothing_to_gone(tmp_path: Path) -> None:
    index = Index(tmp_path / "runs")
    assert not index.refresh()
    path = write(tmp_path / "runs" / "a" / "tfevents", [version(), scalar("x", 1, 1), scalar("y", 2, 1)])
    assert index.refresh()
    assert index.tags() == {"x": [1], "y": [1]}
    outline = index.outline_revision
    append(path, scalar("x", 3, 2))
    assert index.refresh()
    assert not index.refresh()
    assert index.outline_revision == outline
    assert values(index, "a", "x") == [1, 3]
    (state,) = index.runs()
    assert (state.name, state.points, state.last_step, state.revision) == ("a", 3, 2, index.revision)
    path.unlink()
    assert index.refresh()
    assert (index.runs(), index.tags(), index.run_name(1)) == ([], {}, None)
    index.close()


def test_a_restart_reads_only_what_is_new(tmp_path: Path) -> None:
    path = write(tmp_path / "a" / "tfevents", [scalar("x", float(i), i) for i in range(5)])
    first = Index(tmp_path)
    first.refresh()
    first.close()
    append(path, scalar("x", 9, 9))
    second = Index(tmp_path)
    assert values(second, "a", "x") == [0, 1, 2, 3, 4]
    assert second.refresh()
    assert values(second, "a", "x") == [0, 1, 2, 3, 4, 9]
    second.close()


def test_the_index_can_be_deleted_at_any_time(tmp_path: Path) -> None:
    write(tmp_path / "runs" / "a" / "tfevents", [scalar("x", 1, 1)])
    place = tmp_path / "the" / "index"
    for _ in range(2):
        index = Index(tmp_path / "runs", place)
        index.refresh()
        assert values(index, "a", "x") == [1]
        index.close()
        place.unlink()


@pytest.mark.parametrize("kept_open", [True, False])
def test_a_replaced_file_replaces_its_points(tmp_path: Path, kept_open: bool) -> None:
    path = write(tmp_path / "a" / "tfevents", [version(1), scalar("x", 1, 1), scalar("old", 1, 1)])
    index = Index(tmp_path)
    index.refresh()
    write(path, [version(2), scalar("x", 7, 1), scalar("x", 8, 2), scalar("new", 8, 2)])
    if not kept_open:
        index.close()
        index = Index(tmp_path)
    index.refresh()
    assert values(index, "a", "x") == [7, 8]
    assert sorted(index.tags()) == ["new", "x"]
    assert [problem.kind for problem in index.problems()] == ["replaced"]
    index.close()


def test_large_files_go_through_threads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("headway.ingest.parallel.SMALL", 100)
    monkeypatch.setattr("headway.ingest.follow.CHUNK", 500)
    monkeypatch.setattr(module, "BATCH_POINTS", 50)
    for run in "abcd":
        frames = [scalar(tag, i + ord(run), i) for i in range(100) for tag in ("x", "y")]
        write(tmp_path / run / "tfevents", frames)
    index = Index(tmp_path)
    index.refresh()
    for run in "abcd":
        assert values(index, run, "y") == [float(i + ord(run)) for i in range(100)]
    progress = index.progress()
    assert progress.files_done == progress.files_total == 4
    assert progress.bytes_done == progress.bytes_total > 0
    index.close()


def test_following_sees_new_files_and_new_points(tmp_path: Path) -> None:
    index = Index(tmp_path)
    index.follow()
    index.follow()
    path = write(tmp_path / "a" / "tfevents", [scalar("x", 1, 1)])
    until_values(index, "a", "x", [1])
    assert index.runs()[0].live
    append(path, scalar("x", 2, 2))
    until_values(index, "a", "x", [1, 2])
    index.close()
    assert not [t for t in threading.enumerate() if t.name.startswith("headway")]


def test_a_wait_ends_with_the_index(tmp_path: Path) -> None:
    index = Index(tmp_path)
    waiter = threading.Thread(target=index.wait, args=(index.revision, 60))
    waiter.start()
    index.close()
    waiter.join(5)
    assert not waiter.is_alive()


def test_a_run_that_falls_silent_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "a" / "tfevents", [scalar("x", 1, 1)])
    index = Index(tmp_path)
    index.refresh()
    index._note_live()
    before = index.revision
    monkeypatch.setattr("headway.ingest.catalogue.LIVE_FOR", 0.0)
    index._note_live()
    assert index.revision > before
    assert (index.runs()[0].live, index.runs()[0].revision) == (False, index.revision)
    index.close()


def test_a_failing_disk_under_the_index_is_survived(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path / "a" / "tfevents", [scalar("x", 1, 1)])
    index = Index(tmp_path)
    index.refresh()
    run_id = index.runs()[0].id

    def fail(_: object) -> None:
        raise duckdb.IOException("No space left on device")

    monkeypatch.setattr(index._placed.store, "write", fail)
    append(path, scalar("x", 2, 2))
    assert index.refresh()
    assert values(index, "a", "x") == [1, 2]
    assert index.place == "memory"
    assert index.notice is not None
    assert "No space left" in index.notice
    assert index.runs()[0].id == run_id
    index.close()


@pytest.mark.parametrize("error", [RuntimeError("odd"), duckdb.OutOfMemoryException("full")])
def test_what_could_not_be_written_is_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    write(tmp_path / "runs" / "a" / "tfevents", [scalar("x", 1, 1)])
    place = ":memory:" if isinstance(error, duckdb.Error) else str(tmp_path / "index")
    index = Index(tmp_path / "runs", place)

    def fail(_: object) -> None:
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(index._placed.store, "write", fail)
        with pytest.raises(type(error)):
            index.refresh()
    assert index.tags() == {}
    index.refresh()
    assert values(index, "a", "x") == [1]
    if place != ":memory:":
        index.close()
        index = Index(tmp_path / "runs", place)
        assert values(index, "a", "x") == [1]
    index.close()


def test_following_outlives_a_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "a" / "tfevents", [scalar("x", 1, 1)])
    index = Index(tmp_path, ":memory:")
    once = iter([True])
    written = index._placed.store.write

    def fail_once(batch: Batch) -> None:
        if next(once, False):
            raise duckdb.OutOfMemoryException("full")
        written(batch)

    monkeypatch.setattr(index._placed.store, "write", fail_once)
    index.follow()
    until_values(index, "a", "x", [1])
    index.close()


def test_a_directory_that_is_away_for_a_while(tmp_path: Path) -> None:
    write(tmp_path / "runs" / "a" / "tfevents", [scalar("x", 1, 1)])
    index = Index(tmp_path / "runs")
    index.refresh()
    shutil.move(tmp_path / "runs", tmp_path / "unmounted")
    index.refresh()
    assert values(index, "a", "x") == [1]
    assert [problem.kind for problem in index.problems()] == ["unreadable"]
    shutil.move(tmp_path / "unmounted", tmp_path / "runs")
    index.refresh()
    assert index.problems() == []
    index.close()


def test_problems_say_which_file(tmp_path: Path) -> None:
    bad = bytearray(scalar("x", 1, 2))
    bad[-1] ^= 1
    write(tmp_path / "a" / "tfevents", [scalar("x", 1, 1), bytes(bad), scalar("x", 1, 3)])
    write(tmp_path / "b" / "tfevents", [b"version https://git-lfs.github.com/spec/v1\n" + b"x" * 90])
    index = Index(tmp_path)
    index.refresh()
    assert [(p.file, p.kind, p.records) for p in index.problems()] == [
        ("a/tfevents", "damaged", 1),
        ("b/tfevents", "foreign", 0),
    ]
    assert values(index, "a", "x") == [1, 1]
    index.close()
    again = Index(tmp_path)
    again.refresh()
    assert again.problems()[0].records == 1
    again.close()


def test_hostile_tags_are_only_names(tmp_path: Path) -> None:
    tags = ["<script>alert(1)</script>", "'; drop table point; --", "x" * 10_000, "层/损失", "", "a\nb"]
    write(tmp_path / "a" / "tfevents", [scalar(tag, i, i) for i, tag in enumerate(tags)])
    index = Index(tmp_path)
    index.refresh()
    assert list(index.tags()) == tags
    for i, tag in enumerate(tags):
        assert values(index, "a", tag) == [i]
    index.close()


def test_blobs_are_kept_by_position(tmp_path: Path) -> None:
    from tensorboardX import SummaryWriter

    with SummaryWriter(str(tmp_path / "a")) as writer:
        writer.add_text("note", "hello", 3)
        writer.add_image("pic", np.zeros((3, 2, 2)), 4)
    index = Index(tmp_path)
    index.refresh()
    assert index.run_kinds("a") == {"text": ["note/text_summary"], "images": ["pic"]}
    assert index.kinds() == {"text": 1, "images": 1}
    assert index.runs()[0].entries == 2
    found = entries(index, "a", "note/text_summary", "text")
    assert found.steps.tolist() == [3]
    place = (found.paths[0], int(found.offsets[0]), int(found.lengths[0]))
    assert b"hello" in index.content(*place)
    (tmp_path / place[0]).write_bytes(b"something else")
    with pytest.raises(HeadwayError, match="was replaced"):
        index.content(*place)
    (tmp_path / place[0]).unlink()
    with pytest.raises(HeadwayError, match="cannot be read"):
        index.content(*place)
    index.close()


def test_what_a_run_says_of_itself_is_kept(tmp_path: Path) -> None:
    import headway

    for lr in (0.1, 0.2):
        with headway.init(tmp_path / "a", config={"lr": lr}, resume=True) as run:
            run.log({"x": 1.0})
    for _ in range(2):  # the second time from the index on disk
        index = Index(tmp_path, tmp_path / "index")
        index.refresh()
        told = index.told("a")
        assert [one.tag for one in told if one.tag == "headway/config"] == ["headway/config"] * 2
        last = [one.content for one in told if one.tag == "headway/state"][-1]
        assert b"finished" in last
        assert any(one.kind == "hparams" for one in told)
        index.close()


def test_sessions_come_from_the_file(tmp_path: Path) -> None:
    write(tmp_path / "a" / "tfevents", [scalar("x", 1, 1, 10), session_start(1, 11), scalar("x", 2, 1, 12)])
    index = Index(tmp_path)
    index.refresh()
    assert index.sessions("a") == {
        ("a/tfevents", 0): Session(None, 10, 10, None, 1, 1),
        ("a/tfevents", 1): Session(1, 12, 12, None, 1, 1),
    }
    assert index.first_wall("a") == 10
    index.close()


def test_a_file_is_no_log_directory(tmp_path: Path) -> None:
    (tmp_path / "f").touch()
    with pytest.raises(HeadwayError, match="is a file"):
        Index(tmp_path / "f")


def test_an_index_left_open_ends_with_its_process_in_silence(tmp_path: Path) -> None:
    write(tmp_path / "a" / "tfevents", [scalar("x", 1, 1)])
    code = (
        "import sys, headway; logs = headway.open(sys.argv[1], ':memory:'); logs._index.follow()\n"
        "assert logs['a'].scalars('x').values.tolist() == [1]"
    )
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_an_index_damaged_within_is_given_up(tmp_path: Path) -> None:
    steps = range(150_000)
    write(tmp_path / "runs" / "a" / "tfevents", [scalar("x", float(i % 7), i) for i in steps])
    place = tmp_path / "index"
    index = Index(tmp_path / "runs", place)
    index.refresh()
    index.close()
    size = place.stat().st_size
    with place.open("r+b") as file:
        for at in range(3 * 4096, size, 100_000):  # past the headers: opening alone does not look there
            file.seek(at)
            file.write(b"\xff" * 4096)
    index = Index(tmp_path / "runs", place)
    index.refresh()
    assert len(values(index, "a", "x")) == 150_000
    assert (index.place, index.notice is not None) == ("memory", True)
    index.close()
