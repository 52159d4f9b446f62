from __future__ import annotations

import pytest
from tensorboard.compat.proto.event_pb2 import Event, SessionLog

from headway.events.framing import FOOTER, HEADER
from headway.record.files.signature import Signature, session


def parsed(records: bytes) -> list[Event]:
    found, at = [], 0
    while at < len(records):
        size = int.from_bytes(records[at : at + 8], "little")
        found.append(Event.FromString(records[at + HEADER : at + HEADER + size]))
        at += HEADER + size + FOOTER
    return found


def test_what_opens_a_file() -> None:
    [first] = parsed(Signature("headway", None, 0).opening())
    assert (first.file_version, first.source_metadata.writer) == ("brain.Event:2", "headway")
    _, version, start = parsed(Signature("headway", 7, 0).opening())
    assert (version.file_version, version.step) == ("brain.Event:2", 7)
    assert (start.session_log.status, start.step) == (SessionLog.START, 7)
    assert [Event.FromString(event).step for event in session(7)] == [7, 7]


def test_a_sign_of_life_comes_when_nothing_else_did(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr("headway.record.files.signature.time.monotonic", lambda: now)
    quiet = Signature("headway run=1", None, 30.0)
    assert (quiet.due_in(), quiet.sign_of_life()) == (30.0, b"")
    now = 129.0
    assert quiet.due_in() == 1.0
    quiet.moved()
    now = 150.0
    assert quiet.sign_of_life() == b""
    now = 160.0
    [event] = parsed(quiet.sign_of_life())
    assert event.source_metadata.writer == "headway run=1"
    assert event.WhichOneof("what") is None
    assert quiet.sign_of_life() == b""


def test_no_heartbeat_never_comes() -> None:
    assert Signature("headway", None, 0).due_in() is None
    assert Signature("headway", None, 0).sign_of_life() == b""
