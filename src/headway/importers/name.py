"""Names of runs that come from elsewhere, as paths below the log directory and nowhere else."""

from __future__ import annotations

import hashlib
import re

_NEVER = re.compile(r'[\x00-\x1f\x7f-\x9f\ud800-\udfff\u2028\u2029\u202a-\u202e\u2066-\u2069<>:"|?*]')
"""Control characters, halves of characters, what turns the direction of writing, and what Windows refuses."""
_DEPTH = 16
_LONGEST = 150
"""Bytes of one part; file systems take 255."""


def safe_name(name: str, fallback: str = "run") -> str:
    """Return `name` as a relative path, parts joined by "/": no "..", nothing hidden, no control characters."""
    parts = [part for part in map(_safe_part, re.split(r"[/\\]", name)[: 4 * _DEPTH]) if part]
    return "/".join(parts[:_DEPTH]) or fallback


def _safe_part(part: str) -> str:
    cleaned = _NEVER.sub("_", part).strip()
    if cleaned == ".":
        return ""
    hidden = len(cleaned) - len(cleaned.lstrip("."))
    return _cut("_" * hidden + cleaned[hidden:].rstrip(". "))


def _cut(part: str) -> str:
    raw = part.encode()
    if len(raw) <= _LONGEST:
        return part
    return raw[: _LONGEST - 9].decode(errors="ignore") + "-" + hashlib.sha256(raw).hexdigest()[:8]
