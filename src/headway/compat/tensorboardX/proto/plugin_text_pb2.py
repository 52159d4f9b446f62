"""TextPluginData: what the text plugin is told."""

from __future__ import annotations

from headway.compat.field import Field
from headway.compat.message import Message


class TextPluginData(Message):
    """The version of the form."""

    version = Field(1, "int32")
