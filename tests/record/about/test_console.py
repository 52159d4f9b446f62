from __future__ import annotations

import contextlib
import io
import logging
import os
import sys
import threading
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import headway
from headway.record.about import console
from headway.record.about.console import Console
from record.drive import finish, python, wait_for
from record.observe import events, points, texts


class Stream(io.StringIO):
    """Stands where a program's output goes."""


def catch(monkeypatch: pytest.MonkeyPatch) -> Stream:
    """Put streams where the output goes. Not in a fixture: pytest puts its own there after these."""
    monkeypatch.setattr(console, "INTERVAL", 0.02)
    stream = Stream()
    monkeypatch.setattr(sys, "stdout", stream)
    monkeypatch.setattr(sys, "stderr", Stream())
    return stream


@contextlib.contextmanager
def listening() -> Iterator[list[str]]:
    said: list[str] = []
    listener = Console(said.append)
    listener.start()
    try:
        yield said
    finally:
        listener.stop()


def test_what_is_printed_is_kept_and_still_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    output = catch(monkeypatch)
    with listening() as said:
        print("hello")
        wait_for(lambda: said)
        print("wor", end="")
        print("ld")
        print("an error", file=sys.stderr)
    assert said[0] == "```text\nhello\n```"
    assert "".join(said[1:]).count("world") == 1
    assert "an error" in "".join(said)
    assert output.getvalue() == "hello\nworld\n"
    print("after it")
    assert "after" not in "".join(said)
    assert "write" not in vars(output)


def test_the_streams_are_the_same_objects(monkeypatch: pytest.MonkeyPatch) -> None:
    output = catch(monkeypatch)
    handler = logging.StreamHandler(sys.stderr)
    with listening() as said:
        assert sys.stdout is output
        handler.emit(logging.LogRecord("x", 20, "f", 1, "logged", None, None))
        output.writelines(["two ", "parts\n"])
    assert "logged" in "".join(said)


def test_progress_is_shown_as_it_was_left(monkeypatch: pytest.MonkeyPatch) -> None:
    catch(monkeypatch)
    with listening() as said:
        for percent in range(101):
            sys.stdout.write(f"\r\x1b[32m{percent}%\x1b[0m")
        sys.stdout.write("\n")
    assert said == ["```text\n100%\n```"]


def test_somebody_who_listens_above_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    output = catch(monkeypatch)
    heard: list[str] = []
    with listening() as said:
        inner = output.write

        def outer(text: str) -> int:
            heard.append(text)
            return inner(text)

        output.write = outer  # type: ignore[method-assign]
        print("both")
    print("one")
    assert "".join(heard) == "both\none\n"
    assert "one" not in "".join(said)
    assert output.getvalue() == "both\none\n"


def test_two_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    output = catch(monkeypatch)
    with listening() as first:
        with listening() as second:
            print("both")
        print("one")
    assert "both\none" in "".join(first)
    assert "one" not in "".join(second)
    assert "both" in "".join(second)
    print("x")
    assert output.getvalue() == "both\none\nx\n"
    assert "write" not in vars(output)


def test_a_flood_is_cut_and_said_to_be(monkeypatch: pytest.MonkeyPatch) -> None:
    output = catch(monkeypatch)
    monkeypatch.setattr(console, "BURST", 10_000)
    monkeypatch.setattr(console, "MAX_WAITING", 50_000)
    with listening() as said:
        for number in range(3000):
            print(f"{number:030}")
        wait_for(lambda: "left out" in "".join(said))
    kept = "".join(said)
    assert 9_000 < len(kept) < 15_000
    assert f"{0:030}" in kept
    assert all(len(text) < console.BATCH + 1000 for text in said)
    assert len(output.getvalue()) == 31 * 3000


@pytest.mark.parametrize(
    "stream",
    [None, type("Slots", (), {"__slots__": (), "write": lambda self, text: None, "flush": lambda self: None})()],  # noqa: ARG005
)
def test_streams_that_cannot_be_listened_to(stream: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", stream)
    monkeypatch.setattr(sys, "stderr", stream)
    with listening() as said:
        print("x")
    assert said == []


def test_errors_of_the_stream_are_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    output = catch(monkeypatch)
    with listening():
        output.close()
        with pytest.raises(ValueError, match="closed"):
            print("x")


def test_what_cannot_be_told_ends_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    output = catch(monkeypatch)

    def fail(_: str) -> None:
        print("again, from inside")
        raise RuntimeError

    listener = Console(fail)
    listener.start()
    print("x")
    listener.stop()
    assert output.getvalue() == "x\nagain, from inside\n"


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_fork_is_not_listened_to(monkeypatch: pytest.MonkeyPatch) -> None:
    output = catch(monkeypatch)
    with listening() as said:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            child = os.fork()
        if child == 0:
            print("from the child")
            os._exit(0 if output.getvalue() == "from the child\n" else 1)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert said == []


def test_of_a_run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    catch(monkeypatch)
    threads = threading.active_count()
    with headway.init(tmp_path, console=True) as run:
        print("before")
        wait_for(lambda: texts(tmp_path, "headway/console"))
        for _ in range(10):
            run.log({"t": 1.0})
        print("at ten")
    told = [(e.step, v) for e in events(tmp_path) for v in e.summary.value if v.tag == "headway/console"]
    assert [step for step, _ in told] == [0, 10]
    assert texts(tmp_path, "headway/console") == ["```text\nbefore\n```", "```text\nat ten\n```"]
    assert [v.tag for e in events(tmp_path)[-1:] for v in e.summary.value] == ["headway/state"]
    wait_for(lambda: threading.active_count() == threads)
    with headway.init(tmp_path / "second", console=True, rank=1):
        print("not the first")
    assert texts(tmp_path / "second", "headway/console") == []


def test_a_run_that_is_dropped_gives_the_streams_back(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    output = catch(monkeypatch)
    run = headway.init(tmp_path, console=True)
    print("x")
    del run
    assert "write" not in vars(output)
    assert texts(tmp_path, "headway/console") == ["```text\nx\n```"]


@pytest.mark.parametrize("ending", ["", "1 / 0", "import os, signal; os.kill(os.getpid(), signal.SIGTERM)"])
def test_the_last_words_of_a_program(tmp_path: Path, ending: str) -> None:
    script = f"""
import sys, headway
run = headway.init(sys.argv[1], console=True)
run.log({{"t": 1.0}})
print("last words", flush=True)
{ending}
"""
    process = python(script, tmp_path)
    said, _ = process.communicate(timeout=30)
    assert said == "last words\n"
    assert "last words" in "".join(texts(tmp_path, "headway/console"))
    assert ("ZeroDivisionError" in "".join(texts(tmp_path, "headway/console"))) == (ending == "1 / 0")
    assert len(points(tmp_path)) == 1


def test_printing_from_signal_handlers(tmp_path: Path) -> None:
    script = """
import signal, sys, time, headway, headway.record.about.console as console
console.INTERVAL = 0.001
def handle(*_): print("handler")
signal.signal(signal.SIGALRM, handle)
signal.setitimer(signal.ITIMER_REAL, 0.0005, 0.0005)
for number in range(20):
    with headway.init(sys.argv[1] + f"/{number}", console=True) as run:
        end = time.monotonic() + 0.02
        while time.monotonic() < end:
            print("main")
signal.setitimer(signal.ITIMER_REAL, 0)
"""
    assert finish(python(script, tmp_path)) == ""
    assert "handler" in "".join(texts(tmp_path / "19", "headway/console"))
