"""Graphs of ONNX models."""

from __future__ import annotations

import os

from headway.compat.tensorboardX.proto.graph_pb2 import GraphDef
from headway.record.kinds.onnx_graph import onnx_graph


def load_onnx_graph(fname: str | os.PathLike[str]) -> GraphDef:
    """Return the graph of the model in a file."""
    return GraphDef.FromString(onnx_graph(fname))
