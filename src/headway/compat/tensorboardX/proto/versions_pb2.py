"""VersionDef: which version wrote a graph."""

from __future__ import annotations

from headway.compat.field import Field
from headway.compat.message import Message


class VersionDef(Message):
    """Which version wrote a graph, and which may read it."""

    producer = Field(1, "int32")
    min_consumer = Field(2, "int32")
    bad_consumers = Field(3, "int32", repeated=True)
