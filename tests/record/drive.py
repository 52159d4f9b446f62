"""How the tests drive a writer: as SummaryWriter does, in a program of its own, on a disk that is full."""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from subprocess import PIPE

from headway.record.files.event_file import EventFile


def log(file: EventFile, *steps: int, tag: str = "t") -> None:
    """As SummaryWriter does it."""
    for step in steps:
        if not file.buffer.add_scalar(tag, step, step):
            file.add_again(file.buffer.add_scalar, tag, step, step)


def wait_for(condition: Callable[[], object], seconds: float = 5.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.01)


@contextmanager
def disk_full_at(size: int) -> Iterator[None]:
    """Let the kernel refuse every byte of a file beyond `size`."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def python(script: str, *arguments: object, flags: tuple[str, ...] = ()) -> subprocess.Popen[str]:
    command = [sys.executable, *flags, "-c", script, *map(str, arguments)]
    return subprocess.Popen(command, stdin=PIPE, stdout=PIPE, stderr=PIPE, text=True)


def answer(process: subprocess.Popen[str], question: str = "") -> str:
    """Give it a line if there is one to give, and return the next line that it prints."""
    assert process.stdin is not None
    assert process.stdout is not None
    if question:
        process.stdin.write(question + "\n")
        process.stdin.flush()
    return process.stdout.readline().strip()


def finish(process: subprocess.Popen[str]) -> str:
    """Wait for its end, which must be a good one; return what it said on stderr."""
    _, said = process.communicate(timeout=30)
    assert process.returncode == 0, said
    return said
