"""HParamsPluginData: what a run tells the hyperparameters plugin."""

from __future__ import annotations

from headway.compat.field import Field
from headway.compat.message import Message
from headway.compat.tensorboardX.proto.api_pb2 import Experiment, Status
from headway.compat.tensorboardX.proto.struct_pb2 import Value


class SessionStartInfo(Message):
    """The hyperparameters of a training that begins."""

    hparams = Field(1, Value, map=True)
    model_uri = Field(2, "string")
    monitor_url = Field(3, "string")
    group_name = Field(4, "string")
    start_time_secs = Field(5, "double")


class SessionEndInfo(Message):
    """How a training ended."""

    status = Field(1, Status)
    end_time_secs = Field(2, "double")


class HParamsPluginData(Message):
    """One of three things that a run tells."""

    version = Field(1, "int32")
    experiment = Field(2, Experiment, oneof="data")
    session_start_info = Field(3, SessionStartInfo, oneof="data")
    session_end_info = Field(4, SessionEndInfo, oneof="data")
