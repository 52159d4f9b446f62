from __future__ import annotations

import json
import logging
from typing import Any

import pytest
from tensorboard.plugins.graph.keras_util import keras_model_to_graph_def

from headway.query.kinds import Graph, Node, decode
from query.kinds.samples import KERAS, value


def read(model: Any) -> Graph:
    found = decode("graph_keras_model", value("graph_keras_model", json.dumps(model).encode(), b"1"))
    assert isinstance(found, Graph)
    return found


def layer(kind: str, name: str, *inbound: str, **config: Any) -> dict[str, Any]:
    """A layer as Keras 3 writes it."""
    history = [{"class_name": "__keras_tensor__", "config": {"keras_history": [source, 0, 0]}} for source in inbound]
    nodes: list[Any] = [{"args": history if len(history) < 2 else [history], "kwargs": {}}] if inbound else []
    return {"class_name": kind, "config": {"name": name, **config}, "inbound_nodes": nodes}


def functional(name: str, layers: list[Any], inputs: list[str], outputs: list[str], *inbound: str) -> dict[str, Any]:
    if len(inputs) == 1:  # a single one is no list
        ends = {"input_layers": [inputs[0], 0, 0], "output_layers": [outputs[0], 0, 0]}
        return layer("Functional", name, *inbound, layers=layers, **ends)
    ends = {
        key: [[one, 0, 0] for one in given] for key, given in (("input_layers", inputs), ("output_layers", outputs))
    }
    return layer("Functional", name, *inbound, layers=layers, **ends)


def sequential(name: str, *kinds: str) -> dict[str, Any]:
    layers = [
        {"class_name": kind, "config": {"name": f"{kind}_{n}", "dtype": "float32"}} for n, kind in enumerate(kinds)
    ]
    return {"class_name": "Sequential", "config": {"name": name, "layers": layers}}


TWO_INPUTS = functional(
    "two",
    [
        layer("InputLayer", "left", dtype="float32"),
        layer("InputLayer", "right", dtype="float32"),
        layer(
            "Concatenate", "both", "left", "right", dtype={"class_name": "DTypePolicy", "config": {"name": "float32"}}
        ),
        layer("Dense", "out", "both", units=3, activation="relu"),
    ],
    ["left", "right"],
    ["out"],
)
INNER = functional(
    "inner", [layer("InputLayer", "start"), layer("Dense", "wide", "start")], ["start"], ["wide"], "in"
)
NESTED = functional("outer", [layer("InputLayer", "in"), INNER, layer("Dense", "end", "inner")], ["in"], ["end"])
IN_SEQUENCE = functional(
    "outer",
    [
        layer("InputLayer", "in"),
        sequential("steps", "Dense", "ReLU") | {"inbound_nodes": layer("", "", "in")["inbound_nodes"]},
        layer("Dense", "end", "steps"),
    ],
    ["in"],
    ["end"],
)


@pytest.mark.parametrize(
    "model", [KERAS, TWO_INPUTS, NESTED, IN_SEQUENCE, sequential("s", "InputLayer", "Dense", "Dense")]
)
def test_layers_and_what_they_take_are_as_tensorboard_reads_them(model: Any) -> None:
    expected = keras_model_to_graph_def(model).node
    found = read(model).nodes
    assert [(node.name, node.op, node.inputs) for node in found] == [
        (node.name, node.attr["keras_class"].s.decode(), tuple(node.input)) for node in expected
    ]


def test_a_list_of_one_input_layer_is_as_good_as_the_layer() -> None:
    text = json.dumps(NESTED).replace('"input_layers": ["start", 0, 0]', '"input_layers": [["start", 0, 0]]')
    listed = json.loads(text)
    assert listed != NESTED
    assert read(listed).nodes == read(NESTED).nodes


def test_what_a_layer_is_configured_with() -> None:
    assert read(KERAS).nodes[1] == Node("both/dense", "Dense", ("both/in",), "", {"units": 3, "dtype": "float32"})


def test_keras_2_names_inbound_layers_in_lists(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL)
    model = json.loads(json.dumps(KERAS))
    model["config"]["layers"][1]["inbound_nodes"] = [[["in", 0, 0, {}]]]
    assert read(model).nodes[1].inputs == ("both/in",)


@pytest.mark.parametrize("text", [b"", b"[]", b"{", b"\xff", b"[" * 100_000])
def test_what_is_no_model_is_refused(text: bytes) -> None:
    with pytest.raises(ValueError, match="it is no JSON of a Keras model"):
        decode("graph_keras_model", value("graph_keras_model", text))


def test_models_in_models_cannot_fill_the_memory_with_their_names() -> None:
    model: dict[str, Any] = sequential("x" * 100_000, *["Dense"] * 500)
    with pytest.raises(ValueError, match="longer than any model's"):
        read(model)


def test_strange_models_are_read_as_far_as_they_go() -> None:
    assert read({}).nodes == (Node("", "", (), "", {}),)
    assert read({"config": {"layers": [5, {"config": []}, {"config": {"name": 5, "layers": []}}]}}).nodes != ()
