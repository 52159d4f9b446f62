"""DataType: the types of arrays' elements."""

from __future__ import annotations

from headway.compat.field import Field
from headway.compat.kinds import Enum
from headway.compat.message import Message

_TYPES = (  # noqa: SIM905 - as a list it would fill a page
    "FLOAT DOUBLE INT32 UINT8 INT16 INT8 STRING COMPLEX64 INT64 BOOL QINT8 QUINT8 QINT32 BFLOAT16 QINT16 QUINT16 "
    "UINT16 COMPLEX128 HALF RESOURCE VARIANT UINT32 UINT64 FLOAT8_E5M2 FLOAT8_E4M3FN FLOAT8_E4M3FNUZ "
    "FLOAT8_E4M3B11FNUZ FLOAT8_E5M2FNUZ INT4 UINT4 INT2 UINT2 FLOAT4_E2M1FN"
).split()
_REFERENCE = 100  # what is added for a reference to such an array

DataType = Enum(
    "DataType",
    DT_INVALID=0,
    **{f"DT_{name}": number for number, name in enumerate(_TYPES, 1)},
    **{f"DT_{name}_REF": number + _REFERENCE for number, name in enumerate(_TYPES, 1)},
)
globals().update(DataType.items())


class SerializedDType(Message):
    """A type as a message."""

    datatype = Field(1, DataType)
