"""The writer that all modules and processes share."""

from __future__ import annotations

from headway.record.global_writer import GlobalSummaryWriter

__all__ = ["GlobalSummaryWriter"]
