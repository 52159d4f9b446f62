"""The state of the code that a run was started from, as git knows it: quickly, quietly, and without the network."""

from __future__ import annotations

import codecs
import os
import subprocess
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from headway.record.about.secrets import masked_text

TIMEOUT = 2.0
"""Seconds for all questions to git about one directory."""
MAX_DIFF = 256 << 10
"""Bytes of a diff that are kept."""
MAX_UNTRACKED = 100
"""Names of untracked files and directories."""
# Nothing is locked, asked of a person or a server, started beside git, or shown by a pager.
_QUIET = {
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_ALLOW_PROTOCOL": "none",
    "GIT_ASKPASS": "",
    "LC_ALL": "C",
}
_COMMAND = ("git", "--no-pager", "-c", "core.fsmonitor=false", "-c", "core.quotePath=false")


@dataclass(frozen=True, slots=True)
class Checkout:
    """What is checked out."""

    commit: str
    branch: str | None
    """None where a commit is checked out by itself."""
    diff: str
    """Of tracked files against the commit; binary ones are only named. Says so at its end when it was cut."""
    untracked: list[str]
    """Names of files and directories that git neither has nor ignores."""

    @property
    def is_dirty(self) -> bool:
        """Whether tracked files differ from the commit."""
        return bool(self.diff)


def find_checkout(directories: Iterable[str | os.PathLike[str]]) -> Checkout | None:
    """Return the checkout of the first of `directories` that is in one with a commit; None without git."""
    for directory in directories:
        ask = partial(_ask, directory, time.monotonic() + TIMEOUT)
        told = ask("rev-parse", "HEAD", "--abbrev-ref", "HEAD")
        if told and len(lines := told.decode("utf-8", "replace").split()) == 2:
            commit, branch = lines
            return Checkout(commit, None if branch == "HEAD" else branch, _diff(ask), _untracked(ask))
    return None


def _diff(ask: Callable[..., bytes | None]) -> str:
    options = ("--no-color", "--no-ext-diff", "--no-textconv", "--ignore-submodules=dirty")
    told = ask("diff", *options, "HEAD", limit=MAX_DIFF + 1)
    if told is None:
        return "(git took too long to make the diff)"
    text = masked_text(codecs.getincrementaldecoder("utf-8")("replace").decode(told[:MAX_DIFF]))
    return f"{text}\n... cut after {MAX_DIFF >> 10} KiB" if len(told) > MAX_DIFF else text


def _untracked(ask: Callable[..., bytes | None]) -> list[str]:
    options = ("-z", "--others", "--exclude-standard", "--directory", "--no-empty-directory", "--full-name")
    told = ask("ls-files", *options, ":/")
    names = [name.decode("utf-8", "replace") for name in (told or b"").split(b"\0") if name]
    return [*names[:MAX_UNTRACKED], *(["..."] if len(names) > MAX_UNTRACKED else [])]


def _ask(directory: str | os.PathLike[str], deadline: float, *arguments: str, limit: int = 1 << 20) -> bytes | None:
    """Return at most `limit` bytes of what git says; None when it fails, is not there, or takes too long."""
    try:
        process = subprocess.Popen(
            [*_COMMAND, *arguments],
            cwd=Path(directory),
            env={**os.environ, **_QUIET},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
    except (OSError, ValueError):
        return None
    timer = threading.Timer(max(deadline - time.monotonic(), 0.0), process.kill)
    timer.daemon = True
    with process:
        try:
            timer.start()
            assert process.stdout is not None
            told = process.stdout.read(limit)
            is_whole = len(told) < limit
            if is_whole:
                process.wait()
        finally:
            timer.cancel()
            process.kill()
    return None if is_whole and process.returncode else told
