from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
import tensorboardX.onnx_graph
from onnx import TensorProto, helper, numpy_helper
from tensorboard.backend import process_graph
from tensorboard.compat.proto.graph_pb2 import GraphDef
from tensorboard.compat.proto.types_pb2 import DataType

from headway.record.kinds.onnx_graph import onnx_graph


def save(path: Path, nodes: list[Any], inputs: list[Any], outputs: list[Any], stored: list[Any]) -> None:
    graph = helper.make_graph(nodes, "g", inputs, outputs, stored)
    onnx.save(helper.make_model(graph), str(path))


@pytest.fixture
def model(tmp_path: Path) -> Path:
    nodes = [
        helper.make_node("Conv", ["x", "weight", ""], ["conv:0"], kernel_shape=[3, 3], auto_pad="SAME_UPPER"),
        helper.make_node("Split", ["conv:0"], ["left", "right"], axis=1),
        helper.make_node("Constant", [], ["two"], value=numpy_helper.from_array(np.ones((50, 60), np.float32))),
        helper.make_node("Add", ["right", "left"], ["y"], name="add"),
    ]
    inputs = [helper.make_tensor_value_info("x", TensorProto.INT64, ["batch", 1, 8, 8])]
    inputs.append(helper.make_tensor_value_info("weight", TensorProto.FLOAT, [2, 1, 3, 3]))  # as old files do
    outputs = [helper.make_tensor_value_info("y", TensorProto.FLOAT16, [1, 1, 8, 8])]
    save(
        tmp_path / "m.onnx", nodes, inputs, outputs, [numpy_helper.from_array(np.ones((2, 1, 3, 3), "f4"), "weight")]
    )
    return tmp_path / "m.onnx"


def test_nodes_of_an_onnx_model(model: Path, capsys: pytest.CaptureFixture[str]) -> None:
    graph = GraphDef.FromString(onnx_graph(model))
    assert capsys.readouterr().out == ""
    nodes = {node.name: node for node in graph.node}
    assert [node.name for node in graph.node] == ["x", "weight", "conv_0", "left", "two", "y", "output/y"]
    assert [node.op for node in graph.node] == ["Variable", "Const", "Conv", "Split", "Constant", "Add", "Variable"]
    assert [*nodes["conv_0"].input] == ["x", "weight"]
    assert [*nodes["y"].input] == ["left:1", "left"]
    assert [*nodes["output/y"].input] == ["y"]
    assert nodes["x"].attr["dtype"].type == DataType.DT_INT64
    assert [dim.size for dim in nodes["x"].attr["shape"].shape.dim] == [-1, 1, 8, 8]
    assert nodes["output/y"].attr["dtype"].type == DataType.DT_HALF
    assert [dim.size for dim in nodes["weight"].attr["_output_shapes"].list.shape[0].dim] == [2, 1, 3, 3]
    text = nodes["conv_0"].attr["parameters"].s.decode()
    assert sorted(text.split(", ", 1)) == ["auto_pad = SAME_UPPER", "kernel_shape = [3, 3]"]
    assert nodes["two"].attr["parameters"].s == b"value = float[50, 60]"
    process_graph.prepare_graph_for_ui(graph, 1024, "_too_large_attrs")


def test_operations_and_edges_are_tensorboardxs(model: Path, capsys: pytest.CaptureFixture[str]) -> None:
    theirs = tensorboardX.onnx_graph.load_onnx_graph(str(model))
    capsys.readouterr()
    peers = {node.name.replace(":", "_"): node for node in theirs.node}
    graph = GraphDef.FromString(onnx_graph(model))
    for node in graph.node:
        if node.op not in ("Variable", "Const"):
            assert peers[node.name].op == node.op
            assert len([name for name in peers[node.name].input if name]) == len(node.input)


def test_every_type_has_its_number(tmp_path: Path) -> None:
    kinds = ["FLOAT", "UINT8", "INT8", "UINT16", "INT16", "INT32", "INT64", "STRING", "BOOL", "DOUBLE"]
    kinds += ["UINT32", "UINT64", "COMPLEX64", "COMPLEX128", "BFLOAT16", "FLOAT8E5M2"]
    inputs = [helper.make_tensor_value_info(kind, getattr(TensorProto, kind), [1]) for kind in kinds]
    save(tmp_path / "m.onnx", [], inputs, [], [])
    found = {
        node.name: DataType.Name(node.attr["dtype"].type)
        for node in GraphDef.FromString(onnx_graph(tmp_path / "m.onnx")).node
    }
    assert found.pop("FLOAT8E5M2") == "DT_INVALID"
    assert {**found} == {kind: f"DT_{kind}" for kind in kinds[:-1]}


def test_long_attributes_are_cut(tmp_path: Path) -> None:
    save(tmp_path / "m.onnx", [helper.make_node("Op", ["x"], ["y"], table=[*range(100_000)])], [], [], [])
    [node] = GraphDef.FromString(onnx_graph(tmp_path / "m.onnx")).node
    assert len(node.attr["parameters"].s) < 1100


def test_what_is_no_tensor_and_what_has_no_output(tmp_path: Path) -> None:
    branch = helper.make_graph([], "branch", [], [])
    nodes = [helper.make_node("If", ["c"], [], name="if", then_branch=branch, else_branch=branch)]
    inputs = [helper.make_tensor_sequence_value_info("s", TensorProto.FLOAT, None)]
    save(tmp_path / "m.onnx", nodes, inputs, [], [])
    sequence, choice = GraphDef.FromString(onnx_graph(tmp_path / "m.onnx")).node
    assert not sequence.attr
    assert choice.name == "if"
    assert b"then_branch = graph branch" in choice.attr["parameters"].s


@pytest.mark.parametrize("content", [b"no model at all", b"", b"\x12\x01a"])
def test_another_file_is_named_in_the_error(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.onnx").write_bytes(content)
    with pytest.raises(ValueError, match=r"a\.onnx is no ONNX model"):
        onnx_graph(tmp_path / "a.onnx")


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        onnx_graph(tmp_path / "none.onnx")
