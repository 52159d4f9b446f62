"""The few exceptions and warnings that a user of headway meets."""

from __future__ import annotations


class HeadwayError(Exception):
    """Something asked of headway cannot be done; the message says what, where and what would help."""


class ShapeError(HeadwayError, ValueError, AssertionError):
    """An array of the wrong shape or layout. tensorboardX and torch assert this, so old code may catch that."""


class HeadwayImportError(HeadwayError, ImportError):
    """A package that only some methods need is missing; the message says how to install it."""


class HeadwayWarning(UserWarning):
    """Something went wrong that must not stop the training or the reading; it is said once and counted."""
