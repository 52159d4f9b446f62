"""What no view knows: a plugin of others, tensors, log messages."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from tensorboard.compat.proto.event_pb2 import Event, LogMessage
from tensorboard.compat.proto.summary_pb2 import Summary, SummaryMetadata
from tensorboard.summary.writer.event_file_writer import EventFileWriter
from tensorboard.util.tensor_util import make_tensor_proto

STEPS = 5


def write(logdir: Path) -> None:
    """One run by TensorBoard's own writer."""
    writer = EventFileWriter(str(logdir / "run"))
    plugin = SummaryMetadata(plugin_data=SummaryMetadata.PluginData(plugin_name="somebody's", content=b"\x01<b>"))
    for step in range(STEPS):
        weights = make_tensor_proto(np.arange(100, dtype=np.float32).reshape(10, 10) + step)
        odd = make_tensor_proto(np.array([1.5, -2.5], np.float64))
        values = [
            Summary.Value(tag="weights", tensor=weights),
            Summary.Value(tag="odd", tensor=odd, metadata=plugin if step == 0 else None),
        ]
        writer.add_event(Event(wall_time=1.7e9 + step, step=step, summary=Summary(value=values)))
    message = LogMessage(level=LogMessage.WARN, message="<img src=x onerror=alert(1)>")
    writer.add_event(Event(wall_time=1.7e9, step=3, log_message=message))
    writer.close()
