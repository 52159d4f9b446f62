"""Event: one record of an event file."""

from __future__ import annotations

from headway.compat.field import Field
from headway.compat.kinds import Enum
from headway.compat.message import Message
from headway.compat.tensorboardX.proto.summary_pb2 import Summary


class LogMessage(Message):
    """A line of a log."""

    Level = Enum("Level", UNKNOWN=0, DEBUGGING=10, INFO=20, WARN=30, ERROR=40, FATAL=50)
    level = Field(1, Level)
    message = Field(2, "string")


class SessionLog(Message):
    """What happened to a session."""

    SessionStatus = Enum("SessionStatus", STATUS_UNSPECIFIED=0, START=1, STOP=2, CHECKPOINT=3)
    status = Field(1, SessionStatus)
    checkpoint_path = Field(2, "string")
    msg = Field(3, "string")


class TaggedRunMetadata(Message):
    """A RunMetadata, encoded, under a tag."""

    tag = Field(1, "string")
    run_metadata = Field(2, "bytes")


class SourceMetadata(Message):
    """Who wrote the file."""

    writer = Field(1, "string")


class Event(Message):
    """One record of an event file."""

    wall_time = Field(1, "double")
    step = Field(2, "int64")
    file_version = Field(3, "string", oneof="what")
    graph_def = Field(4, "bytes", oneof="what")
    summary = Field(5, Summary, oneof="what")
    log_message = Field(6, LogMessage, oneof="what")
    session_log = Field(7, SessionLog, oneof="what")
    tagged_run_metadata = Field(8, TaggedRunMetadata, oneof="what")
    meta_graph_def = Field(9, "bytes", oneof="what")
    source_metadata = Field(10, SourceMetadata)
