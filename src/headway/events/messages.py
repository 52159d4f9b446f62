"""TensorBoard's `Event` messages, as far as headway writes them itself; `parse` reads them.

    Event      wall_time=1 double · step=2 int64 · file_version=3 string · graph_def=4 bytes · summary=5 Summary
               · session_log=7 · tagged_run_metadata=8 {tag=1, run_metadata=2} · source_metadata=10 {writer=1 string}
    Summary    value=1 repeated Value
    Value      tag=1 string · simple_value=2 float · tensor=8 TensorProto · metadata=9 SummaryMetadata
    Metadata   plugin_data=1 {plugin_name=1, content=2} · display_name=2 · summary_description=3
               · data_class=4
    Tensor     dtype=1 enum · tensor_shape=2 {dim=2 repeated {size=1}} · tensor_content=4 bytes · float_val=5 packed
               · double_val=6 packed · string_val=8 repeated
    SessionLog status=1 enum

As in proto3, a field that holds its type's zero is left out, except where presence itself says something
(`oneof`).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from struct import Struct
from typing import Any

from headway.events.wire import FIXED32, double_field, key, message, number_field, string_field

FILE_VERSION = "brain.Event:2"
"""What the first record of every event file says."""
SESSION_START = 1
"""`SessionLog.status` of a session that begins; readers drop earlier points at its step and beyond."""

HEADWAY_FIELD = 1000
"""A field of Summary.Value that is headway's own: JSON for its readers; others skip what they do not know."""

DT_FLOAT = 1
DT_DOUBLE = 2
DT_STRING = 7
DATA_CLASS_SCALAR = 1
DATA_CLASS_TENSOR = 2

_DOUBLE = Struct("<d")
_FLOAT = Struct("<f")


def event(what: bytes, wall_time: float, step: int = 0) -> bytes:
    """Return an Event at `step` and `wall_time` (seconds since 1970) around its one encoded `what` field."""
    return double_field(1, wall_time) + number_field(2, step) + what


def file_version(wall_time: float, step: int = 0, *, writer: str = "") -> bytes:
    """Return the Event that opens an event file, with the name of its `writer` if there is one."""
    return event(message(3, FILE_VERSION.encode()) + (_source(writer) if writer else b""), wall_time, step)


def heartbeat(wall_time: float, writer: str) -> bytes:
    """Return an Event that says nothing but that its `writer` is there."""
    return event(_source(writer), wall_time)


def session_start(wall_time: float, step: int) -> bytes:
    """Return the Event that says: what was logged for `step` and later is void, it is done anew."""
    return event(message(7, number_field(1, SESSION_START)), wall_time, step)


def graph_event(graph: bytes, wall_time: float) -> bytes:
    """Return an Event that holds an encoded GraphDef."""
    return event(message(4, graph), wall_time)


def run_metadata_event(tag: str, run_metadata: bytes, wall_time: float) -> bytes:
    """Return an Event that holds the encoded RunMetadata of one step of a graph, under `tag`."""
    return event(message(8, string_field(1, tag) + message(2, run_metadata)), wall_time)


def summary_event(values: Iterable[bytes], wall_time: float, step: int = 0) -> bytes:
    """Return an Event that holds `values`, each an encoded Summary.Value."""
    return event(message(5, b"".join(message(1, value) for value in values)), wall_time, step)


def scalar_value(
    tag: str, value: float, *, display_name: str = "", description: str = "", double: bool = False
) -> bytes:
    """Return the Summary.Value of a scalar.

    It is a float32, as TensorBoard writes it; but a number that is finite and would become infinite by that,
    or not zero and would become zero, is kept whole in a tensor; so is any number when `double` is asked for.
    """
    if fits_float32(value) and not double:
        metadata = summary_metadata(display_name=display_name, description=description)
        return summary_value(tag, key(2, FIXED32) + _FLOAT.pack(value), metadata)
    metadata = summary_metadata("scalars", DATA_CLASS_SCALAR, display_name=display_name, description=description)
    return summary_value(tag, message(8, tensor(DT_DOUBLE, (), message(6, _DOUBLE.pack(value)))), metadata)


def text_value(tag: str, text: str) -> bytes:
    """Return the Summary.Value of a text, which the dashboards show as Markdown."""
    strings = tensor(DT_STRING, (), message(8, text.encode("utf-8", "replace")))
    return summary_value(tag, message(8, strings), summary_metadata("text", DATA_CLASS_TENSOR))


def summary_value(tag: str, data: bytes, metadata: bytes = b"") -> bytes:
    """Return the Summary.Value of `tag` around its one encoded data field, with its SummaryMetadata if any."""
    return tag_field(tag) + data + (message(9, metadata) if metadata else b"")


def summary_metadata(
    plugin_name: str = "",
    data_class: int = 0,
    *,
    content: bytes = b"",
    display_name: str = "",
    description: str = "",
) -> bytes:
    """Return a SummaryMetadata; readers look at it in the first value of a tag only.

    `content` is what the plugin wants to know, in its own encoding.
    """
    plugin = (
        message(1, string_field(1, plugin_name) + (message(2, content) if content else b"")) if plugin_name else b""
    )
    return plugin + string_field(2, display_name) + string_field(3, description) + number_field(4, data_class)


def tensor(dtype: int, shape: Sequence[int], content: bytes) -> bytes:
    """Return a TensorProto of `shape`; `content` is its encoded value field (`float_val`, `string_val`, ...)."""
    sizes = b"".join(message(2, number_field(1, size)) for size in shape)
    return number_field(1, dtype) + message(2, sizes) + content


def headway_field(told: Any) -> bytes:
    """Return a field to append to a Summary.Value: what headway's readers are told beyond TensorBoard's form."""
    import json  # here, for most who log never need it

    text = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    return message(HEADWAY_FIELD, text.encode("utf-8", "replace"))


def tag_field(tag: str) -> bytes:
    """Return the first field of a Summary.Value; writers keep it, for a tag is used many times."""
    return string_field(1, tag)


def fits_float32(value: float) -> bool:
    """Say whether `value`, as a float32, stays finite if it is finite and nonzero if it is nonzero."""
    try:
        (single,) = _FLOAT.unpack(_FLOAT.pack(value))
    except OverflowError:
        return False
    return single != 0.0 or value == 0.0 or math.isnan(value)


def _source(writer: str) -> bytes:
    return message(10, string_field(1, writer))
