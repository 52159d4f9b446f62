"""The few exceptions and warnings that a user of headway meets."""

from __future__ import annotations


class HeadwayError(Exception):
    """Something asked of headway cannot be done; the message says what, where and what would help."""


class HeadwayWarning(UserWarning):
    """Something went wrong that must not stop the training or the reading; it is said once and counted."""
