"""The graph of a PyTorch model, traced: what torch's own writer shows of it, in the same names.

A value of the traced graph is called `scope/name`. The scope is the path of modules that made it, each as
`Class[attribute]` below the model's own class: `Net/Sequential[body]/Linear[0]/input.3`. A parameter's scope ends
with its attribute's name. The model's inputs are `input/name`, its outputs `output/output.1`, `output/output.2`, ...
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from headway.events.wire import message, string_field
from headway.record.kinds import graph_def
from headway.record.lazy import need

_GET_ATTRIBUTE = "prim::GetAttr"
_MODULE_TYPE = "ClassType"
_ROOT = "__module"  # what the tracer calls the model in scopes: "__module.body/__module.body.0"
_DEVICE = "/device:CPU:0"


def torch_graph(model: Any, inputs: Any, verbose: bool = False, strict: bool = True) -> tuple[bytes, bytes]:
    """Trace `model` on `inputs` and return its GraphDef and the RunMetadata that goes with it.

    The model is traced in evaluation mode; each of its modules is left in the mode that it was in.

    Args:
        model: a torch.nn.Module, or something else that `torch.jit.trace` takes.
        inputs: a tensor or a tuple of what the model is called with.
        verbose: print the traced graph.
        strict: False to let the model give dicts and lists, as for `torch.jit.trace`.

    Raises:
        RuntimeError: what the model raises when it is called with `inputs`, or the tracer when it cannot follow.

    """
    torch = need("torch", "torch", "graphs of models")
    with _evaluating(model), warnings.catch_warnings():
        warnings.filterwarnings("ignore", ".*torch.jit.trace.* is deprecated", DeprecationWarning)
        # Unchecked: a check runs the model twice more, and fails where it takes another way without gradients.
        trace = torch.jit.trace(model, inputs, strict=strict, check_trace=False)
        graph = trace.graph
        torch._C._jit_pass_inline(graph)
    if verbose:
        print(graph)
    stats = message(1, string_field(1, _DEVICE))
    return graph_def.graph_def(_nodes(graph, _Scopes(trace))), message(1, stats)


@contextmanager
def _evaluating(model: Any) -> Iterator[None]:
    """Put all modules of `model` into evaluation mode, and each back into its own afterwards."""
    modes = [(module, module.training) for module in model.modules()] if hasattr(model, "modules") else []
    try:
        for module, _ in modes:
            module.training = False
        yield
    finally:
        for module, mode in modes:
            module.training = mode


class _Scopes:
    """From what the tracer calls a scope to what it is called in the graph."""

    def __init__(self, trace: Any) -> None:
        self._root = _class_name(trace)
        modules = trace.named_modules(prefix=_ROOT) if hasattr(trace, "named_modules") else ()
        self._names = {path: f"{_class_name(module)}[{_last(path)}]" for path, module in modules}
        self._attributes: dict[str, str] = {}

    def of(self, node: Any) -> str:
        """Return the scope of a node of the graph; its predecessors have been asked for before."""
        traced = self._attributes[node.output().debugName()] if _gets_attribute(node) else node.scopeName()
        parts = [self._names.get(path, _last(path)) for path in traced.split("/")]
        return "/".join([self._root, *parts] if any(parts) else [self._root])

    def enter(self, node: Any) -> None:
        """Note the path of the attribute that `node` gets, for the tracer gives it no scope."""
        if not _gets_attribute(node):
            return
        owner, path = node.input(), f"{_ROOT}.{node.s('name')}"
        if _gets_attribute(owner.node()):
            outer = self._attributes[owner.debugName()]
            path = f"{outer}/{outer.rpartition('/')[2]}.{node.s('name')}"
        self._attributes[node.output().debugName()] = path


def _nodes(graph: Any, scopes: _Scopes) -> Iterator[bytes]:
    """Yield the NodeDefs: the inputs that are used, the outputs, then what every operation gives."""
    names: dict[str, str] = {}
    operations = []
    for node in graph.nodes():
        scopes.enter(node)
        if not _gets_attribute(node) or node.output().type().kind() != _MODULE_TYPE:  # the scopes tell of modules
            operations.append((node, scopes.of(node)))
    for node, scope in operations:
        names |= {value.debugName(): f"{scope}/{value.debugName()}" for value in node.inputs()}
    for node, scope in operations:
        names |= {value.debugName(): f"{scope}/{value.debugName()}" for value in node.outputs()}
    inputs = [value for value in graph.inputs() if value.uses() and value.type().kind() != _MODULE_TYPE]
    names |= {value.debugName(): f"input/{value.debugName()}" for value in inputs}

    for value in inputs:
        yield _end(names[value.debugName()], [], value)
    for number, value in enumerate(graph.outputs(), 1):
        yield _end(f"output/output.{number}", [names[value.debugName()]], value)
    for node, _ in operations:
        text = graph_def.text_attribute(_attributes_text(node))
        sources = [names[value.debugName()] for value in node.inputs()]
        for value in node.outputs():
            attributes = {"attr": text}
            if value.isCompleteTensor():
                attributes["_output_shapes"] = graph_def.shapes_attribute([value.type().sizes()])
            yield graph_def.node(names[value.debugName()], node.kind(), sources, attributes)


def _end(name: str, sources: list[str], value: Any) -> bytes:
    """Return the node of an input or output of the model."""
    attributes = {"attr": graph_def.text_attribute("")}
    sizes = value.type().sizes() if value.type().kind() == "TensorType" else [1]
    if sizes is not None:
        attributes["_output_shapes"] = graph_def.shapes_attribute([sizes])
    return graph_def.node(name, "IO Node", sources, attributes)


def _attributes_text(node: Any) -> str:
    """Return the node's attributes as a Python dict is printed; single quotes trouble the page."""
    values = {name: getattr(node, node.kindOf(name))(name) for name in node.attributeNames()}
    return str(values).replace("'", " ")


def _gets_attribute(node: Any) -> bool:
    return bool(node.kind() == _GET_ATTRIBUTE)


def _class_name(module: Any) -> str:
    """Return the name of the class that a traced or scripted module was made from."""
    return str(getattr(module, "original_name", "Module"))


def _last(path: str) -> str:
    return path.rpartition(".")[2]
