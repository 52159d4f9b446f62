"""NodeDef: an operation of a graph."""

from __future__ import annotations

from headway.compat.field import Field
from headway.compat.message import Message
from headway.compat.tensorboardX.proto.attr_value_pb2 import AttrValue


class NodeDef(Message):
    """An operation of a graph."""

    name = Field(1, "string")
    op = Field(2, "string")
    input = Field(3, "string", repeated=True)
    device = Field(4, "string")
    attr = Field(5, AttrValue, map=True)
