"""One well-formed entry or more of every kind, by several writers: (kind, content) pairs for whoever wants all."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import numpy as np
from tensorboard.compat.proto.attr_value_pb2 import AttrValue
from tensorboard.compat.proto.config_pb2 import RunMetadata
from tensorboard.compat.proto.event_pb2 import LogMessage, TaggedRunMetadata
from tensorboard.compat.proto.graph_pb2 import GraphDef
from tensorboard.compat.proto.meta_graph_pb2 import MetaGraphDef
from tensorboard.compat.proto.summary_pb2 import Summary
from tensorboard.plugins.hparams import api_pb2, plugin_data_pb2
from tensorboard.util import tensor_util

import headway
from headway.record.kinds import custom_scalars, hparams, mesh, pr_curve, tensor, text

LAYOUT = {"c": {"l": ["Multiline", ["a"]], "m": ["Margin", ["a", "b", "c"]]}}
KERAS = {
    "class_name": "Functional",
    "config": {
        "name": "both",
        "layers": [
            {"class_name": "InputLayer", "config": {"name": "in", "dtype": "float32"}, "inbound_nodes": []},
            {
                "class_name": "Dense",
                "config": {"name": "dense", "units": 3, "dtype": {"config": {"name": "float32"}}},
                "inbound_nodes": [{"args": [{"config": {"keras_history": ["in", 0, 0]}}], "kwargs": {}}],
            },
        ],
        "input_layers": [["in", 0, 0]],
        "output_layers": [["dense", 0, 0]],
    },
}


def value(plugin: str, data: Any = None, content: bytes = b"", tag: str = "a tag", **fields: Any) -> bytes:
    """A Summary.Value as TensorBoard's and TensorFlow's own writers make it."""
    made = Summary.Value(tag=tag, **fields)
    if data is not None:
        made.tensor.CopyFrom(tensor_util.make_tensor_proto(data))
    made.metadata.plugin_data.plugin_name = plugin
    made.metadata.plugin_data.content = content
    encoded: bytes = made.SerializeToString()
    return encoded


def strings(*texts: bytes) -> Any:
    return np.array(texts, dtype=object)


def graph_def() -> GraphDef:
    graph = GraphDef()
    graph.versions.producer = 22
    one = graph.node.add(name="a/x", op="Placeholder", device="/cpu:0")
    shapes = one.attr["_output_shapes"].list.shape
    shapes.add().dim.add(size=-1)
    shapes.add(unknown_rank=True)
    one.attr["value"].tensor.CopyFrom(tensor_util.make_tensor_proto(np.arange(6.0).reshape(2, 3)))
    one.attr["f"].func.name = "f"
    one.attr["f"].func.attr["n"].i = -5
    one.attr["mix"].CopyFrom(AttrValue(list=AttrValue.ListValue(s=[b"a", b"\xff"], i=[1, -2], f=[0.5], b=[True])))
    graph.node.add(name="a/y", op="Add", input=["a/x", "a/x:1", "^a/x"])
    function = graph.library.function.add()
    function.signature.name = "f"
    function.signature.input_arg.add(name="in", type=1)
    function.signature.output_arg.add(name="out", type_attr="T", number_attr="N")
    function.node_def.add(name="n", op="Neg", input=["in"])
    function.ret["out"] = "n:0"
    graph.library.gradient.add(function_name="f", gradient_func="g")
    return graph


def meta_graph_def() -> MetaGraphDef:
    made = MetaGraphDef(graph_def=graph_def())
    made.meta_info_def.tags.append("train")
    made.meta_info_def.tensorflow_version = "1.3.0"
    made.collection_def["losses"].node_list.value.extend(["a/x:0", "a/y:0"])
    made.collection_def["variables"].bytes_list.value.extend([b"12345", b"6"])
    made.collection_def["steps"].int64_list.value.extend([1, -2])
    made.collection_def["rates"].float_list.value.extend([0.5])
    call = made.signature_def["serve"]
    call.method_name = "predict"
    call.inputs["x"].name = "a/x:0"
    call.inputs["x"].dtype = 1
    call.inputs["x"].tensor_shape.dim.add(size=-1)
    call.outputs["y"].name = "a/y:0"
    call.outputs["y"].tensor_shape.unknown_rank = True
    made.asset_file_def.add(filename="words.txt")
    return made


def run_metadata() -> RunMetadata:
    made = RunMetadata()
    device = made.step_stats.dev_stats.add(device="/gpu:0")
    stats = device.node_stats.add(
        node_name="a/y", all_start_micros=10, op_start_rel_micros=1, op_end_rel_micros=5, all_end_rel_micros=6
    )
    stats.memory.add(allocator_name="gpu", total_bytes=100, peak_bytes=80, live_bytes=3)
    output = stats.output.add(slot=1).tensor_description
    output.dtype = 1
    output.shape.dim.add(size=4)
    output.allocation_description.requested_bytes = 16
    made.step_stats.dev_stats.add(device="/cpu:0").node_stats.add(node_name="b", all_start_nanos=1500, thread_id=7)
    made.cost_graph.node.add(name="a/y", device="/gpu:0", compute_time=9, temporary_memory_size=64)
    made.partition_graphs.add().CopyFrom(graph_def())
    functions = made.function_graphs.add()
    functions.pre_optimization_graph.CopyFrom(graph_def())
    functions.partition_graphs.add().CopyFrom(graph_def())
    return made


def experiment() -> bytes:
    data = plugin_data_pb2.HParamsPluginData()
    data.experiment.name = "sweep"
    info = data.experiment.hparam_infos.add(name="lr", type=api_pb2.DATA_TYPE_FLOAT64)
    info.domain_interval.min_value, info.domain_interval.max_value = 0.1, 1.0
    info = data.experiment.hparam_infos.add(name="opt", type=api_pb2.DATA_TYPE_STRING)
    info.domain_discrete.extend(["adam", "sgd"])
    data.experiment.metric_infos.add(name=api_pb2.MetricName(group="eval", tag="loss"), dataset_type=2)
    encoded: bytes = data.SerializeToString()
    return encoded


@cache
def samples() -> tuple[tuple[str, bytes], ...]:
    """Every kind, in every form that has a way of its own through the decoders."""
    random = np.random.default_rng(4)
    numbers = random.normal(size=200)
    pixels = random.integers(0, 255, (5, 7, 3)).astype(np.uint8)
    points = random.normal(size=(1, 4, 3))
    table = headway.Table(["a", "b", "c", "d"])
    table.add_row("x", 1.5, True, headway.Image(pixels))
    table.add_row(None, 3, "no", None)
    picture = headway.Image(pixels, caption="a cat").encode("p")[0]
    png = Summary.Value.FromString(picture).image.encoded_image_string
    sound = headway.Audio(np.zeros(50), caption="a beep").encode("s")[0]
    wav = Summary.Value.FromString(sound).audio.encoded_audio_string
    found = [
        ("histograms", headway.Histogram([*numbers, np.nan, np.inf]).encode("h")[0]),
        ("histograms", value("histograms", np.arange(12.0).reshape(4, 3))),
        ("images", picture),
        ("images", value("images", strings(b"7", b"5", png, png))),
        ("audio", sound),
        ("audio", value("audio", np.array([[wav, b"a *beep*"]], object), b"\x10\x0b")),
        ("text", text.text_value("t", "hello *world*")),
        ("text", value("text", np.array([[b"a", b"b"], [b"\xff", b"d"]], object))),
        ("text", headway.Html("<b>hi</b>").encode("t")[0]),
        ("text", table.encode("t")[0]),
        ("text", headway.ConfusionMatrix([[1, 2], [3, 4]], ["cat", "dog"]).encode("t")[0]),
        ("images", table.encode("t")[1]),
        ("pr_curves", pr_curve.pr_curve_value("p", (numbers > 0) * 1.0, random.random(200), 11)),
        *(("hparams", one) for one in hparams.hparams_values({"lr": 0.1, "on": False, "opt": "a"}, ["loss"])),
        ("hparams", value("hparams", content=experiment())),
        ("custom_scalars", custom_scalars.layout_value(LAYOUT)),
        *(("mesh", one) for one in mesh.mesh_values("m", points, points, points, {"camera": {}}, names="torch")),
        ("graph_def", graph_def().SerializeToString()),
        ("meta_graph_def", meta_graph_def().SerializeToString()),
        ("tagged_run_metadata", _tagged().SerializeToString()),
        ("log_message", LogMessage(level=30, message="careful").SerializeToString()),
        ("graphs", value("graphs", strings(graph_def().SerializeToString()))),
        ("graph_keras_model", value("graph_keras_model", json.dumps(KERAS).encode(), b"1")),
        ("graph_run_metadata", value("graph_run_metadata", run_metadata().SerializeToString(), b"1")),
        ("tensor", tensor.tensor_value("t", numbers.reshape(20, 10))),
        ("tensor", tensor.tensor_value("t", np.arange(-5, 300))),
        ("tensor", tensor.tensor_value("t", numbers.astype(np.float16))),
        ("tensor", value("tensor", np.array([1 + 2j, 3j]))),
        ("scalars", value("scalars", np.arange(3.0))),
        ("a plugin of others", value("a plugin of others", np.arange(3), b"\x00\xff")),
        ("old_histogram", value("", obsolete_old_style_histogram=b"\x01\x02")),
    ]
    return tuple(found)


def _tagged() -> TaggedRunMetadata:
    return TaggedRunMetadata(tag="step1", run_metadata=run_metadata().SerializeToString())
