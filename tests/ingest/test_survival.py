"""The index on disk is whole or built again, wherever its process was killed and whenever its disk was full."""

from __future__ import annotations

import resource
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

import headway
from headway.ingest.index import Index
from headway.query.scalars import scalars

DYING = [sys.executable, str(Path(__file__).with_name("dying.py"))]


def record(logdir: Path, first: int, count: int) -> None:
    for name in ("a", "b"):
        with headway.SummaryWriter(str(logdir / name)) as writer:
            for step in range(first, first + count):
                writer.add_scalar("x", step, step)
                writer.add_scalar("y", step + 0.1 if name == "b" else step, step)
            writer.add_text("note", f"at {first}", first)


def check(logdir: Path, place: Path, count: int) -> None:
    """Everything is there, once, and on disk."""
    index = Index(logdir, place)
    assert index.place == "disk", index.notice
    index.refresh()
    for name in ("a", "b"):
        for tag in ("x", "y"):
            assert scalars(index, name, tag).steps.tolist() == list(range(count))
        np.testing.assert_array_equal(
            scalars(index, name, "y").values,
            np.float32(np.arange(count) + (0.1 if name == "b" else 0)).astype(float),
        )
        assert index.run_kinds(name)["text"] == ["note/text_summary"]
    index.close()


def test_killed_before_any_statement(tmp_path: Path) -> None:
    logdir = tmp_path / "runs"
    record(logdir, 0, 300)
    begun = tmp_path / "begun"
    Index(logdir, begun).close()
    died = 0
    for statement in range(1, 200):
        place = tmp_path / f"index{statement}"
        shutil.copy(begun, place)
        done = subprocess.run([*DYING, str(logdir), str(place), str(statement)], timeout=60)
        if done.returncode == 0:
            break
        assert done.returncode == -signal.SIGKILL
        died += 1
        check(logdir, place, 300)
    assert died >= 10
    check(logdir, place, 300)


def test_killed_at_any_time(tmp_path: Path) -> None:
    logdir, place = tmp_path / "runs", tmp_path / "index"
    for life in range(6):
        record(logdir, 400 * life, 400)
        process = subprocess.Popen([*DYING, str(logdir), str(place), "0"])
        time.sleep(0.15 + 0.05 * life)
        process.kill()
        process.wait()
        check(logdir, place, 400 * (life + 1))


@pytest.mark.skipif(not hasattr(resource, "RLIMIT_FSIZE"), reason="this system has no limit on the size of files")
@pytest.mark.parametrize("room", [10_000, 300_000])
def test_a_full_cache_disk(tmp_path: Path, room: int) -> None:
    """A limit on the size of files stands for a full disk: writing fails in the same way."""
    logdir = tmp_path / "runs"
    record(logdir, 0, 3000)
    code = f"""if 1:
        import resource, signal, sys
        from headway.ingest import index as indexing
        from headway.ingest.index import Index
        from headway.query.scalars import scalars
        from headway.store import write
        write.FRESH_LIMIT, indexing.BATCH_POINTS = 300, 500
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, ({room}, {room}))
        index = Index(sys.argv[1], sys.argv[2])
        index.refresh()
        assert scalars(index, "a", "x").steps.tolist() == list(range(3000))
        print(index.place, "|", index.notice)
        index.close()
    """
    done = subprocess.run(
        [sys.executable, "-c", code, str(logdir), str(tmp_path / "index")], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("memory | the index"), done.stdout
    check(logdir, tmp_path / "index", 3000)
