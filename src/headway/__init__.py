"""headway, 看清训练的每一步: see where your training is going.

Recording needs numpy alone, and importing this package costs milliseconds: every public name is loaded when it is
first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

__version__ = "0.1.0"

__all__ = [
    "FileWriter",
    "GlobalSummaryWriter",
    "HeadwayError",
    "HeadwayImportError",
    "HeadwayWarning",
    "Logs",
    "Run",
    "Scalars",
    "ShapeError",
    "SummaryWriter",
    "init",
    "open",
]

if TYPE_CHECKING:
    from headway.errors import HeadwayError, HeadwayImportError, HeadwayWarning, ShapeError
    from headway.logs import Logs, Scalars, open
    from headway.record.file_writer import FileWriter
    from headway.record.global_writer import GlobalSummaryWriter
    from headway.record.run import Run, init
    from headway.record.summary_writer import SummaryWriter

_HOME = {
    "FileWriter": "headway.record.file_writer",
    "GlobalSummaryWriter": "headway.record.global_writer",
    "HeadwayError": "headway.errors",
    "HeadwayImportError": "headway.errors",
    "HeadwayWarning": "headway.errors",
    "Logs": "headway.logs",
    "Run": "headway.record.run",
    "Scalars": "headway.logs",
    "ShapeError": "headway.errors",
    "SummaryWriter": "headway.record.summary_writer",
    "init": "headway.record.run",
    "open": "headway.logs",
}


def __getattr__(name: str) -> object:
    home = _HOME.get(name)
    if home is None:
        raise AttributeError(f"module 'headway' has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(home), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
