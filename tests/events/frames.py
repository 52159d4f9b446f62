"""Event files for tests, made with TensorBoard's own message classes and headway's framing."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from tensorboard.compat.proto.event_pb2 import Event, SessionLog
from tensorboard.compat.proto.summary_pb2 import Summary

from headway.events.framing import frame


def scalar(tag: str, value: float, step: int, wall_time: float = 1.0) -> bytes:
    summary = Summary(value=[Summary.Value(tag=tag, simple_value=value)])
    return frame(Event(wall_time=wall_time, step=step, summary=summary).SerializeToString())


def version(wall_time: float = 1.0) -> bytes:
    return frame(Event(wall_time=wall_time, file_version="brain.Event:2").SerializeToString())


def session_start(step: int, wall_time: float = 1.0) -> bytes:
    log = SessionLog(status=SessionLog.START)
    return frame(Event(wall_time=wall_time, step=step, session_log=log).SerializeToString())


def write(path: Path, frames: Iterable[bytes]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"".join(frames))
    return path


def append(path: Path, *frames: bytes) -> None:
    with path.open("ab") as file:
        file.write(b"".join(frames))
