"""Graphs of operations.

GraphDef      node=1 repeated · library=2 {function=1 · gradient=2} · versions=4 {producer=1 · min_consumer=2}
NodeDef       name=1 · op=2 · input=3 repeated · device=4 · attr=5 map of AttrValue
FunctionDef   signature=1 OpDef · node_def=3 · ret=4 map · attr=5 map · control_ret=6 map
OpDef         name=1 · input_arg=2 · output_arg=3 · summary=5 · description=6
ArgDef        name=1 · type=3 · type_attr=4 · number_attr=5 · type_list_attr=6
GradientDef   function_name=1 · gradient_func=2
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from headway.events.wire import BYTES, fields
from headway.query.kinds.attribute import attributes_of
from headway.query.kinds.dtypes import name_of
from headway.query.kinds.message import Buffer, Message, each, entries, filled, text_of
from headway.query.kinds.summary import Summary
from headway.query.kinds.tensor import strings_of

SHAPES = "_output_shapes"


@dataclass(frozen=True, slots=True)
class Node:
    """An operation. A "/" in its name makes groups."""

    name: str
    op: str
    inputs: tuple[str, ...]
    """Names of other nodes, as they are written: "a" and "a:1" are outputs 0 and 1 of node a, "^a" is one that must
    have run before."""
    device: str
    attributes: dict[str, Any]
    """See `attribute_of`."""

    @property
    def output_shapes(self) -> list[list[int] | None]:
        """The shape of each output where the graph tells it; -1 is an unknown size, None an unknown rank."""
        shapes = self.attributes.get(SHAPES)
        if not isinstance(shapes, list):
            return []
        return [shape for shape in shapes if shape is None or isinstance(shape, list)]


@dataclass(frozen=True, slots=True)
class Argument:
    """An input or output of a function."""

    name: str
    type: str
    """Of its elements, or the name of the attribute that says so."""


@dataclass(frozen=True, slots=True)
class Function:
    """A graph that a node can stand for."""

    name: str
    inputs: tuple[Argument, ...]
    outputs: tuple[Argument, ...]
    nodes: tuple[Node, ...]
    returns: dict[str, str]
    """Of an output's name: the node's output that is returned."""
    attributes: dict[str, Any]
    description: str


@dataclass(frozen=True, slots=True)
class Graph:
    """Operations and the functions that they call."""

    nodes: tuple[Node, ...]
    functions: tuple[Function, ...] = ()
    gradients: tuple[tuple[str, str], ...] = ()
    """Of a function, by name, the one that computes its gradient."""
    producer: int = 0
    """The version of the format that the graph was written in."""
    min_consumer: int = 0


def graph_of(encoded: Buffer) -> Graph:
    """Read a GraphDef.

    Raises:
        ValueError: malformed, or nested beyond reason.

    """
    nodes = _nodes(encoded, 1)
    message = Message(encoded)
    library, versions = message.data(2), message.message(4)
    gradients = [Message(gradient) for gradient in filled(library, 2)]
    return Graph(
        nodes,
        tuple(_function(function) for function in filled(library, 1)),
        tuple((gradient.text(1), gradient.text(2)) for gradient in gradients),
        versions.integer(1),
        versions.integer(2),
    )


def graph(summary: Summary) -> Graph:
    """Read a GraphDef that stands in a tensor: one string.

    Raises:
        ValueError: malformed; other than one string.

    """
    return graph_of(only_string(summary))


def only_string(summary: Summary) -> bytes:
    """Return the one string of a tensor.

    Raises:
        ValueError: malformed; other than one string.

    """
    strings = strings_of(summary.tensor())
    if strings.size != 1:
        raise ValueError(f"one string is expected, not a tensor of {list(strings.shape)}")
    found: bytes = strings.item()
    return found


def _nodes(encoded: Buffer, number: int) -> tuple[Node, ...]:
    return tuple([_node(node) for node in each(encoded, number)])


def _node(encoded: memoryview) -> Node:
    name = op = device = ""
    inputs: list[str] = []
    has_attributes = False
    for number, wire_type, value in fields(encoded):
        if wire_type != BYTES or isinstance(value, int):
            continue
        if number == 1:
            name = text_of(value)
        elif number == 2:
            op = text_of(value)
        elif number == 3:
            inputs.append(text_of(value))
        elif number == 4:
            device = text_of(value)
        elif number == 5:
            has_attributes = True
    if not name:
        raise ValueError("a node of the graph has no name")
    return Node(name, op, tuple(inputs), device, attributes_of(encoded, 5) if has_attributes else {})


def _function(encoded: memoryview) -> Function:
    signature = Message(encoded).data(1)
    message = Message(signature)
    returned = {name: text_of(value) for number in (4, 6) for name, value in entries(encoded, number)}
    return Function(
        message.text(1),
        tuple(_argument(Message(argument)) for argument in filled(signature, 2)),
        tuple(_argument(Message(argument)) for argument in filled(signature, 3)),
        _nodes(encoded, 3),
        returned,
        attributes_of(encoded, 5),
        message.text(6) or message.text(5),
    )


def _argument(argument: Message) -> Argument:
    named = argument.text(4) or argument.text(6)
    kind = named or name_of(argument.integer(3))
    times = argument.text(5)
    return Argument(argument.text(1), f"{times} * {kind}" if times else kind)
