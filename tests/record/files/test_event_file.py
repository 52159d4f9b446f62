from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import threading
import time
import warnings
from collections.abc import Callable
from pathlib import Path

import pytest
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

import headway.record.files.event_file as event_file
from headway.record.files.event_file import EventFile
from record.drive import finish, log, python, wait_for
from record.observe import events, events_in, files, points


def test_the_file_is_there_at_once(begin: Callable[..., EventFile], tmp_path: Path) -> None:
    file = begin(tmp_path, ".suffix")
    [path] = files(tmp_path)
    assert path == file.path
    assert path.name.endswith(".suffix")
    [first] = events_in(path)
    assert first.file_version == "brain.Event:2"
    assert abs(first.wall_time - time.time()) < 10
    assert file.get_logdir() == str(tmp_path)


def test_flush_puts_everything_into_the_file(begin: Callable[..., EventFile], tmp_path: Path) -> None:
    file = begin(tmp_path)
    for step in range(30):
        log(file, step)
        file.flush()
        assert points(tmp_path)[-1] == ("t", step, step)
    assert len(points(tmp_path)) == 30


def test_without_flush_it_is_there_in_a_moment(begin: Callable[..., EventFile], tmp_path: Path) -> None:
    file = begin(tmp_path)
    delays = []
    for step in range(5):
        time.sleep(0.03)
        started = time.monotonic()
        log(file, step)
        wait_for(lambda: len(points(tmp_path)) > step)  # noqa: B023
        delays.append(time.monotonic() - started)
    assert sorted(delays)[2] < 0.25


def test_an_idle_writer_sleeps_and_wakes(
    begin: Callable[..., EventFile], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(event_file, "INTERVAL", 0.005)
    file = begin(tmp_path)
    for step in range(3):
        wait_for(lambda: file.buffer.limit == 0)  # asleep
        file.flush()
        log(file, step)
        assert file.buffer.limit > 0
        wait_for(lambda: len(points(tmp_path)) > step)  # noqa: B023
    wait_for(lambda: file.buffer.limit == 0)
    file.close()
    assert file.lost == 0


def test_closing_twice_and_writing_after_it(begin: Callable[..., EventFile], tmp_path: Path) -> None:
    file = begin(tmp_path, "", 0)
    log(file, 1)
    file.close()
    file.close()
    file.flush()
    assert file.path is None
    log(file, 2, 3)
    file.close()
    log(file, 4)
    file.close()
    assert [[e.step for e in events_in(path)] for path in files(tmp_path)] == [[0, 0, 0, 1], [0, 2, 3], [0, 4]]
    # purge_step was said in the first file alone, else it would undo what this writer logged
    assert sum(e.HasField("session_log") for e in events(tmp_path)) == 1


def test_two_writers_in_one_second(begin: Callable[..., EventFile], tmp_path: Path) -> None:
    first, second = begin(tmp_path), begin(tmp_path)
    for step in range(100):
        log(first, step, tag="a")
        log(second, step, tag="b")
    first.close()
    second.close()
    assert [points(tmp_path).count((tag, s, s)) for tag in "ab" for s in range(100)] == [1] * 200
    reader = EventAccumulator(str(tmp_path)).Reload()
    assert [e.step for e in reader.Scalars("a")] == [e.step for e in reader.Scalars("b")] == list(range(100))


def test_many_threads(begin: Callable[..., EventFile], tmp_path: Path) -> None:
    file = begin(tmp_path)

    def work(number: int) -> None:
        for step in range(2000):
            log(file, step, tag=str(number))
            if step % 500 == number:
                file.flush()
            if step % 700 == number:
                file.close()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    file.close()
    assert file.lost == 0
    found = points(tmp_path)
    assert len(found) == 12_000
    assert set(found) == {(str(number), step, step) for number in range(6) for step in range(2000)}


def test_it_stays_where_it_was_begun(
    begin: Callable[..., EventFile], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path)
    file = begin(Path("run"))
    file.close()
    monkeypatch.chdir(tmp_path / "elsewhere")
    log(file, 1)
    file.close()
    assert len(files(tmp_path / "run")) == 2


# the end of a process

LOG_AND = """
import os, sys, time
from headway.record.files.event_file import EventFile
file = EventFile(sys.argv[1])
for step in range(1000):
    file.buffer.add_scalar("t", step, step)
"""


def test_the_end_of_the_program_closes_it(tmp_path: Path) -> None:
    assert finish(python(LOG_AND, tmp_path)) == ""
    assert [step for _, step, _ in points(tmp_path)] == list(range(1000))


def test_an_exception_that_ends_the_program(tmp_path: Path) -> None:
    process = python(LOG_AND + "1 / 0", tmp_path)
    _, said = process.communicate(timeout=30)
    assert "ZeroDivisionError" in said
    assert len(points(tmp_path)) == 1000


def test_kill_loses_the_last_moment_at_most(tmp_path: Path) -> None:
    script = """
import sys, time
from headway.record.files.event_file import EventFile
file = EventFile(sys.argv[1])
print("ready", flush=True)
while True:
    file.buffer.add_scalar("t", 1.0, 1) or file.add_again(file.buffer.add_scalar, "t", 1.0, 1)
    time.sleep(0.001)
"""
    process = python(script, tmp_path)
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    time.sleep(0.6)
    killed = time.time()
    process.kill()
    process.communicate(timeout=30)
    found = events(tmp_path)
    assert len(found) > 50
    assert killed - found[-1].wall_time < 0.25


def test_a_fork_gets_its_own_file(begin: Callable[..., EventFile], tmp_path: Path) -> None:
    file = begin(tmp_path, "", 0)
    log(file, 1, 2)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # forking with threads: what this is about
        child = os.fork()
    if child == 0:
        code = 1
        try:
            assert file.path is None
            log(file, 10, 11)
            file.close()
            log(file, 12)
            file.flush()
            code = 0
        finally:
            os._exit(code)
    log(file, 3)
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 0
    log(file, 4)
    file.close()
    found = {int(path.name.split(".")[-2]): [] for path in files(tmp_path)}  # type: ignore[var-annotated]
    for path in files(tmp_path):
        found[int(path.name.split(".")[-2])].append([e.step for e in events_in(path) if e.summary.value])
    assert found == {os.getpid(): [[1, 2, 3, 4]], child: [[10, 11], [12]]}
    assert sum(e.HasField("session_log") for e in events(tmp_path)) == 1


def test_forking_while_other_threads_log(begin: Callable[..., EventFile], tmp_path: Path) -> None:
    file = begin(tmp_path)
    stop = threading.Event()

    def work() -> None:
        step = 0
        while not stop.is_set():
            log(file, step, tag="parent")
            file.flush()
            step += 1

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    children = []
    for _ in range(8):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            child = os.fork()
        if child == 0:
            try:
                signal.alarm(10)  # a deadlock ends it
                log(file, 7, tag="child")
                file.flush()
            finally:
                os._exit(0)
        children.append(child)
    codes = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
    stop.set()
    for thread in threads:
        thread.join()
    file.close()
    assert codes == [0] * 8
    assert points(tmp_path).count(("child", 7, 7)) == 8


def _work_and_return(file: EventFile) -> None:
    log(file, 1, 2, 3)


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_worker_of_multiprocessing_closes_its_file(begin: Callable[..., EventFile], tmp_path: Path) -> None:
    file = begin(tmp_path)
    worker = multiprocessing.get_context("fork").Process(target=_work_and_return, args=(file,))
    worker.start()
    worker.join(10)
    assert worker.exitcode == 0
    assert [step for _, step, _ in points(tmp_path)] == [1, 2, 3]


def test_a_signal_handler_that_flushes_and_closes(tmp_path: Path) -> None:
    script = """
import random, signal, sys, time
from headway.record.files.event_file import EventFile
file = EventFile(sys.argv[1])
count = 0
def log(tag):
    global count
    count += 1
    file.buffer.add_scalar(tag, 1.0) or file.add_again(file.buffer.add_scalar, tag, 1.0)
def stop(*_):
    log("handler")
    file.flush()
    file.close()
signal.signal(signal.SIGALRM, stop)
end = time.monotonic() + 0.7
while time.monotonic() < end:
    signal.setitimer(signal.ITIMER_REAL, random.uniform(1e-6, 1e-3))
    for _ in range(3):
        log("main")
        file.flush()
signal.setitimer(signal.ITIMER_REAL, 0)
file.close()
assert file.lost == 0
print(count)
"""
    process = python(script, tmp_path)
    out, said = process.communicate(timeout=30)
    assert process.returncode == 0, said
    assert len(points(tmp_path)) == int(out)


def test_it_does_not_keep_its_thread_when_it_is_closed(tmp_path: Path) -> None:
    before = threading.active_count()
    for _ in range(5):
        EventFile(tmp_path).close()
    gc.collect()
    assert threading.active_count() == before
