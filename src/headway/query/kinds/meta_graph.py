"""A graph with what was saved beside it: Event.meta_graph_def.

MetaGraphDef   meta_info_def=1 {meta_graph_version=1 · tags=4 · tensorflow_version=5} · graph_def=2
               · collection_def=4 map · signature_def=5 map · asset_file_def=6 {filename=2}
CollectionDef  node_list=1 {value=1 texts} | bytes_list=2 | int64_list=3 | float_list=4 | any_list=5
SignatureDef   inputs=1 map of TensorInfo · outputs=2 map of TensorInfo · method_name=3
TensorInfo     name=1 · dtype=2 · tensor_shape=3
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from headway.query.kinds.dtypes import name_of
from headway.query.kinds.graph import Graph, graph_of
from headway.query.kinds.message import Message, each, entries, integers, singles, texts
from headway.query.kinds.tensor import shape_of


@dataclass(frozen=True, slots=True)
class TensorInfo:
    """A tensor of the graph."""

    name: str
    """The output of a node, such as "a:0"."""
    dtype: str
    shape: tuple[int, ...] | None
    """-1 is an unknown size; None where the rank is unknown."""


@dataclass(frozen=True, slots=True)
class Signature:
    """A way to call the graph."""

    inputs: dict[str, TensorInfo]
    outputs: dict[str, TensorInfo]
    method: str


@dataclass(frozen=True, slots=True)
class MetaGraph:
    """A graph, and how it is used."""

    graph: Graph
    version: str
    tags: tuple[str, ...]
    tensorflow_version: str
    collections: dict[str, tuple[Any, ...]]
    """By name: names of nodes, numbers, or of each encoded message how many bytes it has."""
    signatures: dict[str, Signature]
    assets: tuple[str, ...]
    """Names of files."""


def meta_graph(encoded: memoryview) -> MetaGraph:
    """Read a MetaGraphDef.

    Raises:
        ValueError: malformed, or nested beyond reason.

    """
    message = Message(encoded)
    info = message.data(1)
    said = Message(info)
    return MetaGraph(
        graph_of(message.data(2)),
        said.text(1),
        texts(info, 4),
        said.text(5),
        {name: _collection(value) for name, value in entries(encoded, 4)},
        {name: _signature(value) for name, value in entries(encoded, 5)},
        tuple(Message(asset).text(2) for asset in each(encoded, 6)),
    )


def _collection(encoded: memoryview) -> tuple[Any, ...]:
    message = Message(encoded)
    which = message.which(1, 2, 3, 4, 5)
    values = message.data(which or 1)
    match which:
        case 1:
            return texts(values, 1)
        case 3:
            return tuple(integers(values, 1).tolist())
        case 4:
            return tuple(singles(values, 1).tolist())
    return tuple(len(value) for value in each(values, 1))


def _signature(encoded: memoryview) -> Signature:
    return Signature(_tensors(encoded, 1), _tensors(encoded, 2), Message(encoded).text(3))


def _tensors(encoded: memoryview, number: int) -> dict[str, TensorInfo]:
    return {name: _tensor(Message(value)) for name, value in entries(encoded, number)}


def _tensor(info: Message) -> TensorInfo:
    shape = info.data(3)
    unknown = not info.has(3) or bool(Message(shape).integer(3))
    return TensorInfo(info.text(1), name_of(info.integer(2)), None if unknown else shape_of(shape))
