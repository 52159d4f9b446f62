"""Where marks are kept: beside the logs, or with the user where that may not be."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import platformdirs

FOLDER = ".headway"
"""In a log directory: what headway keeps there. Nobody looks for runs in it."""
JOURNAL = "marks.jsonl"


def is_url(logdir: str) -> bool:
    """Whether a log directory is no directory of this machine."""
    return "://" in logdir


def shared_journal(logdir: str) -> Path | None:
    """Return the journal in the log directory, which all who may write there share; None for a URL."""
    return None if is_url(logdir) else Path(logdir) / FOLDER / JOURNAL


def own_journal(logdir: str) -> Path:
    """Return the user's own journal of the log directory, in the user's data directory."""
    identity = logdir.rstrip("/").encode() if is_url(logdir) else os.fsencode(os.path.realpath(logdir))
    name = hashlib.sha256(identity).hexdigest()[:24]
    return Path(platformdirs.user_data_dir("headway")) / "marks" / f"{name}.jsonl"
