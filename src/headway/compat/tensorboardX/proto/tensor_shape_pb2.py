"""TensorShapeProto: the sizes of an array."""

from __future__ import annotations

from headway.compat.field import Field
from headway.compat.message import Message


class TensorShapeProto(Message):
    """The sizes of an array."""

    class Dim(Message):
        """One size; -1 if it is unknown."""

        size = Field(1, "int64")
        name = Field(2, "string")

    dim = Field(2, Dim, repeated=True)
    unknown_rank = Field(3, "bool")
