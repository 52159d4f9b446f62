"""Messages that a program logged: Event.log_message.

LogMessage: level=1 enum · message=2
"""

from __future__ import annotations

from dataclasses import dataclass

from headway.query.kinds.message import Message

_LEVELS = {0: "unknown", 10: "debugging", 20: "info", 30: "warn", 40: "error", 50: "fatal"}


@dataclass(frozen=True, slots=True)
class LogMessage:
    """One message."""

    level: str
    """"unknown", "debugging", "info", "warn", "error", "fatal", or a number."""
    message: str


def log_message(encoded: memoryview) -> LogMessage:
    """Read a LogMessage.

    Raises:
        ValueError: malformed.

    """
    message = Message(encoded)
    level = message.integer(1)
    return LogMessage(_LEVELS.get(level, str(level)), message.text(2))
