"""The two servers that are compared, each a process: `headway view`, and TensorBoard with its data server."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import urlopen

PATIENCE = 180.0
"""Seconds that a server may take to read a log directory."""
POLL = 0.1
"""Seconds between two questions: asking must not be what keeps a server busy."""
AT_ONCE = 25
"""Series of one question to TensorBoard. Every answer holds all the points that it kept of each."""


class Server:
    """A process that serves HTTP on a free port of this machine, ended at the end of the `with`."""

    name: str

    def __init__(self, command: Sequence[str]) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self._command = [sys.executable, "-m", *command, "--port", str(self.port)]

    @property
    def url(self) -> str:
        """Of its page."""
        return f"http://127.0.0.1:{self.port}/"

    def __enter__(self) -> Self:
        # Its environment without proxies; its words are not wanted.
        environment = {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}
        quiet = subprocess.DEVNULL
        self.began = time.monotonic()
        self._process = subprocess.Popen(self._command, env=environment, stdout=quiet, stderr=quiet)
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def ask(self, path: str, form: Sequence[tuple[str, str]] = ()) -> Any:
        """GET, or POST `form`; return what the JSON says, None while nobody answers."""
        try:
            with urlopen(self.url + path, urlencode(form).encode() if form else None, timeout=PATIENCE) as answer:
                return json.load(answer)
        except (URLError, ConnectionError):
            if self._process.poll() is not None:
                raise RuntimeError(f"{self._command} ended with {self._process.returncode}") from None
            return None

    def wait(self) -> None:
        """Pause between two questions."""
        if time.monotonic() - self.began > PATIENCE:
            raise TimeoutError(f"{self._command} took more than {PATIENCE:.0f} s")
        time.sleep(POLL)


class Headway(Server):
    """`headway view`."""

    def __init__(self, logdir: Path, index: Path) -> None:
        super().__init__(["headway", "view", str(logdir), "--no-open", "--index", str(index)])

    def until_read(self, runs: int) -> None:
        """Return when everything there is has been read."""
        while True:
            overview = self.ask("api/overview")
            if overview is not None and len(overview["runs"]) == runs:
                progress = overview["progress"]
                if progress["bytes_done"] == progress["bytes_total"]:
                    return
            self.wait()


class TensorBoard(Server):
    """TensorBoard with its data server, the fast way to load that it has."""

    def __init__(self, logdir: Path) -> None:
        super().__init__(["tensorboard.main", "--logdir", str(logdir), "--load_fast=true"])

    def until_read(self, runs: Sequence[str], tag: str, last_step: int) -> None:
        """Return when the last point of `tag` has come over HTTP for each run.

        A run that is not complete is asked for again, few at a time, until all are. Where `tag` is the last in each
        step, its last point is the last of its run's file.
        """
        waiting = list(runs)
        while waiting:
            form = [("tag", tag), *(("runs", run) for run in waiting[:AT_ONCE])]
            answer = self.ask("data/plugin/scalars/scalars_multirun", form)
            complete = {run for run, points in (answer or {}).items() if points and points[-1][1] == last_step}
            waiting = [run for run in waiting if run not in complete]
            if not complete:
                self.wait()
