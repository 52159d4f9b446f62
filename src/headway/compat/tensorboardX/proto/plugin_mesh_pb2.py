"""MeshPluginData: what a tensor means to the mesh plugin."""

from __future__ import annotations

from headway.compat.field import Field
from headway.compat.kinds import Enum
from headway.compat.message import Message


class MeshPluginData(Message):
    """What a tensor means to the mesh plugin."""

    ContentType = Enum("ContentType", UNDEFINED=0, VERTEX=1, FACE=2, COLOR=3)
    version = Field(1, "int32")
    name = Field(2, "string")
    content_type = Field(3, ContentType)
    json_config = Field(5, "string")
    shape = Field(6, "int32", repeated=True)
    components = Field(7, "uint32")
