"""The read API: `headway.open(logdir)`, its runs, and what they logged, as numpy columns and frames."""

from __future__ import annotations

from headway.logs.directory import Logs, open
from headway.logs.entries import LoggedEntries
from headway.logs.frame import Frame
from headway.logs.result import Result
from headway.logs.run import LoggedRun
from headway.logs.scalars import Scalars

__all__ = ["Frame", "LoggedEntries", "LoggedRun", "Logs", "Result", "Scalars", "open"]
