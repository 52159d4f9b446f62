"""What the hyperparameters plugin knows: experiments, sessions, hyperparameters and metrics."""

from __future__ import annotations

from headway.compat.field import Field
from headway.compat.kinds import Enum
from headway.compat.message import Message
from headway.compat.tensorboardX.proto.struct_pb2 import ListValue, Value

DataType = Enum("DataType", DATA_TYPE_UNSET=0, DATA_TYPE_STRING=1, DATA_TYPE_BOOL=2, DATA_TYPE_FLOAT64=3)
DatasetType = Enum("DatasetType", DATASET_UNKNOWN=0, DATASET_TRAINING=1, DATASET_VALIDATION=2)
Status = Enum("Status", STATUS_UNKNOWN=0, STATUS_SUCCESS=1, STATUS_FAILURE=2, STATUS_RUNNING=3)
for _enum in (DataType, DatasetType, Status):
    globals().update(_enum.items())


class Interval(Message):
    """From one number to another."""

    min_value = Field(1, "double")
    max_value = Field(2, "double")


class HParamInfo(Message):
    """A hyperparameter and what it may be."""

    name = Field(1, "string")
    display_name = Field(2, "string")
    description = Field(3, "string")
    type = Field(4, DataType)
    domain_discrete = Field(5, ListValue, oneof="domain")
    domain_interval = Field(6, Interval, oneof="domain")
    differs = Field(7, "bool")


class MetricName(Message):
    """A tag, in a sub-run."""

    group = Field(1, "string")
    tag = Field(2, "string")


class MetricInfo(Message):
    """A metric."""

    name = Field(1, MetricName)
    display_name = Field(3, "string")
    description = Field(4, "string")
    dataset_type = Field(5, DatasetType)


class Experiment(Message):
    """What is varied, and what is looked at."""

    description = Field(1, "string")
    user = Field(2, "string")
    time_created_secs = Field(3, "double")
    hparam_infos = Field(4, HParamInfo, repeated=True)
    metric_infos = Field(5, MetricInfo, repeated=True)
    name = Field(6, "string")


class MetricValue(Message):
    """A metric at a step."""

    name = Field(1, MetricName)
    value = Field(2, "double")
    training_step = Field(3, "int32")
    wall_time_secs = Field(4, "double")


class Session(Message):
    """One training."""

    name = Field(1, "string")
    start_time_secs = Field(2, "double")
    end_time_secs = Field(3, "double")
    status = Field(4, Status)
    model_uri = Field(5, "string")
    metric_values = Field(6, MetricValue, repeated=True)
    monitor_url = Field(7, "string")


class SessionGroup(Message):
    """Trainings with the same hyperparameters."""

    name = Field(1, "string")
    hparams = Field(2, Value, map=True)
    metric_values = Field(3, MetricValue, repeated=True)
    sessions = Field(4, Session, repeated=True)
    monitor_url = Field(5, "string")
