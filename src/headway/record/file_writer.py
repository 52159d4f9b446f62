"""tensorboardX's and torch's `FileWriter`: one event file for those who make their messages themselves."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterator
from typing import Any, Protocol, Self

from headway.events.messages import event, graph_event, run_metadata_event
from headway.events.number import as_double, as_int64
from headway.events.wire import BYTES, FIXED32, FIXED64, VARINT, Field, fields, key, message, signed, varint
from headway.record.files.event_file import EventFile
from headway.record.files.nowhere import Nowhere
from headway.record.files.place import Place

_WALL_TIME, _STEP, _SUMMARY = 1, 2, 5


class Message(Protocol):
    """A protobuf message of any library."""

    def SerializeToString(self) -> bytes:  # noqa: N802 - protobuf's name
        """Return it encoded."""
        ...


class FileWriter:
    """Writes messages to an event file in `logdir`; takes those of protobuf, of `headway.compat`, and bytes.

    Args:
        logdir: where the file is made.
        max_queue: accepted for compatibility.
        flush_secs: accepted for compatibility.
        filename_suffix: ends the file's name.
        event_writer: the file, where there is one already; whoever gave it looks after it.

    """

    def __init__(
        self,
        logdir: str | os.PathLike[str],
        max_queue: int = 10,  # noqa: ARG002 - this and others are there for the signature's sake
        flush_secs: int = 120,  # noqa: ARG002
        filename_suffix: str = "",
        *,
        event_writer: EventFile | Nowhere | None = None,
    ) -> None:
        self._logdir = os.fspath(logdir)
        self._place: Place | None = None
        if event_writer is None:
            self._place = Place(logdir)
            event_writer = EventFile(self._place.path, filename_suffix, begun=self._place.begin)
        self.event_writer = event_writer
        self._default_step: Any = None
        self._default_wall_time: Any = None

    def get_logdir(self) -> str:
        """Return the directory of the event file."""
        return self._logdir

    def add_event(self, event: Message | bytes, step: Any = None, walltime: float | None = None) -> None:
        """Write an Event.

        Args:
            event: the message; it is not changed.
            step: instead of the event's own.
            walltime: seconds since 1970; the moment of the call when left out, as in tensorboardX.

        """
        others, own_step = _split(_encoded(event))
        given = self._default_step if step is None else step
        at = own_step if given is None else as_int64(given, "step")
        self._append(others, at, walltime)

    def add_summary(self, summary: Message | bytes, global_step: Any = None, walltime: float | None = None) -> None:
        """Write a Summary as an event of its own."""
        given = self._default_step if global_step is None else global_step
        at = 0 if given is None else as_int64(given, "global_step")
        self._append(message(_SUMMARY, _encoded(summary)), at, walltime)

    def add_graph(
        self, graph_profile: tuple[Message | bytes, Message | bytes], walltime: float | None = None
    ) -> None:
        """Write a GraphDef and the RunMetadata of one step of it."""
        graph, stats = graph_profile
        self.add_onnx_graph(graph, walltime)
        self.event_writer.append(run_metadata_event("profiler", _encoded(stats), self._when(walltime)))

    def add_onnx_graph(self, graph: Message | bytes, walltime: float | None = None) -> None:
        """Write a GraphDef."""
        self.event_writer.append(graph_event(_encoded(graph), self._when(walltime)))

    add_openvino_graph = add_onnx_graph

    @contextlib.contextmanager
    def use_metadata(self, *, global_step: Any = None, walltime: float | None = None) -> Iterator[Self]:
        """Give step and wall time to the events within that say none themselves."""
        before = self._default_step, self._default_wall_time
        self._default_step = before[0] if global_step is None else global_step
        self._default_wall_time = before[1] if walltime is None else walltime
        try:
            yield self
        finally:
            self._default_step, self._default_wall_time = before

    def flush(self) -> None:
        """Return when everything written before is in the file."""
        self.event_writer.flush()
        if self._place is not None:
            self._place.flush()

    def close(self) -> None:
        """Write everything and close the file. Writing more begins a new one."""
        self.event_writer.close()
        if self._place is not None:
            self._place.close()

    def reopen(self) -> None:
        """Do nothing: after `close`, the next event begins a new file by itself."""

    def _append(self, what: bytes, step: int, wall_time: Any) -> None:
        self.event_writer.append(event(what, self._when(wall_time), step))

    def _when(self, wall_time: Any) -> float:
        given = self._default_wall_time if wall_time is None else wall_time
        return time.time() if given is None else as_double(given, "walltime")


def _encoded(given: Message | bytes) -> bytes:
    if isinstance(given, (bytes, bytearray, memoryview)):
        return bytes(given)
    encode = getattr(given, "SerializeToString", None)
    if encode is None:
        raise TypeError(f"a protobuf message or its bytes are needed, not {type(given).__name__}")
    encoded: bytes = encode()
    return encoded


def _split(encoded: bytes) -> tuple[bytes, int]:
    """Return an Event without its wall time and step, and its step."""
    step, others = 0, []
    for field in fields(encoded):
        number, wire_type, value = field
        if (number, wire_type) == (_STEP, VARINT) and isinstance(value, int):
            step = signed(value)
        elif (number, wire_type) != (_WALL_TIME, FIXED64):
            others.append(_whole(field))
    return b"".join(others), step


def _whole(field: Field) -> bytes:
    number, wire_type, value = field
    if isinstance(value, int):
        return key(number, VARINT) + varint(value)
    if wire_type == BYTES:
        return message(number, bytes(value))
    assert wire_type in (FIXED32, FIXED64)
    return key(number, wire_type) + bytes(value)
