from __future__ import annotations

import gc
import multiprocessing
import os
import resource
import shutil
import signal
import subprocess
import sys
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

import headway.record.event_file as event_file
from headway.errors import HeadwayWarning
from headway.record.event_file import EventFile
from record.observe import events, events_in, files, points, warned


@pytest.fixture
def begin() -> Iterator[Callable[..., EventFile]]:
    begun: list[EventFile] = []

    def begin(directory: Path, *arguments: object) -> EventFile:
        begun.append(EventFile(directory, *arguments))  # type: ignore[arg-type]
        return begun[-1]

    yield begin
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", HeadwayWarning)
        for file in begun:
            file.close()


def log(file: EventFile, *steps: int, tag: str = "t") -> None:
    """As SummaryWriter does it."""
    for step in steps:
        if not file.buffer.add_scalar(tag, step, step):
            file.add_again(file.buffer.add_scalar, tag, step, step)


def wait_for(condition: Callable[[], object], seconds: float = 5.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.01)


@contextmanager
def disk_full_at(size: int) -> Iterator[None]:
    """Let the kernel refuse every byte of a file beyond `size`."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def python(script: str, *arguments: object, flags: tuple[str, ...] = ()) -> subprocess.Popen[str]:
    command = [sys.executable, *flags, "-c", script, *map(str, arguments)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def finish(process: subprocess.Popen[str]) -> str:
    """Wait for its end, which must be a good one; return what it said on stderr."""
    _, said = process.communicate(timeout=30)
    assert process.returncode == 0, said
    return said


# a healthy disk


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
from headway.record.event_file import EventFile
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
from headway.record.event_file import EventFile
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
from headway.record.event_file import EventFile
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


# a disk that fails


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
import headway.record.event_file as event_file
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
from headway.record.event_file import EventFile
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
from headway.record.event_file import EventFile
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


def test_it_does_not_keep_its_thread_when_it_is_closed(tmp_path: Path) -> None:
    before = threading.active_count()
    for _ in range(5):
        EventFile(tmp_path).close()
    gc.collect()
    assert threading.active_count() == before
