"""PrCurvePluginData: what the plugin of precision and recall is told."""

from __future__ import annotations

from headway.compat.field import Field
from headway.compat.message import Message


class PrCurvePluginData(Message):
    """How many thresholds a curve has."""

    version = Field(1, "int32")
    num_thresholds = Field(2, "uint32")
