"""Where the numbers come from: the processor, how busy it was, and the versions that were compared."""

from __future__ import annotations

import os
import platform
from importlib.metadata import version
from pathlib import Path

COMPARED = ("torch", "tensorboard", "tensorboardX", "numpy", "duckdb")


def describe() -> dict[str, str]:
    """Return a line for each thing to know; the load is of the last minute."""
    from headway import __version__

    versions = ", ".join(f"{name} {version(name)}" for name in COMPARED)
    return {
        "machine": f"{_processor()}, {os.cpu_count()} cores, {platform.system()} {platform.machine()}",
        "load": load(),
        "versions": f"headway {__version__}, {versions}, Python {platform.python_version()}",
    }


def load() -> str:
    """How many processes wanted a core, on average over the last minute."""
    return f"{os.getloadavg()[0]:.1f}"


def _processor() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    lines = cpuinfo.read_text().splitlines() if cpuinfo.exists() else []
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.processor() or "unknown processor")
