"""Graphs of OpenVINO's models."""

from __future__ import annotations

import os

from headway.compat.tensorboardX.proto.graph_pb2 import GraphDef
from headway.record.kinds.openvino_graph import openvino_graph


def load_openvino_graph(fname: str | os.PathLike[str]) -> GraphDef:
    """Return the graph of the network in an XML file."""
    return GraphDef.FromString(openvino_graph(fname))
