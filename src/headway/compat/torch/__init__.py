"""torch.utils.tensorboard's names: `from headway.compat.torch import SummaryWriter`; torch itself is not imported."""

from __future__ import annotations

from headway.compat.torch.writer import FileWriter, SummaryWriter
from headway.record.record_writer import RecordWriter

__all__ = ["FileWriter", "RecordWriter", "SummaryWriter"]
