from __future__ import annotations

import os
import threading

import pytest

from headway.record.files import background
from headway.record.files.background import Background


@pytest.fixture
def small_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(background, "LIMIT", 100)


def make(drop: bool = False) -> tuple[Background, list[bytes], list[tuple[str, str]]]:
    events: list[bytes] = []
    failures: list[tuple[str, str]] = []
    return (
        Background(events.append, lambda error, what: failures.append((str(error), what)), drop=drop),
        events,
        failures,
    )


def test_events_come_in_order_and_close_waits_for_them() -> None:
    work, events, _ = make()
    for number in range(100):
        assert work.submit(lambda number=number: bytes([number]), 1, "event")  # type: ignore[misc]
    work.drain()
    assert events == [bytes([number]) for number in range(100)]
    work.submit(lambda: b"last", 1, "event")
    work.close()
    assert events[-1] == b"last"
    assert not [thread for thread in threading.enumerate() if thread.name == "headway-background"]


def test_it_begins_again_after_close() -> None:
    work, events, _ = make()
    for number in range(3):
        work.submit(lambda number=number: bytes([number]), 1, "event")  # type: ignore[misc]
        work.close()
    assert events == [b"\0", b"\1", b"\2"]


def test_a_failure_is_told_and_the_rest_goes_on() -> None:
    work, events, failures = make()

    def fail() -> bytes:
        raise ValueError("no such shape")

    work.submit(fail, 1, "image 'a'")
    work.submit(lambda: b"", 1, "nothing")
    work.submit(lambda: b"good", 1, "image 'b'")
    work.close()
    assert events == [b"good"]
    assert failures == [("no such shape", "image 'a'")]


@pytest.mark.usefixtures("small_limit")
def test_the_caller_waits_when_too_much_waits() -> None:
    work, events, _ = make()
    gate = threading.Event()
    work.submit(lambda: b"first" if gate.wait(10) else b"", 80, "event")
    returned = threading.Event()

    def submit() -> None:
        work.submit(lambda: b"second", 80, "event")
        returned.set()

    caller = threading.Thread(target=submit)
    caller.start()
    assert not returned.wait(0.1)
    gate.set()
    assert returned.wait(10)
    caller.join()
    work.close()
    assert events == [b"first", b"second"]


@pytest.mark.usefixtures("small_limit")
def test_or_events_are_dropped() -> None:
    work, events, _ = make(drop=True)
    gate = threading.Event()
    work.submit(lambda: b"first" if gate.wait(10) else b"", 80, "event")
    assert not work.submit(lambda: b"dropped", 80, "event")
    assert work.submit(lambda: b"small", 20, "event")
    gate.set()
    work.close()
    assert events == [b"first", b"small"]


@pytest.mark.usefixtures("small_limit")
def test_an_event_beyond_the_limit_is_taken_when_nothing_else_waits() -> None:
    for drop in (False, True):
        work, events, _ = make(drop)
        assert work.submit(lambda: b"huge", 10_000, "event")
        work.close()
        assert events == [b"huge"]


def test_an_event_may_ask_for_more() -> None:
    work, events, _ = make()

    def first() -> bytes:
        work.submit(lambda: b"second", 1, "event")
        work.drain()  # not a dead lock
        return b"first"

    work.submit(first, 1, "event")
    work.close()
    assert events == [b"first", b"second"]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork")
def test_forgetting_in_a_forked_process_leaves_nothing_to_wait_for() -> None:
    work, events, _ = make()
    gate = threading.Event()
    work.submit(lambda: bytes(gate.wait(10)), 1, "event")
    child = os.fork()
    if child == 0:
        work.forget()
        work.drain()
        work.submit(lambda: b"mine", 1, "event")
        work.close()
        os._exit(events != [b"mine"])
    assert os.waitpid(child, 0)[1] == 0
    gate.set()
    work.close()
    assert events == [b"\0"]


def test_what_would_end_a_thread_ends_only_the_event() -> None:
    work, events, failures = make()

    def leave() -> bytes:
        raise SystemExit(3)

    work.submit(leave, 80, "figure 'a'")
    work.submit(lambda: b"good", 1, "image 'b'")
    work.drain()
    assert (events, failures) == ([b"good"], [("3", "figure 'a'")])
    assert work._waiting == 0
    work.close()


def test_a_signal_handler_that_begins_the_thread_first(monkeypatch: pytest.MonkeyPatch) -> None:
    work, events, _ = make()
    make_thread, gate = threading.Thread, threading.Event()

    def interrupted(*arguments: object, **named: object) -> threading.Thread:
        monkeypatch.undo()
        work.submit(lambda: b"handler's" if gate.wait(10) else b"", 1, "event")
        return make_thread(*arguments, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(threading, "Thread", interrupted)
    work.submit(lambda: b"mine", 1, "event")
    assert [thread.name for thread in threading.enumerate()].count("headway-background") == 1
    gate.set()
    work.close()
    assert sorted(events) == [b"handler's", b"mine"]
