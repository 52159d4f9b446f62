from __future__ import annotations

import signal
import subprocess
import sys
import threading
import traceback
from pathlib import Path
from typing import Any

import pytest
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.plugins.hparams.plugin_data_pb2 import HParamsPluginData

import headway
from headway.record.about.ending import MAX_TRACEBACK, State, state_after
from headway.record.files import event_file
from record.drive import answer, finish, python, wait_for
from record.observe import events, files, points, texts


def states(directory: Path) -> list[str]:
    """The first line of each."""
    return [text.split("\n")[0] for text in texts(directory, "headway/state")]


LOG = """
import os, sys, headway
run = headway.init(sys.argv[1], {"lr": 1})
for _ in range(100):
    run.log({"t": 1.0})
"""


def end(directory: Path, script: str, *arguments: object) -> tuple[int, str]:
    """Run a program that logs and ends as `script` says; return its exit status and what it said on stderr."""
    process = python(LOG + script, directory, *arguments)
    _, said = process.communicate(timeout=60)
    assert len(points(directory)) == 100
    return process.returncode, said


# what is said


def test_how_exceptions_are_told() -> None:
    try:
        raise ValueError("two\nlines")
    except ValueError as error:
        state = state_after(error)
    assert (state.status, state.reason) == ("failed", "ValueError: two")
    assert state.trace.startswith("Traceback")
    assert state.text().startswith("failed: ValueError: two\n\n```text\nTraceback")
    assert state_after(None) == state_after(SystemExit()) == state_after(SystemExit(0)) == State("finished")
    assert state_after(SystemExit(3)) == State("failed", "exit status 3")
    assert state_after(SystemExit("no data")) == State("failed", "no data")
    assert state_after(KeyboardInterrupt()).text().startswith("killed: interrupted")


def test_a_traceback_is_bounded_and_cannot_leave_its_block() -> None:
    long = state_after(ValueError("```\n" + "x" * 10**6 + "the end"))
    assert len(long.text()) < MAX_TRACEBACK + 2_500
    assert long.trace.endswith("the end")
    assert long.text().split("\n")[2] == "````text"


def test_an_exception_that_cannot_be_shown() -> None:
    class OddError(Exception):
        def __str__(self) -> str:
            raise RuntimeError("no")

    assert state_after(OddError()).status == "failed"


# the block of a `with`, and what comes closest to it


def test_a_block_that_is_left_in_peace_or_not(tmp_path: Path) -> None:
    with headway.init(tmp_path / "good"):
        pass
    assert states(tmp_path / "good") == ["running", "finished"]
    with pytest.raises(ZeroDivisionError), headway.init(tmp_path / "bad", {"lr": 1}):
        print(1 / 0)
    assert states(tmp_path / "bad") == ["running", "failed: ZeroDivisionError: division by zero"]
    assert "print(1 / 0)" in texts(tmp_path / "bad", "headway/state")[1]
    for code, state in ((0, "finished"), (2, "failed: exit status 2")):
        with pytest.raises(SystemExit), headway.init(tmp_path / str(code)):
            sys.exit(code)
        assert states(tmp_path / str(code))[-1] == state
    with pytest.raises(KeyboardInterrupt), headway.init(tmp_path / "stopped"):
        raise KeyboardInterrupt
    assert states(tmp_path / "stopped")[-1] == "killed: interrupted"


def test_closing_in_a_finally_or_a_handler(tmp_path: Path) -> None:
    def train(directory: Path) -> None:
        run = headway.init(directory)
        try:
            raise ValueError("diverged")
        finally:
            run.close()

    with pytest.raises(ValueError, match="diverged"):
        train(tmp_path / "finally")
    assert states(tmp_path / "finally")[-1] == "failed: ValueError: diverged"
    try:
        raise ImportError("there is no faster one")
    except ImportError:
        headway.init(tmp_path / "instead").close()
    assert states(tmp_path / "instead")[-1] == "finished"


def test_going_on_after_the_end(tmp_path: Path) -> None:
    run = headway.init(tmp_path)
    with pytest.raises(ZeroDivisionError), run:
        print(1 / 0)
    run.close()
    run.log({"t": 1.0})
    run.close()
    run.close()
    assert states(tmp_path) == ["running", "failed: ZeroDivisionError: division by zero", "finished"]


def test_tensorboard_is_told_too(tmp_path: Path) -> None:
    headway.init(tmp_path / "good", {"lr": 1}).close()
    with pytest.raises(ZeroDivisionError), headway.init(tmp_path / "bad", {"lr": 1}):
        print(1 / 0)
    for name, status in (("good", 1), ("bad", 2)):
        reader = EventAccumulator(str(tmp_path / name)).Reload()
        content = reader.SummaryMetadata("_hparams_/session_end_info").plugin_data.content
        assert HParamsPluginData.FromString(content).session_end_info.status == status


# the end of the program


HOOK = "sys.excepthook = lambda *_: print('mine', file=sys.stderr)\n"
LATE = """
class Late:
    def __init__(self, run): self.run = run
    def __del__(self): self.run.close()
late = Late(run)
"""


@pytest.mark.parametrize(
    ("script", "status", "state"),
    [
        ("", 0, "finished"),
        ("sys.exit()", 0, "finished"),
        ("sys.exit(0)", 0, "finished"),
        ("raise ValueError('diverged')", 1, "failed: ValueError: diverged"),
        (HOOK + "raise ValueError('diverged')", 1, "failed: ValueError: diverged"),
        ("raise KeyboardInterrupt", -2, "killed: interrupted"),
        ("with run: sys.exit(3)", 3, "failed: exit status 3"),
        ("import threading; t = threading.Thread(target=lambda: 1 / 0); t.start(); t.join()", 0, "finished"),
        (LATE, 0, "finished"),
        ("import atexit; atexit.register(run.flush); import builtins; builtins.kept = run", 0, "finished"),
        ("import gc; gc.disable(); run.self = run", 0, "finished"),
    ],
)
def test_how_a_program_ends(tmp_path: Path, script: str, status: int, state: str) -> None:
    code, said = end(tmp_path, script)
    assert code == status
    assert states(tmp_path) == ["running", state]
    assert ("Traceback" in said or "mine" in said) == (status in (1, -2) or "1 / 0" in script)
    if "mine" in said:
        assert "Traceback" not in said


def test_logging_while_the_interpreter_shuts_down(tmp_path: Path) -> None:
    script = """
class Late:
    def __init__(self, log): self.log = log
    def __del__(self): self.log({"late": 1.0})
late = Late(run.log)
"""
    process = python(LOG + script, tmp_path)
    _, said = process.communicate(timeout=30)
    assert process.returncode == 0
    assert said == ""
    assert [tag for tag, _, _ in points(tmp_path)] == ["t"] * 100 + ["late"]


VERY_LATE = """
import atexit, builtins, sys
def late():
    import headway, numpy as np
    from headway.record.values import Image
    for _ in range(3):
        builtins.run.log({"late": 1.0})
    builtins.run.log({"picture": Image(np.zeros((2, 2, 3)))})
    builtins.run.flush()
    with headway.init(sys.argv[1] + "/another") as another:
        another.log({"t": 1.0})
atexit.register(late)
"""


def test_logging_at_the_very_end(tmp_path: Path) -> None:
    process = python(VERY_LATE + LOG + "import builtins; builtins.run = run", tmp_path)
    _, said = process.communicate(timeout=30)
    assert (process.returncode, said) == (0, "")
    assert [tag for tag, _, _ in points(tmp_path)] == ["t"] * 100 + ["late"] * 3
    assert "picture" in {v.tag for e in events(tmp_path) for v in e.summary.value}
    assert points(tmp_path / "another") == [("t", 0, 1.0)]


# SIGTERM

WAIT = """
import signal, sys, time, headway
{before}
run = headway.init(sys.argv[1])
writer = headway.SummaryWriter(sys.argv[1] + "/writer")
{after}
for step in range(1000):
    run.log({{"t": 1.0}})
    writer.add_scalar("t", 1.0, step)
print("ready", flush=True)
while True:
    time.sleep(0.01)
"""


def terminate(directory: Path, before: str = "", after: str = "") -> int:
    process = python(WAIT.format(before=before, after=after), directory)
    assert answer(process) == "ready"
    process.terminate()
    process.communicate(timeout=30)
    return process.returncode


def test_sigterm_completes_the_files_and_ends_the_process(tmp_path: Path) -> None:
    assert terminate(tmp_path) == -signal.SIGTERM
    assert states(tmp_path) == ["running", "killed: SIGTERM"]
    assert len(points(tmp_path)) == len(points(tmp_path / "writer")) == 1000
    assert texts(tmp_path / "writer", "headway/state") == []


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_handler_of_the_program_s_own_is_left_alone(tmp_path: Path, when: str) -> None:
    script = "signal.signal(signal.SIGTERM, lambda *_: sys.exit(7))"
    assert terminate(tmp_path, **{when: script}) == 7
    assert len(points(tmp_path)) == 1000
    assert states(tmp_path)[-1] == "finished"


def test_a_handler_that_passes_it_on_decides_itself(tmp_path: Path) -> None:
    script = """
before = signal.getsignal(signal.SIGTERM)
def graceful(*arguments):
    before(*arguments)
    run.log({"saved": 1.0})
    sys.exit(7)
signal.signal(signal.SIGTERM, graceful)
"""
    assert terminate(tmp_path, after=script) == 7
    assert points(tmp_path)[-1] == ("saved", 1000, 1.0)


def test_ignoring_it_stays_ignoring(tmp_path: Path) -> None:
    process = python(WAIT.format(before="signal.signal(signal.SIGTERM, signal.SIG_IGN)", after=""), tmp_path)
    assert answer(process) == "ready"
    process.terminate()
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(0.3)
    process.kill()
    process.communicate(timeout=30)


def test_beginning_in_another_thread_installs_nothing(tmp_path: Path) -> None:
    script = """
import signal, sys, threading, headway
thread = threading.Thread(target=lambda: headway.init(sys.argv[1]).close())
thread.start(); thread.join()
assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
"""
    assert finish(python(script, tmp_path)) == ""


FORKED = """
import os, signal, sys, time, headway
run = headway.init(sys.argv[1])
run.log({"t": 1.0})
child = os.fork()
if child == 0:
    if sys.argv[2] == "logs":
        run.log({"child": 1.0})
    print("ready", flush=True)
    time.sleep(30)
sys.stdin.readline()
os.kill(child, signal.SIGTERM)
assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGTERM
"""


@pytest.mark.parametrize("child", ["logs", "silent"])
def test_a_fork_is_not_the_run(tmp_path: Path, child: str) -> None:
    process = python(FORKED, tmp_path, child, flags=("-W", "ignore"))
    assert answer(process) == "ready"
    _, said = process.communicate("\n", timeout=30)
    assert process.returncode == 0, said
    assert states(tmp_path) == ["running", "finished"]
    assert len(files(tmp_path)) == (2 if child == "logs" else 1)
    assert [tag for tag, _, _ in points(tmp_path)] == (["t", "child"] if child == "logs" else ["t"])


# the heart


def test_a_quiet_run_beats(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("headway.record.run.HEARTBEAT", 0.2)
    monkeypatch.setattr(event_file, "INTERVAL", 0.01)
    with headway.init(tmp_path) as run:
        run.log({"t": 1.0})
        wait_for(lambda: len(beats(tmp_path)) >= 3)
        assert 0.15 < beats(tmp_path)[2] - beats(tmp_path)[1] < 2.0
        run.log({"t": 2.0})
        run.flush()
        assert points(tmp_path) == [("t", 0, 1.0), ("t", 1, 2.0)]
        assert run.lost == 0
    reader = EventAccumulator(str(tmp_path), {"scalars": 0}).Reload()
    assert [event.step for event in reader.Scalars("t")] == [0, 1]
    assert headway.open(tmp_path, index=":memory:").problems == []


def test_a_busy_run_and_a_writer_without_a_state_do_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(event_file, "INTERVAL", 0.01)
    monkeypatch.setattr("headway.record.run.HEARTBEAT", 0.3)
    writer = headway.SummaryWriter(tmp_path / "writer")
    with headway.init(tmp_path / "run") as run:
        stop = threading.Event()
        while len(points(tmp_path / "run")) < 60:
            run.log({"t": 1.0})
            stop.wait(0.01)
        assert beats(tmp_path / "run") == []
    writer.close()
    assert beats(tmp_path / "writer") == []


def beats(directory: Path) -> list[float]:
    found: list[Any] = [e for e in events(directory) if e.WhichOneof("what") is None]
    assert all(e.source_metadata.writer.startswith("headway ") for e in found)
    return [e.wall_time for e in found]


def test_formatting_a_traceback_may_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> list[str]:
        raise RecursionError

    monkeypatch.setattr(traceback, "format_exception", fail)
    assert state_after(ValueError("x")).trace == "(the traceback could not be made: RecursionError)"
