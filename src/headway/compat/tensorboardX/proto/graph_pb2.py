"""GraphDef: a graph of operations."""

from __future__ import annotations

from headway.compat.field import Field
from headway.compat.message import Message
from headway.compat.tensorboardX.proto.node_def_pb2 import NodeDef
from headway.compat.tensorboardX.proto.versions_pb2 import VersionDef


class GraphDef(Message):
    """A graph of operations. Its library and debug information are kept undeclared."""

    node = Field(1, NodeDef, repeated=True)
    version = Field(3, "int32")
    versions = Field(4, VersionDef)
