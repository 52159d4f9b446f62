"""The graph of a model in an ONNX file."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

from headway.record.kinds import graph_def
from headway.record.lazy import need

_LONGEST_ATTRIBUTE = 1000  # characters; some models hold tables in their attributes
# From ONNX's numbers of types (TensorProto.DataType) to TensorFlow's (DataType).
_TYPES = {
    1: 1,
    2: 4,
    3: 6,
    4: 17,
    5: 5,
    6: 3,
    7: 9,
    8: 7,
    9: 10,
    10: 19,
    11: 2,
    12: 22,
    13: 23,
    14: 8,
    15: 18,
    16: 14,
}


def onnx_graph(path: str | os.PathLike[str]) -> bytes:
    """Return the GraphDef of the ONNX model in the file `path`.

    There is a node for each input ("Variable"), stored tensor ("Const"), operation (named after its first output)
    and output (`output/` before its name). A ":" in a name becomes "_", for it says in a GraphDef which of several
    outputs is meant.

    Raises:
        HeadwayImportError: the package onnx is missing.
        OSError: the file cannot be read.
        ValueError: it is no ONNX model.

    """
    onnx = need("onnx", "onnx", "graphs of ONNX models")
    try:
        model = onnx.load(os.fspath(path), load_external_data=False)
    except OSError:
        raise
    except Exception as error:  # of protobuf, in whatever form it is installed
        raise ValueError(f"{os.fspath(path)} is no ONNX model: {error}") from error
    if not model.HasField("graph"):
        raise ValueError(f"{os.fspath(path)} is no ONNX model: there is no graph in it")
    return graph_def.graph_def(_nodes(onnx, model.graph))


def _nodes(onnx: Any, graph: Any) -> Iterator[bytes]:
    names: dict[str, str] = {}
    for node in graph.node:
        for number, value in enumerate(node.output):
            names[value] = _name(node) + (f":{number}" if number else "")
    stored = {tensor.name for tensor in graph.initializer}
    for value in graph.input:
        if value.name not in stored:  # old files list what is stored among the inputs
            yield graph_def.node(_clean(value.name), "Variable", (), _type_of(value))
    for tensor in graph.initializer:
        yield graph_def.node(_clean(tensor.name), "Const", (), _attributes(tensor.data_type, tensor.dims))
    for node in graph.node:
        text = ", ".join(f"{one.name} = {_text(onnx, one)}" for one in node.attribute)
        attributes = {"parameters": graph_def.text_attribute(text)}
        sources = [names.get(value) or _clean(value) for value in node.input if value]  # "" is one left out
        yield graph_def.node(_name(node), node.op_type, sources, attributes)
    for value in graph.output:
        source = names.get(value.name) or _clean(value.name)
        yield graph_def.node(f"output/{_clean(value.name)}", "Variable", [source], _type_of(value))


def _name(node: Any) -> str:
    return _clean(next(filter(None, node.output), node.name))


def _type_of(value: Any) -> dict[str, bytes]:
    """Return the attributes of an input or output; of what is no tensor (a sequence, a map), none."""
    if not value.type.HasField("tensor_type"):
        return {}
    tensor = value.type.tensor_type
    sizes = [dim.dim_value if dim.HasField("dim_value") else -1 for dim in tensor.shape.dim]
    return _attributes(tensor.elem_type, sizes)


def _attributes(dtype: int, sizes: Any) -> dict[str, bytes]:
    shape = graph_def.shape_attribute(sizes)
    outputs = graph_def.shapes_attribute([sizes])
    return {"dtype": graph_def.type_attribute(_TYPES.get(dtype, 0)), "shape": shape, "_output_shapes": outputs}


def _text(onnx: Any, attribute: Any) -> str:
    value = onnx.helper.get_attribute_value(attribute)
    if isinstance(value, bytes):
        text = value.decode("utf-8", "replace")
    elif isinstance(value, onnx.TensorProto):
        text = f"{onnx.TensorProto.DataType.Name(value.data_type).lower()}{[*value.dims]}"
    elif isinstance(value, onnx.GraphProto):
        text = f"graph {value.name}"
    else:
        text = str(value)
    return text if len(text) <= _LONGEST_ATTRIBUTE else text[:_LONGEST_ATTRIBUTE] + "..."


def _clean(name: str) -> str:
    return name.replace(":", "_")
