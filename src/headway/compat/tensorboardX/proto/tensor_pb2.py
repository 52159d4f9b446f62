"""TensorProto: an array."""

from __future__ import annotations

from headway.compat.field import Field
from headway.compat.message import Message
from headway.compat.tensorboardX.proto.resource_handle_pb2 import ResourceHandleProto
from headway.compat.tensorboardX.proto.tensor_shape_pb2 import TensorShapeProto
from headway.compat.tensorboardX.proto.types_pb2 import DataType


class TensorProto(Message):
    """An array: its bytes in `tensor_content`, or its numbers in the list that is for its type."""

    dtype = Field(1, DataType)
    tensor_shape = Field(2, TensorShapeProto)
    version_number = Field(3, "int32")
    tensor_content = Field(4, "bytes")
    float_val = Field(5, "float", repeated=True)
    double_val = Field(6, "double", repeated=True)
    int_val = Field(7, "int32", repeated=True)
    string_val = Field(8, "bytes", repeated=True)
    scomplex_val = Field(9, "float", repeated=True)
    int64_val = Field(10, "int64", repeated=True)
    bool_val = Field(11, "bool", repeated=True)
    dcomplex_val = Field(12, "double", repeated=True)
    half_val = Field(13, "int32", repeated=True)
    resource_handle_val = Field(14, ResourceHandleProto, repeated=True)
    variant_val = Field(15, lambda: VariantTensorDataProto, repeated=True)
    uint32_val = Field(16, "uint32", repeated=True)
    uint64_val = Field(17, "uint64", repeated=True)
    float8_val = Field(18, "bytes")


class VariantTensorDataProto(Message):
    """A value of a type that only its program knows."""

    type_name = Field(1, "string")
    metadata = Field(2, "bytes")
    tensors = Field(3, TensorProto, repeated=True)
