"""tensorboardX's `GlobalSummaryWriter`: one writer for all modules and forked processes, which counts the steps."""

from __future__ import annotations

import os
from typing import Any

from headway.record.counters import SharedCounters
from headway.record.file_writer import FileWriter
from headway.record.summary_writer import SummaryWriter

_writer: GlobalSummaryWriter | None = None


class _SharedSummaryWriter(SummaryWriter):
    _shares_files = True


class GlobalSummaryWriter:
    """Logs without steps: each tag has a step of its own, which forked processes count together.

    They all write to the one file, for TensorBoard follows one at a time.

    The arguments are those of `SummaryWriter`, but for `coalesce_process`, which is accepted for compatibility.
    """

    def __init__(
        self,
        logdir: str | os.PathLike[str] | None = None,
        comment: str = "",
        purge_step: int | None = None,
        max_queue: int = 10,
        flush_secs: int = 120,
        filename_suffix: str = "",
        write_to_disk: bool = True,
        log_dir: str | os.PathLike[str] | None = None,
        coalesce_process: bool = True,  # noqa: ARG002
        **kwargs: Any,
    ) -> None:
        self.smw = _SharedSummaryWriter(
            logdir, comment, purge_step, max_queue, flush_secs, filename_suffix, write_to_disk, log_dir, **kwargs
        )
        self._steps = SharedCounters()

    def add_scalar(self, tag: str, scalar_value: Any, walltime: float | None = None) -> None:
        """Log one number; see `SummaryWriter.add_scalar`."""
        self.smw.add_scalar(tag, scalar_value, self._steps.next(f"scalar {tag}"), walltime)

    def add_image(self, tag: str, img_tensor: Any, walltime: float | None = None, dataformats: str = "CHW") -> None:
        """Log an image; see `SummaryWriter.add_image`."""
        self.smw.add_image(tag, img_tensor, self._steps.next(f"image {tag}"), walltime, dataformats)

    def add_text(self, tag: str, text_string: str, walltime: float | None = None) -> None:
        """Log a text; see `SummaryWriter.add_text`."""
        self.smw.add_text(tag, text_string, self._steps.next(f"text {tag}"), walltime)

    @staticmethod
    def getSummaryWriter() -> GlobalSummaryWriter:  # noqa: N802 - tensorboardX's name
        """Return the writer that all modules share; the first call makes it."""
        global _writer
        if _writer is None:
            _writer = GlobalSummaryWriter()
        return _writer

    @property
    def file_writer(self) -> FileWriter | None:
        """The writer of this process's event file."""
        return self.smw.file_writer

    def flush(self) -> None:
        """Return when everything that this process logged before is in its file."""
        self.smw.flush()

    def close(self) -> None:
        """Write everything and close the file. Logging more begins a new one."""
        self.smw.close()
