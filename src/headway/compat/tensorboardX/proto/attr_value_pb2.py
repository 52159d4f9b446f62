"""AttrValue: what an operation is told beside its inputs."""

from __future__ import annotations

from headway.compat.field import Field
from headway.compat.message import Message
from headway.compat.tensorboardX.proto.tensor_pb2 import TensorProto
from headway.compat.tensorboardX.proto.tensor_shape_pb2 import TensorShapeProto
from headway.compat.tensorboardX.proto.types_pb2 import DataType


class AttrValue(Message):
    """One value of one of many kinds."""

    class ListValue(Message):
        """Several of one kind."""

        s = Field(2, "bytes", repeated=True)
        i = Field(3, "int64", repeated=True)
        f = Field(4, "float", repeated=True)
        b = Field(5, "bool", repeated=True)
        type = Field(6, DataType, repeated=True)
        shape = Field(7, TensorShapeProto, repeated=True)
        tensor = Field(8, TensorProto, repeated=True)
        func = Field(9, lambda: NameAttrList, repeated=True)

    list = Field(1, ListValue, oneof="value")
    s = Field(2, "bytes", oneof="value")
    i = Field(3, "int64", oneof="value")
    f = Field(4, "float", oneof="value")
    b = Field(5, "bool", oneof="value")
    type = Field(6, DataType, oneof="value")
    shape = Field(7, TensorShapeProto, oneof="value")
    tensor = Field(8, TensorProto, oneof="value")
    placeholder = Field(9, "string", oneof="value")
    func = Field(10, lambda: NameAttrList, oneof="value")


class NameAttrList(Message):
    """A function's name and what it is told."""

    name = Field(1, "string")
    attr = Field(2, AttrValue, map=True)
