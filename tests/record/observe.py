"""What can be seen of a writer from outside: its files, as TensorBoard's own reader reads them, and its warnings."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from tensorboard.backend.event_processing.event_file_loader import RawEventFileLoader
from tensorboard.compat.proto.event_pb2 import Event

from headway.errors import HeadwayWarning

Point = tuple[str, int, float]


def files(directory: Path) -> list[Path]:
    """The event files in `directory`, in the order in which readers take them."""
    return sorted(directory.glob("events.out.tfevents.*")) if directory.is_dir() else []


def events_in(file: Path) -> list[Any]:
    return [Event.FromString(payload) for payload in RawEventFileLoader(str(file)).Load()]


def events(directory: Path) -> list[Any]:
    return [event for file in files(directory) for event in events_in(file)]


def points(directory: Path) -> list[Point]:
    """Tag, step and value of every scalar, in order."""
    values = ((v, e.step) for e in events(directory) for v in e.summary.value)
    return [(v.tag, step, v.simple_value) for v, step in values if v.WhichOneof("value") == "simple_value"]


def texts(directory: Path, tag: str) -> list[str]:
    """The texts under `tag`, in order."""
    values = (v for e in events(directory) for v in e.summary.value if v.tag == tag)
    return [v.tensor.string_val[0].decode() for v in values]


def without_times(directory: Path) -> list[Any]:
    """All events in order, as if they had been written at one moment."""
    found = events(directory)
    for event in found:
        event.wall_time = 0.0
    return found


@contextmanager
def warned(match: str) -> Iterator[pytest.WarningsRecorder]:
    """Expect a HeadwayWarning, from whatever thread; gives all that came."""
    with pytest.warns(HeadwayWarning, match=match) as said:
        yield said
