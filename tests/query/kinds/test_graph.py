from __future__ import annotations

import json
import warnings
from typing import Any

import pytest
import torch
from tensorboard.compat.proto.graph_pb2 import GraphDef
from tensorboard.compat.tensorflow_stub import dtypes
from torch.utils.tensorboard._pytorch_graph import graph as torch_graph

from headway.query.kinds import Argument, Function, Graph, Node, decode, plain
from headway.record.kinds import graph_def as encoder
from query.kinds import shared_data
from query.kinds.samples import graph_def, strings, value


def read(content: bytes) -> Graph:
    found = decode("graph_def", content)
    assert isinstance(found, Graph)
    return found


def test_nodes_with_readable_attributes() -> None:
    one, two = read(graph_def().SerializeToString()).nodes
    assert (one.name, one.op, one.inputs, one.device) == ("a/x", "Placeholder", (), "/cpu:0")
    assert one.output_shapes == [[-1], None]
    assert one.attributes == {
        "_output_shapes": [[-1], None],
        "value": {"dtype": "float64", "shape": [2, 3], "values": [0.0, 1.0, 2.0, 3.0, 4.0, 5.0]},
        "f": {"function": "f", "attributes": {"n": -5}},
        "mix": ["a", "\\xff", 1, -2, 0.5, True],
    }
    assert two == Node("a/y", "Add", ("a/x", "a/x:1", "^a/x"), "", {})


def test_the_functions_that_they_call() -> None:
    found = read(graph_def().SerializeToString())
    neg = Node("n", "Neg", ("in",), "", {})
    inputs, outputs = (Argument("in", "float32"),), (Argument("out", "N * T"),)
    assert found.functions == (Function("f", inputs, outputs, (neg,), {"out": "n:0"}, {}, ""),)
    assert found.gradients == (("f", "g"),)
    assert (found.producer, found.min_consumer) == (22, 0)


def test_what_headway_writes_comes_back() -> None:
    attributes = {
        "attr": encoder.text_attribute("{ x }"),
        "T": encoder.type_attribute(14),
        "shape": encoder.shape_attribute([2, -1]),
        "_output_shapes": encoder.shapes_attribute([[2], []]),
    }
    [found] = read(encoder.graph_def([encoder.node("a", "Op", ["b:1"], attributes)])).nodes
    assert found == Node(
        "a", "Op", ("b:1",), "", {"attr": "{ x }", "T": "bfloat16", "shape": [2, -1], "_output_shapes": [[2], []]}
    )


def test_a_graph_of_torch_is_as_protobuf_reads_it() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of torch about itself
        graph, _ = torch_graph(torch.nn.Sequential(torch.nn.Linear(3, 2), torch.nn.ReLU()), torch.zeros(1, 3))
    content = graph.SerializeToString()
    assert_as_protobuf(read(content), GraphDef.FromString(content))


@shared_data.needs_them
def test_graphs_of_others_are_as_protobuf_reads_them() -> None:
    contents = [content for *_, content, _ in shared_data.entries("graph_def")]
    assert len(contents) == 2
    for content in contents:
        assert_as_protobuf(read(content), GraphDef.FromString(content))


def assert_as_protobuf(found: Graph, expected: Any) -> None:
    assert len(found.nodes) == len(expected.node)
    for node, proto in zip(found.nodes, expected.node, strict=True):
        assert (node.name, node.op, node.inputs) == (proto.name, proto.op, tuple(proto.input))
        assert node.device == proto.device
        assert node.attributes.keys() == {*proto.attr}
        for name, attribute in proto.attr.items():
            assert_attribute(node.attributes[name], attribute)


def assert_attribute(found: Any, proto: Any) -> None:
    match proto.WhichOneof("value"):
        case "s":
            assert found == proto.s.decode("utf-8", "backslashreplace")
        case "i" | "f" | "b" as which:
            assert found == getattr(proto, which)
        case "type":
            assert found == dtypes.as_dtype(proto.type).name
        case "shape":
            assert found == (None if proto.shape.unknown_rank else [dim.size for dim in proto.shape.dim])
        case "tensor":
            assert found["shape"] == [dim.size for dim in proto.tensor.tensor_shape.dim]
        case "list" if proto.list.shape:
            assert found == [None if one.unknown_rank else [dim.size for dim in one.dim] for one in proto.list.shape]


def test_a_large_constant_is_described() -> None:
    graph = GraphDef()
    tensor = graph.node.add(name="w").attr["value"].tensor
    tensor.dtype = 1
    tensor.tensor_shape.dim.add(size=1000)
    tensor.tensor_content = bytes(4000)
    [node] = read(graph.SerializeToString()).nodes
    assert node.attributes == {"value": {"dtype": "float32", "shape": [1000]}}


def test_a_graph_in_a_tensor() -> None:
    encoded = graph_def().SerializeToString()
    assert decode("graphs", value("graphs", strings(encoded))) == read(encoded)
    with pytest.raises(ValueError, match="one string is expected"):
        decode("graphs", value("graphs", strings(encoded, encoded)))


def test_attributes_nested_beyond_reason_are_refused() -> None:
    graph = GraphDef()
    attribute = graph.node.add(name="a").attr["f"]
    for _ in range(80):
        attribute = attribute.func.attr["f"]
    attribute.i = 1
    with pytest.raises(ValueError, match="graph_def: an attribute is nested deeper than 64 levels"):
        read(graph.SerializeToString())


def test_a_node_without_a_name_is_refused() -> None:
    with pytest.raises(ValueError, match="a node of the graph has no name"):
        read(b"\n\0" * 1000)


def test_plain() -> None:
    told = plain(read(graph_def().SerializeToString()))
    assert json.loads(json.dumps(told, allow_nan=False)) == told
    assert told["kind"] == "graph"
    assert told["nodes"][1]["inputs"] == ["a/x", "a/x:1", "^a/x"]
