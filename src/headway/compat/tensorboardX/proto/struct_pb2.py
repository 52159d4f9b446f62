"""Value: anything that JSON can hold."""

from __future__ import annotations

from headway.compat.field import Field
from headway.compat.kinds import Enum
from headway.compat.message import Message

NullValue = Enum("NullValue", NULL_VALUE=0)
NULL_VALUE = NullValue.NULL_VALUE


class Value(Message):
    """Anything that JSON can hold."""

    null_value = Field(1, NullValue, oneof="kind")
    number_value = Field(2, "double", oneof="kind")
    string_value = Field(3, "string", oneof="kind")
    bool_value = Field(4, "bool", oneof="kind")
    struct_value = Field(5, lambda: Struct, oneof="kind")
    list_value = Field(6, lambda: ListValue, oneof="kind")


class Struct(Message):
    """An object."""

    fields = Field(1, Value, map=True)


class ListValue(Message):
    """An array."""

    values = Field(1, Value, repeated=True)
