"""`headway view` in a process of its own, as a person starts it."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class Viewer:
    """Serves `logdir` at `url` from when it is made until `stop` or `kill`. `port` 0: any free one."""

    def __init__(self, logdir: Path, port: int = 0) -> None:
        command = [sys.executable, "-m", "headway", "view", str(logdir), "--no-open", "--index", ":memory:"]
        self._process = subprocess.Popen(
            [*command, "--port", str(port)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        assert self._process.stdout is not None
        self._output = self._process.stdout
        line = self._output.readline()
        address = re.fullmatch(r" *page +(http://127\.0\.0\.1:(\d+)/)\n", line)
        if address is None:
            self.kill()
            raise AssertionError(f"headway view said: {line}")
        self.url, self.port = address[1], int(address[2])

    @property
    def is_gone(self) -> bool:
        """Whether it has ended."""
        return self._process.poll() is not None

    def stop(self) -> None:
        """End it as Ctrl-C does."""
        self._process.terminate()
        try:
            self._process.wait(5)
        finally:
            self.kill()

    def kill(self) -> None:
        """End it at once."""
        self._process.kill()
        self._process.wait()
        self._output.close()


@contextmanager
def viewing(logdir: Path) -> Iterator[Viewer]:
    """A viewer for as long as the block."""
    viewer = Viewer(logdir)
    try:
        yield viewer
    finally:
        viewer.stop()
