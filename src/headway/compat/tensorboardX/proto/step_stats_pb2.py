"""StepStats: what the devices did in one run of a graph; here, which ones they were."""

from __future__ import annotations

from headway.compat.field import Field
from headway.compat.message import Message


class DeviceStepStats(Message):
    """What a device did."""

    device = Field(1, "string")


class StepStats(Message):
    """What all devices did."""

    dev_stats = Field(1, DeviceStepStats, repeated=True)
