"""headway, 看清训练的每一步: see where your training is going.

Recording needs numpy alone, and importing this package costs milliseconds: every public name is loaded when it is
first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

__version__ = "0.1.0"

__all__ = [
    "Audio",
    "ConfusionMatrix",
    "FileWriter",
    "GlobalSummaryWriter",
    "HeadwayError",
    "HeadwayImportError",
    "HeadwayWarning",
    "Histogram",
    "Html",
    "Image",
    "Logs",
    "Mesh",
    "RecordWriter",
    "Run",
    "Scalars",
    "ShapeError",
    "SummaryWriter",
    "Table",
    "Text",
    "Video",
    "init",
    "open",
]

if TYPE_CHECKING:
    from headway.errors import HeadwayError, HeadwayImportError, HeadwayWarning, ShapeError
    from headway.logs import Logs, Scalars, open
    from headway.record.confusion_matrix import ConfusionMatrix
    from headway.record.file_writer import FileWriter
    from headway.record.global_writer import GlobalSummaryWriter
    from headway.record.record_writer import RecordWriter
    from headway.record.run import Run, init
    from headway.record.summary_writer import SummaryWriter
    from headway.record.table import Table
    from headway.record.values import Audio, Histogram, Html, Image, Mesh, Text, Video

_HOME = {
    "headway.errors": ("HeadwayError", "HeadwayImportError", "HeadwayWarning", "ShapeError"),
    "headway.logs": ("Logs", "Scalars", "open"),
    "headway.notebook": ("load_ipython_extension", "unload_ipython_extension"),
    "headway.record.confusion_matrix": ("ConfusionMatrix",),
    "headway.record.file_writer": ("FileWriter",),
    "headway.record.global_writer": ("GlobalSummaryWriter",),
    "headway.record.record_writer": ("RecordWriter",),
    "headway.record.run": ("Run", "init"),
    "headway.record.summary_writer": ("SummaryWriter",),
    "headway.record.table": ("Table",),
    "headway.record.values": ("Audio", "Histogram", "Html", "Image", "Mesh", "Text", "Video"),
}
_MODULE = {name: module for module, names in _HOME.items() for name in names}


def __getattr__(name: str) -> object:
    home = _MODULE.get(name)
    if home is None:
        raise AttributeError(f"module 'headway' has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(home), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
