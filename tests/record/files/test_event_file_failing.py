from __future__ import annotations

import os
import shutil
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

import headway.record.files.event_file as event_file
from headway.record.files.event_file import EventFile
from record.drive import disk_full_at, finish, log, python, wait_for
from record.observe import events, events_in, files, points, warned


def test_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    place = tmp_path / "run"
    place.write_text("in the way")
    with warned("") as said:
        file = EventFile(place)
        log(file, *range(100))
        file.flush()
        log(file, 100)
        file.flush()
    assert len(said) == 1
    assert str(place) in str(said[0].message)
    assert file.lost == 0  # it is all kept
    place.unlink()
    file.flush()
    log(file, 101)
    file.close()
    assert file.lost == 0
    assert [step for _, step, _ in points(place)] == list(range(102))


def test_it_recovers_by_itself(
    begin: Callable[..., EventFile], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(event_file, "CHECK", 0.2)
    place = tmp_path / "run"
    place.write_text("in the way")
    with warned("cannot write"):
        file = begin(place)
    log(file, 1)
    place.unlink()
    wait_for(lambda: points(place) == [("t", 1, 1)])
    time.sleep(0.25)
    monkeypatch.setattr(event_file, "CHECK", 60.0)
    log(file, 2)  # as quickly as ever
    wait_for(lambda: points(place) == [("t", 1, 1), ("t", 2, 2)])


def test_a_place_that_can_never_be_written(tmp_path: Path) -> None:
    (tmp_path / "run").write_text("in the way")
    with warned("cannot write"):
        file = EventFile(tmp_path / "run", "", 0)
    log(file, 1, 2, 3)
    with warned(r"3 of the events .* lost"):
        file.close()
    assert file.lost == 3
    file.close()
    with warned(r"4 of the events .* lost"):
        log(file, 4)
        file.close()
    (tmp_path / "run").unlink()
    log(file, 5)
    file.close()
    assert points(tmp_path / "run") == [("t", 5, 5)]
    assert sum(e.HasField("session_log") for e in events(tmp_path / "run")) == 1  # it had not been said yet


@pytest.mark.skipif(os.geteuid() != 0, reason="needs another user's directory")
def test_a_directory_without_permission(tmp_path: Path) -> None:
    script = """
import os, sys, warnings
import headway.record.files.event_file as event_file
os.setgid(65534); os.setuid(65534)
file = event_file.EventFile(sys.argv[1])
for step in range(10):
    file.buffer.add_scalar("t", step, step)
file.close()
print(file.lost)
"""
    (tmp_path / "mine").mkdir(mode=0o700)
    process = python(script, tmp_path / "mine")
    out, said = process.communicate(timeout=30)
    assert (process.returncode, out) == (0, "10\n")
    assert said.count("HeadwayWarning") == 2
    assert "ermission denied" in said


def test_a_full_disk(begin: Callable[..., EventFile], tmp_path: Path) -> None:
    file = begin(tmp_path)
    log(file, 1)
    file.flush()
    full = files(tmp_path)[0].stat().st_size + 100  # in the middle of a record
    with disk_full_at(full), warned("cannot write") as said:
        log(file, *range(2, 50))
        file.flush()
        log(file, *range(50, 100))
        file.flush()
    assert len(said) == 1
    assert files(tmp_path)[0].stat().st_size == full
    file.close()
    assert file.lost == 0
    assert [step for _, step, _ in points(tmp_path)] == list(range(1, 100))


def test_memory_is_bounded_while_the_disk_is_full(
    begin: Callable[..., EventFile], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(event_file, "MEMORY", 10_000)
    file = begin(tmp_path)
    with disk_full_at(files(tmp_path)[0].stat().st_size + 100), warned("cannot write"):
        for step in range(1000):
            log(file, step)
            if step % 200 == 0:
                file.flush()
    with warned(f"{file.lost} of the events"):
        file.close()
    kept = [step for _, step, _ in points(tmp_path)]
    assert kept == list(range(len(kept)))
    assert 200 < len(kept) < 270
    assert len(kept) + file.lost == 1000


def test_a_disk_that_stays_full(tmp_path: Path) -> None:
    script = """
import resource, sys
from headway.record.files.event_file import EventFile
file = EventFile(sys.argv[1])
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
for step in range(100):
    file.buffer.add_scalar("t", step, step)
file.close()
print(file.lost)
"""
    process = python(script, tmp_path)
    out, said = process.communicate(timeout=30)
    assert process.returncode == 0
    kept = [step for _, step, _ in points(tmp_path)]
    assert kept == list(range(100 - int(out)))
    assert 10 < len(kept) < 30
    assert said.count("HeadwayWarning") == 2
    assert f"{out.strip()} of the events" in said


def test_memory_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(event_file, "MEMORY", 10_000)
    place = tmp_path / "run"
    place.write_text("in the way")
    with warned("cannot write") as said:
        file = EventFile(place)
        started = time.monotonic()
        log(file, *range(1000))
        assert time.monotonic() - started < 1.0  # nobody waits for a disk that fails
    assert len(said) == 1
    assert file.buffer.size <= 10_000
    file.flush()
    log(file, *range(1000, 2000))
    assert file.buffer.size <= 10_000
    place.unlink()
    with warned(rf"{file.lost} of the events .* lost"):
        file.close()
    kept = [step for _, step, _ in points(place)]
    assert kept == list(range(len(kept)))  # the newest are dropped
    assert 100 < len(kept) < 300
    assert len(kept) + file.lost == 2000


def test_a_slow_disk_holds_the_caller_up_and_loses_nothing(
    begin: Callable[..., EventFile], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(event_file, "MEMORY", 2_000)
    file = begin(tmp_path)
    log(file, *range(3000))
    file.close()
    assert file.lost == 0
    assert [step for _, step, _ in points(tmp_path)] == list(range(3000))


def test_a_disk_that_hangs_holds_the_caller_up_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(event_file, "MEMORY", 2_000)
    monkeypatch.setattr(event_file, "PATIENCE", 0.2)
    os.mkfifo(tmp_path / "fifo")
    holder = os.open(tmp_path / "fifo", os.O_RDWR)
    writer = os.open(tmp_path / "fifo", os.O_WRONLY)
    file = EventFile(tmp_path / "run")
    file.flush()
    place = file._appender._file
    real = os.dup(place)
    os.dup2(writer, place)  # from now on its disk is a pipe that nobody reads
    monkeypatch.setattr(file._appender, "has_vanished", lambda: False)
    with warned("too slow") as said:
        started = time.monotonic()
        log(file, *range(5000))
        elapsed = time.monotonic() - started
    assert len(said) == 1
    assert 0.2 <= elapsed < 1.0
    lost = file.lost
    assert lost > 1000
    drained = 0
    os.set_blocking(holder, False)
    with warned("lost"):
        closing = threading.Thread(target=file.close)
        closing.start()
        while closing.is_alive():
            try:
                drained += len(os.read(holder, 1 << 16))
            except BlockingIOError:
                closing.join(0.01)
    assert drained > 0
    assert file.lost == lost
    for descriptor in (holder, writer, real):
        os.close(descriptor)


def test_a_directory_that_vanishes(
    begin: Callable[..., EventFile], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(event_file, "CHECK", 0.05)
    file = begin(tmp_path / "run", "", 0)
    log(file, 1, 2, 3)
    file.flush()
    shutil.rmtree(tmp_path / "run")
    time.sleep(0.06)
    with warned(r"vanished; it had 3"):
        log(file, 4)
        file.flush()
    assert file.lost == 3
    log(file, 5)
    file.flush()
    [path] = files(tmp_path / "run")
    assert [e.step for e in events_in(path) if e.summary.value] == [4, 5]
    with warned(r"3 of the events .* lost"):
        file.close()


def test_a_file_that_vanishes_before_the_end(begin: Callable[..., EventFile], tmp_path: Path) -> None:
    file = begin(tmp_path)
    log(file, 1, 2)
    file.flush()
    files(tmp_path)[0].unlink()
    with warned("") as said:
        file.close()
    assert file.lost == 2
    assert ["vanished" in str(w.message) for w in said] == [True, False]
    assert files(tmp_path) == []


def test_warnings_that_are_errors_stop_nothing(tmp_path: Path) -> None:
    script = """
import sys
from headway.record.files.event_file import EventFile
file = EventFile(sys.argv[1])
for step in range(10):
    file.buffer.add_scalar("t", step, step)
    file.flush()
file.refuse(ValueError("odd"))
file.close()
"""
    (tmp_path / "run").write_text("in the way")
    said = finish(python(script, tmp_path / "run", flags=("-W", "error")))
    assert said.count("HeadwayWarning") == 3
    assert "Traceback" not in said
    assert "11 of the events" in said


def test_a_value_that_cannot_be_had(begin: Callable[..., EventFile], tmp_path: Path) -> None:
    file = begin(tmp_path)
    with warned("'loss' could not be converted to a number: OverflowError") as said:
        for _ in range(3):
            with pytest.raises(OverflowError) as caught:
                file.buffer.add_scalar("loss", 10**400)
            file.refuse(caught.value)
    assert len(said) == 1
    assert file.lost == 3
    with pytest.raises(TypeError, match="wrong"):
        file.refuse(TypeError("wrong"))
    with warned("3 of the events"):
        file.close()
