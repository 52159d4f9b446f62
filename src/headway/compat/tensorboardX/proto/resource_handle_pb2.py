"""ResourceHandleProto: the name of something on a device."""

from __future__ import annotations

from headway.compat.field import Field
from headway.compat.message import Message
from headway.compat.tensorboardX.proto.tensor_shape_pb2 import TensorShapeProto
from headway.compat.tensorboardX.proto.types_pb2 import DataType


class ResourceHandleProto(Message):
    """The name of something on a device."""

    class DtypeAndShape(Message):
        """The type and sizes of an array."""

        dtype = Field(1, DataType)
        shape = Field(2, TensorShapeProto)

    device = Field(1, "string")
    container = Field(2, "string")
    name = Field(3, "string")
    hash_code = Field(4, "uint64")
    maybe_type_name = Field(5, "string")
    dtypes_and_shapes = Field(6, DtypeAndShape, repeated=True)
