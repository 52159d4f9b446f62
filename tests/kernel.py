"""A real Jupyter kernel of this Python, which runs cells."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import KernelManager


@dataclass
class Cell:
    """What came of running a cell: its outputs by media type, what it printed, how it failed."""

    displayed: list[dict[str, str]] = field(default_factory=list)
    printed: str = ""
    failure: str = ""


@dataclass
class Kernel:
    client: BlockingKernelClient

    def run(self, code: str) -> Cell:
        cell = Cell()

        def hear(message: dict[str, Any]) -> None:
            content = message["content"]
            match message["msg_type"]:
                case "display_data" | "execute_result":
                    cell.displayed.append(content["data"])
                case "stream":
                    cell.printed += content["text"]
                case "error":
                    cell.failure = f"{content['ename']}: {content['evalue']}"

        self.client.execute_interactive(code, timeout=60, output_hook=hear, allow_stdin=False)
        return cell


@contextmanager
def kernel(home: Path, **environment: str) -> Iterator[Kernel]:
    """A kernel for as long as the block, which keeps its files in `home`."""
    manager = KernelManager(connection_file=str(home / "kernel.json"))
    manager._kernel_spec = KernelSpec(
        argv=[sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"], display_name="test"
    )
    places = {name: str(home) for name in ("IPYTHONDIR", "JUPYTER_RUNTIME_DIR", "XDG_CACHE_HOME")}
    manager.start_kernel(env=os.environ | places | environment, cwd=str(home))
    client = manager.client()
    client.start_channels()
    try:
        client.wait_for_ready(timeout=60)
        yield Kernel(client)
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=False)
        manager.cleanup_resources()
