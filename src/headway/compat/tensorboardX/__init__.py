"""tensorboardX's names: `import headway.compat.tensorboardX as tensorboardX`.

For libraries that import tensorboardX themselves, before they do: `sys.modules["tensorboardX"] = tensorboardX`.
"""

from __future__ import annotations

from importlib import import_module

from headway.record.file_writer import FileWriter
from headway.record.global_writer import GlobalSummaryWriter
from headway.record.record_writer import RecordWriter
from headway.record.summary_writer import SummaryWriter

__all__ = ["FileWriter", "GlobalSummaryWriter", "RecordWriter", "SummaryWriter"]
__version__ = "2.6.5"  # that it stands for

_MODULES = {
    "crc32c",
    "embedding",
    "event_file_writer",
    "global_writer",
    "onnx_graph",
    "openvino_graph",
    "proto",
    "record_writer",
    "summary",
    "utils",
    "writer",
    "x2num",
}


def __getattr__(name: str) -> object:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return import_module(f"{__name__}.{name}")


def __dir__() -> list[str]:
    return sorted({*globals(), *_MODULES})
