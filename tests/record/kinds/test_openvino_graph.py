from __future__ import annotations

from pathlib import Path

import pytest
import tensorboardX.openvino_graph
from tensorboard.backend import process_graph
from tensorboard.compat.proto.graph_pb2 import GraphDef

from headway.record.kinds.openvino_graph import openvino_graph

NETWORK = """<?xml version="1.0"?>
<net name="n" version="11">
  <layers>
    <layer id="0" name="x" type="Parameter" version="opset1">
      <data shape="?,3" element_type="f32"/>
      <output><port id="0" precision="FP32"><dim>-1</dim><dim>3</dim></port></output>
    </layer>
    <layer id="1" name="weight:0" type="Const" version="opset1">
      <output><port id="0"><dim>4</dim><dim>3</dim></port></output>
    </layer>
    <layer id="2" name="fc" type="MatMul" version="opset1">
      <data transpose_a="false" transpose_b="true"/>
      <input><port id="0"><dim>-1</dim><dim>3</dim></port><port id="1"><dim>4</dim><dim>3</dim></port></input>
      <output><port id="2"><dim>-1</dim><dim>4</dim></port></output>
    </layer>
    <layer id="3" name="fc" type="Result" version="opset1"/>
  </layers>
  <edges>
    <edge from-layer="1" from-port="0" to-layer="2" to-port="1"/>
    <edge from-layer="0" from-port="0" to-layer="2" to-port="0"/>
    <edge from-layer="2" from-port="2" to-layer="3" to-port="0"/>
    <edge from-layer="9" to-layer="3" to-port="²"/>
  </edges>
</net>
"""


def read(path: Path, text: str) -> GraphDef:
    path.write_text(text, encoding="utf-8")
    return GraphDef.FromString(openvino_graph(path))


def test_a_node_a_layer(tmp_path: Path) -> None:
    graph = read(tmp_path / "n.xml", NETWORK)
    nodes = [(node.name, node.op, [*node.input]) for node in graph.node]
    assert nodes == [
        ("x", "Parameter", []),
        ("weight_0", "Const", []),
        ("fc", "MatMul", ["x", "weight_0"]),
        ("fc_3", "Result", ["fc"]),
    ]
    assert graph.node[2].attr["parameters"].s == b"transpose_a = false, transpose_b = true"
    assert [dim.size for dim in graph.node[2].attr["_output_shapes"].list.shape[0].dim] == [-1, 4]
    process_graph.prepare_graph_for_ui(graph, 1024, "_too_large_attrs")


def test_the_edges_are_tensorboardxs(tmp_path: Path) -> None:
    text = NETWORK.replace('name="fc" type="Result"', 'name="end" type="Result"').replace('"9"', '"0"')
    text = text.replace("weight:0", "weight")
    graph = read(tmp_path / "n.xml", text)
    theirs = tensorboardX.openvino_graph.load_openvino_graph(str(tmp_path / "n.xml"))
    edges = {(node.input[0], node.name) for node in theirs.node}
    assert {(source, node.name) for node in graph.node for source in node.input} == edges


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("no xml", "no XML"),
        ("", "no XML"),
        ("<net><layers>", "no XML"),
        ("<html><body/></html>", "<html> has no <layers>"),
        ("<net><layers><layer name='x'/></layers></net>", "no <layers> with ids"),
        ("<!DOCTYPE n [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;&a;'>]><net><layers/></net>", "document type"),
    ],
)
def test_another_file_is_named_in_the_error(tmp_path: Path, text: str, why: str) -> None:
    with pytest.raises(ValueError, match=f"n.xml is no network of OpenVINO: .*{why}"):
        read(tmp_path / "n.xml", text)


def test_no_edges_and_sizes_beyond_64_bits(tmp_path: Path) -> None:
    layer = f"<layer id='0' name='a'><output><port><dim>{'9' * 5000}</dim><dim/></port></output></layer>"
    [node] = read(tmp_path / "n.xml", f"<net><layers>{layer}</layers></net>").node
    assert (node.name, node.op) == ("a", "op")
    assert [dim.size for dim in node.attr["_output_shapes"].list.shape[0].dim] == [-1, -1]
