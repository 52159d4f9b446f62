"""Where marks are kept: beside the logs, or with the user where that may not be."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import platformdirs

from headway.store.place import identity
from headway.urls import is_url

FOLDER = ".headway"
"""In a log directory: what headway keeps there. Nobody looks for runs in it."""
JOURNAL = "marks.jsonl"


def shared_journal(logdir: str) -> Path | None:
    """Return the journal in the log directory, which all who may write there share; None for a URL."""
    return None if is_url(logdir) else Path(logdir) / FOLDER / JOURNAL


def own_journal(logdir: str) -> Path:
    """Return the user's own journal of the log directory, in the user's data directory."""
    name = hashlib.sha256(os.fsencode(identity(logdir))).hexdigest()[:24]
    return Path(platformdirs.user_data_dir("headway")) / "marks" / f"{name}.jsonl"
