"""The writers."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Self

from headway.compat.tensorboardX.event_file_writer import EventFileWriter
from headway.record.file_writer import FileWriter
from headway.record.summary_writer import SummaryWriter

__all__ = ["DummyFileWriter", "EventFileWriter", "FileWriter", "SummaryWriter"]


class DummyFileWriter:
    """A `FileWriter` that writes nothing."""

    def __init__(self, logdir: str | os.PathLike[str]) -> None:
        self._logdir = os.fspath(logdir)

    def get_logdir(self) -> str:
        """Return the directory that nothing is written to."""
        return self._logdir

    def add_event(self, event: Any, step: Any = None, walltime: float | None = None) -> None:
        """Drop it."""

    def add_summary(self, summary: Any, global_step: Any = None, walltime: float | None = None) -> None:
        """Drop it."""

    def add_graph(self, graph_profile: Any, walltime: float | None = None) -> None:
        """Drop it."""

    def add_onnx_graph(self, graph: Any, walltime: float | None = None) -> None:
        """Drop it."""

    add_openvino_graph = add_onnx_graph

    def flush(self) -> None:
        """Nothing waits."""

    close = reopen = flush

    @contextmanager
    def use_metadata(self, *, global_step: Any = None, walltime: float | None = None) -> Iterator[Self]:  # noqa: ARG002
        """Do nothing."""
        yield self
