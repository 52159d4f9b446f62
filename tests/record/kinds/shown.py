"""What TensorBoard shows: its own loader over a file that holds one event of ours."""

from __future__ import annotations

import io
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image
from tensorboard.backend.event_processing.plugin_event_accumulator import TENSORS, EventAccumulator
from tensorboard.compat.proto.summary_pb2 import Summary
from tensorboard.util.tensor_util import make_ndarray

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)  # of a package that TensorBoard carries along
    from tensorboard.plugins.text.text_plugin import text_array_to_html

from headway.events.framing import frame
from headway.events.messages import file_version, summary_event


def event_file(directory: Path, values: Sequence[bytes], step: int = 3) -> Path:
    """Write an event file that has `values` at `step`."""
    path = directory / "events.out.tfevents.1"
    path.write_bytes(frame(file_version(1.0)) + frame(summary_event(values, 2.0, step)))
    return path


def tensors(directory: Path, values: Sequence[bytes]) -> dict[str, Any]:
    """Return the array of every tag as TensorBoard's dashboards get it: old forms are translated to tensors."""
    accumulator = EventAccumulator(str(event_file(directory, values)))
    accumulator.Reload()
    found = {}
    for tag in accumulator.Tags()[TENSORS]:
        [point] = accumulator.Tensors(tag)
        assert point.step == 3
        found[tag] = make_ndarray(point.tensor_proto)
    return found


def parsed(value: bytes) -> Any:
    """Return a Summary.Value as protobuf reads it."""
    return Summary.Value.FromString(value)


def pixels(file: bytes) -> np.ndarray[Any, Any]:
    """Return the pixels of a picture's file, [height, width] or [height, width, channels]."""
    with Image.open(io.BytesIO(file)) as image:
        return np.asarray(image)


def html(text: np.ndarray[Any, Any]) -> str:
    """Return the HTML that TensorBoard's text dashboard draws."""
    drawn: str = text_array_to_html(text, enable_markdown=True)
    return drawn
