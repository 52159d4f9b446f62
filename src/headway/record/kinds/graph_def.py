"""TensorFlow's GraphDef, the form in which TensorBoard reads every graph.

GraphDef    node=1 repeated NodeDef · versions=4 VersionDef {producer=1}
NodeDef     name=1 · op=2 · input=3 repeated · attr=5 map of AttrValue
AttrValue   one of: list=1 {shape=7 repeated} · s=2 bytes · type=6 enum · shape=7 {dim=2 repeated {size=1}}
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from headway.events.wire import VARINT, key, message, number_field, string_field, varint

_PRODUCER = 22  # of TensorFlow 1.x; torch and tensorboardX say so too


def graph_def(nodes: Iterable[bytes]) -> bytes:
    """Return the GraphDef of `nodes`."""
    return b"".join(message(1, node) for node in nodes) + message(4, number_field(1, _PRODUCER))


def node(name: str, op: str, inputs: Iterable[str] = (), attributes: Mapping[str, bytes] | None = None) -> bytes:
    """Return a NodeDef. A "/" in its name makes groups; `inputs` are names of other nodes."""
    texts = [string_field(1, name), string_field(2, op)]
    texts += [message(3, text.encode("utf-8", "replace")) for text in inputs]
    entries = [string_field(1, text) + message(2, value) for text, value in (attributes or {}).items()]
    return b"".join(texts + [message(5, entry) for entry in entries])


def text_attribute(text: str) -> bytes:
    """Return an AttrValue that the page shows as text."""
    return message(2, text.encode("utf-8", "replace"))


def type_attribute(dtype: int) -> bytes:
    """Return the AttrValue of a DataType, TensorFlow's number of a type."""
    return key(6, VARINT) + varint(dtype)


def shape_attribute(sizes: Sequence[int]) -> bytes:
    """Return the AttrValue of one shape; -1 is an unknown size."""
    return message(7, _shape(sizes))


def shapes_attribute(shapes: Iterable[Sequence[int]]) -> bytes:
    """Return the AttrValue of a list of shapes; as `_output_shapes` the page writes them along the edges."""
    return message(1, b"".join(message(7, _shape(sizes)) for sizes in shapes))


def _shape(sizes: Sequence[int]) -> bytes:
    return b"".join(message(2, number_field(1, size)) for size in sizes)
