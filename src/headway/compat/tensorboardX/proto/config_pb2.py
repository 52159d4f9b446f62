"""RunMetadata: what one run of a graph was like."""

from __future__ import annotations

from headway.compat.field import Field
from headway.compat.message import Message
from headway.compat.tensorboardX.proto.step_stats_pb2 import StepStats


class RunMetadata(Message):
    """What one run of a graph was like."""

    step_stats = Field(1, StepStats)
