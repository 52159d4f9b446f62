"""Graphs of PyTorch's models."""

from __future__ import annotations

from typing import Any

from headway.compat.tensorboardX.proto.config_pb2 import RunMetadata
from headway.compat.tensorboardX.proto.graph_pb2 import GraphDef
from headway.record.kinds.graph import torch_graph


def graph(
    model: Any, args: Any, verbose: bool = False, use_strict_trace: bool = True
) -> tuple[GraphDef, RunMetadata]:
    """Return the graph of `model`, traced with `args`, and its RunMetadata: what `FileWriter.add_graph` takes."""
    nodes, stats = torch_graph(model, args, verbose, use_strict_trace)
    return GraphDef.FromString(nodes), RunMetadata.FromString(stats)
