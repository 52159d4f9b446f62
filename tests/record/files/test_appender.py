from __future__ import annotations

import os
import re
import socket
import threading
from pathlib import Path

import pytest

from headway.events.framing import frame
from headway.events.messages import event, file_version, scalar_value, summary_event
from headway.record.files.appender import Appender
from record.observe import events_in, files

HEADER = frame(file_version(1.0))


def record(number: int) -> bytes:
    return frame(summary_event([scalar_value("t", number)], 1.0, number))


def appender(directory: Path, suffix: str = "") -> Appender:
    return Appender(directory, suffix, lambda: HEADER)


def push_all(target: Appender) -> None:
    while target.push():
        pass


def test_a_file_of_records(tmp_path: Path) -> None:
    target = appender(tmp_path / "a" / "b", ".x")
    push_all(target)
    [file] = files(tmp_path / "a" / "b")
    assert file == target.path
    assert file.read_bytes() == HEADER
    host = re.escape(socket.gethostname())
    assert re.fullmatch(rf"events\.out\.tfevents\.\d{{10}}\.{host}\.{os.getpid()}\.\d{{4}}\.x", file.name)
    for number in range(3):
        target.give(record(number), 1)
        push_all(target)
    assert target.waiting == 0
    assert file.read_bytes() == HEADER + record(0) + record(1) + record(2)
    assert target.close() == 0
    assert target.path is None


@pytest.fixture
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("headway.record.files.appender._PIECE", 4096)


def test_many_pieces(tmp_path: Path, small_pieces: None) -> None:
    target = appender(tmp_path)
    large = frame(event(bytes(9000), 1.0))
    target.give(large, 1)
    waiting = []
    while target.push():
        waiting.append(target.waiting)
    assert waiting == sorted(waiting, reverse=True)
    assert len(waiting) >= 2
    assert files(tmp_path)[0].read_bytes() == HEADER + large
    target.close()


def test_no_two_share_a_file(tmp_path: Path) -> None:
    targets = [appender(tmp_path) for _ in range(40)]

    def write(target: Appender, number: int) -> None:
        target.give(record(number), 1)
        push_all(target)

    threads = [threading.Thread(target=write, args=(t, n)) for n, t in enumerate(targets)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = [file.read_bytes() for file in files(tmp_path)]
    assert sorted(found) == sorted(HEADER + record(number) for number in range(40))
    assert [target.close() for target in targets] == [0] * 40


def test_a_name_that_is_taken_is_left_alone(tmp_path: Path) -> None:
    first = appender(tmp_path)
    push_all(first)
    path = first.path
    assert path is not None
    first.close()
    stem, counter = path.name.rsplit(".", 1)
    seconds = int(stem.split(".")[3])
    taken = []
    for second in range(seconds, seconds + 3):  # the next one, whenever it comes
        name = stem.replace(str(seconds), str(second)) + f".{int(counter) + 1:04d}"
        taken.append(tmp_path / name)
        taken[-1].write_bytes(b"another's")
    second_writer = appender(tmp_path)
    push_all(second_writer)
    assert second_writer.path not in [path, *taken]
    assert all(file.read_bytes() == b"another's" for file in taken)
    second_writer.close()


@pytest.mark.parametrize("how", ["deleted", "replaced", "moved", "directory"])
def test_a_file_that_vanishes(tmp_path: Path, how: str) -> None:
    directory = tmp_path / "run"
    target = appender(directory)
    target.give(record(0) + record(1), 2)
    push_all(target)
    path = target.path
    assert path is not None
    assert not target.has_vanished()
    if how == "directory":
        directory.rename(tmp_path / "elsewhere")
    elif how == "moved":
        path.rename(tmp_path / "elsewhere")
    else:
        path.unlink()
    if how == "replaced":
        path.write_bytes(b"another's")
    assert target.has_vanished()
    assert target.abandon() == 2
    target.give(record(2), 1)
    push_all(target)
    new = target.path
    assert new is not None
    assert new != path
    assert new.read_bytes() == HEADER + record(2)
    assert target.close() == 0


def test_what_waits_when_the_file_vanishes_is_kept(tmp_path: Path, small_pieces: None) -> None:
    target = appender(tmp_path)
    push_all(target)
    large = frame(event(bytes(5000), 1.0))
    target.give(large, 1)
    assert target.push()  # half of it
    files(tmp_path)[0].unlink()
    assert target.abandon() == 0
    assert target.waiting == len(large)
    push_all(target)
    assert files(tmp_path)[0].read_bytes() == HEADER + large
    target.close()


def test_closing_with_a_torn_record_cuts_it_off(tmp_path: Path, small_pieces: None) -> None:
    target = appender(tmp_path)
    large = frame(event(bytes(5000), 1.0))
    target.give(record(0) + record(1) + large + record(2), 4)
    assert target.push()  # the first two, and a piece of the third
    assert target.close() == 2
    [file] = files(tmp_path)
    assert file.read_bytes() == HEADER + record(0) + record(1)
    assert [e.step for e in events_in(file)] == [0, 0, 1]


def test_a_place_that_is_no_directory(tmp_path: Path) -> None:
    (tmp_path / "run").write_bytes(b"")
    target = appender(tmp_path / "run" / "a")
    target.give(record(0), 1)
    for _ in range(2):
        with pytest.raises(OSError, match="run"):
            target.push()
    assert target.waiting == len(record(0))
    (tmp_path / "run").unlink()
    push_all(target)
    assert files(tmp_path / "run" / "a")[0].read_bytes() == HEADER + record(0)
    target.close()


def test_closing_what_could_never_be_written(tmp_path: Path) -> None:
    (tmp_path / "run").write_bytes(b"")
    target = appender(tmp_path / "run")
    target.give(record(0) + record(1), 2)
    with pytest.raises(OSError, match="run"):
        target.push()
    assert target.close() == 2
