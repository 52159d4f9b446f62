"""Keras models: the JSON of `model.to_json()` as a graph of layers.

A model is a layer, too: {"class_name", "config": {"name", "layers": [...], "input_layers", "output_layers"},
"inbound_nodes"}. Layers of a Sequential model follow each other; others name in `inbound_nodes` what they take:

    Keras 3   [{"args": [{"config": {"keras_history": [layer, node, tensor]}}, ...]}]
    Keras 2   [[[layer, node, tensor, {...}], ...]]

The names of nodes are TensorBoard's, which reads Keras 3: those of the layers, below those of their models.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from headway.query.kinds.graph import Graph, Node, only_string
from headway.query.kinds.message import DEEPEST
from headway.query.kinds.summary import Summary, read_json

_NAMES = 16
"""How much longer than the JSON the names of all nodes may be: models within models repeat the names around them."""
_LEAST_NAMES = 1 << 20


def keras_model(summary: Summary) -> Graph:
    """Read a model that stands in a tensor: one string.

    Raises:
        ValueError: malformed; no JSON of a model; models within models beyond reason.

    """
    text = only_string(summary)
    model = read_json(text)
    if not isinstance(model, dict):
        raise ValueError("it is no JSON of a Keras model")
    return Graph(tuple(_Reader(max(_NAMES * len(text), _LEAST_NAMES)).nodes("", model, 0)))


class _Reader:
    """Walks through layers in the order in which TensorBoard does; a layer may depend on what came before."""

    def __init__(self, names: int) -> None:
        self._left = names
        self._source: dict[str, str] = {}
        """Of the input layer of an inner model: what the model takes."""
        self._outputs: dict[str, list[str]] = {}
        """Of a model: its output layers."""
        self._previous = ""

    def nodes(self, scope: str, layer: Any, depth: int) -> Iterator[Node]:
        if depth > DEEPEST:
            raise ValueError(f"models are nested deeper than {DEEPEST} levels")
        layer = _dict(layer)
        config = _dict(layer.get("config"))
        layers = _list(config.get("layers"))
        if not layers:
            if "layers" not in config:
                yield self._node(scope, layer, config)
            return
        inner = self._named(scope, config.get("name"))
        self._enter(scope, inner, layer, config)
        for sublayer in layers:
            yield from self.nodes(inner, sublayer, depth + 1)

    def _node(self, scope: str, layer: dict[str, Any], config: dict[str, Any]) -> Node:
        name = self._named(scope, config.get("name"))
        inputs: list[str] = []
        if layer.get("inbound_nodes") is not None:
            inputs += [self._output(self._named(scope, source), number) for source, number in _inbound(layer)]
        elif self._previous:
            inputs.append(self._previous)
        if name in self._source:
            inputs.append(self._source[name])
        self._previous = name
        self._left -= sum(map(len, inputs))
        return Node(name, _text(layer.get("class_name")), tuple(inputs), "", _attributes(config))

    def _enter(self, scope: str, inner: str, layer: dict[str, Any], config: dict[str, Any]) -> None:
        """Take note of what goes into a model, and what comes out."""
        inputs = [layer[0] for layer in _references(config.get("input_layers"))]
        outputs = [layer[0] for layer in _references(config.get("output_layers"))]
        sources = [self._named(scope, source) for source, _ in _inbound(layer)]
        is_functional = bool(inputs and outputs)
        if sources and is_functional:
            for input_layer, source in zip(inputs, sources, strict=False):
                self._source[self._named(inner, input_layer)] = source
        elif sources:
            self._previous = sources[0]
        elif is_functional and self._previous:
            self._source[self._named(inner, inputs[0])] = self._previous
        if not is_functional:
            last = _dict(_list(config.get("layers"))[-1])
            outputs = [_text(_dict(last.get("config")).get("name"))]
        self._outputs[inner] = [self._named(inner, output) for output in outputs]

    def _output(self, name: str, number: int) -> str:
        """Return the layer that output `number` of the layer or model `name` comes from."""
        found = self._outputs.get(name, [name])
        return found[number] if 0 <= number < len(found) else found[-1]

    def _named(self, scope: str, name: Any) -> str:
        found = f"{scope}/{_text(name)}" if scope else _text(name)
        self._left -= len(found)
        if self._left < 0:
            raise ValueError("the names of a model's layers are longer than any model's")
        return found


def _inbound(layer: dict[str, Any]) -> Iterator[tuple[str, int]]:
    """Yield the layers that go into `layer`, and which of their outputs."""
    for node in _list(layer.get("inbound_nodes")):
        if isinstance(node, dict):
            for argument in _list(node.get("args")):
                for tensor in argument if isinstance(argument, list) else [argument]:
                    history = _dict(_dict(tensor).get("config")).get("keras_history")
                    yield from _history(history)
        else:
            for tensor in _references(node):
                yield from _history(tensor)


def _history(history: Any) -> Iterator[tuple[str, int]]:
    if isinstance(history, list) and len(history) >= 3 and type(history[2]) is int:
        yield _text(history[0]), history[2]


def _references(given: Any) -> list[list[Any]]:
    """Return [[layer, node, tensor], ...], which may be written as one of them, or as names alone."""
    given = _list(given)
    if given and isinstance(given[0], str) and len(given) >= 3 and type(given[1]) is int:
        return [given]
    return [layer if isinstance(layer, list) and layer else [_text(layer)] for layer in given]


def _attributes(config: dict[str, Any]) -> dict[str, Any]:
    """Return what a layer is configured with, as far as it is told in a word."""
    simple = {key: value for key, value in config.items() if isinstance(value, (str, int, float)) and key != "name"}
    policy = config.get("dtype")
    if isinstance(policy, dict):
        simple["dtype"] = _text(_dict(policy.get("config")).get("name"))
    return simple


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
