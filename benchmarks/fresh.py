"""Call a function in a new interpreter, so that no measurement warms or burdens another."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 300.0
"""Seconds that a call may take."""

Numbers = dict[str, float]


def call(function: Callable[..., Numbers], *arguments: Any) -> Numbers:
    """Return what `function`, a module's, returned there, and "began": when the process did (monotonic, seconds)."""
    name = [function.__module__, function.__name__, json.dumps(arguments)]
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.fresh", *name],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        check=True,
        timeout=PATIENCE,
    )
    numbers: Numbers = json.loads(done.stdout.splitlines()[-1])
    return {**numbers, "began": began}


def peak_memory() -> float:
    """Return the most bytes that this process had in memory. From /proc: `getrusage` would count its parent's too."""
    status = Path("/proc/self/status").read_text()
    return float(status.split("VmHWM:")[1].split()[0]) * 1024


if __name__ == "__main__":
    module, name, arguments = sys.argv[1:]
    print(json.dumps(getattr(importlib.import_module(module), name)(*json.loads(arguments))))
