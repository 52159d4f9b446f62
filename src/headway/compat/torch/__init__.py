"""torch.utils.tensorboard's names: `from headway.compat.torch import SummaryWriter`; torch itself is not imported."""

from __future__ import annotations

from importlib import import_module

from headway.compat.torch.writer import FileWriter, SummaryWriter
from headway.record.record_writer import RecordWriter

__all__ = ["FileWriter", "RecordWriter", "SummaryWriter"]

_MODULES = {"_convert_np", "_embedding", "_pytorch_graph", "_utils", "summary"}


def __getattr__(name: str) -> object:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return import_module(f"{__name__}.{name}")


def __dir__() -> list[str]:
    return sorted({*globals(), *_MODULES})
