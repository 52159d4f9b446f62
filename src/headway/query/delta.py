"""What is new in a curve for a page that has an earlier answer: the columns from the first on that may differ.

A page says what it has by the *fingerprint* of each curve, which came with it: checksums of the columns up to near
the last one, and of everything. They are of what the columns hold, so nothing need be remembered here, and whatever
happened since (points, another session that supersedes earlier ones, another server) one can only fit or not.
"""

from __future__ import annotations

import base64
import struct
from dataclasses import replace
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from headway.query.curve import Curve

OPEN = 16
"""Columns before the last that are often written to again: by ranks of a run that are not quite level."""

_FINGERPRINT = struct.Struct("<HIII")
_COLUMNS = ("column", "x", "step", "wall", "count", "smooth", "low", "high")
_BAD_COLUMNS = ("bad_column", "bad_x", "bad_count", "bad_kind")


def fingerprint(curve: Curve) -> str:
    """Say what `curve` is, in 19 characters: its last column, and checksums of what lies before and of all."""
    last = _last_column(curve)
    return base64.b64encode(_FINGERPRINT.pack(last, *_checksums(curve, last))).decode().rstrip("=")


def news(curve: Curve, known: str) -> Curve | None:
    """Return what is new in `curve` for the one who has the curve of the fingerprint `known`; None: nothing.

    The answer's entries replace those with `from_column` and beyond, and what is no column replaces what there was. A
    fingerprint that does not fit, or is none, gets all of the curve.
    """
    if not known:
        return curve
    try:
        last, *checksums = _FINGERPRINT.unpack(base64.b64decode(known + "=", validate=True))
    except (ValueError, struct.error):
        return curve
    early, late, whole = _checksums(curve, last)
    if checksums == [early, late, whole]:
        return None
    if checksums[:2] == [early, late]:
        return _from(curve, last)
    return _from(curve, max(0, last - OPEN)) if checksums[0] == early else curve


def _last_column(curve: Curve) -> int:
    return max(int(column[-1]) if len(column) else 0 for column in (curve.column, curve.bad_column))


def _checksums(curve: Curve, last: int) -> tuple[int, int, int]:
    """Of the entries some columns before `last`, of all before it, and of everything.

    A wide curve's are other bytes than a narrow one's.
    """
    n, m = _cuts(curve.column, last), _cuts(curve.bad_column, last)
    check, checks = 1 + curve.wide, []
    for i in range(3):
        for name in _COLUMNS:
            check = crc32(getattr(curve, name)[n[i] : n[i + 1]].data, check)
        check = crc32(curve.values[:, n[i] : n[i + 1]].tobytes(), check)
        if m[3]:
            for name in _BAD_COLUMNS:
                check = crc32(getattr(curve, name)[m[i] : m[i + 1]].data, check)
        checks.append(check)
    single = (curve.total, curve.points, curve.begin, curve.end, curve.before, curve.after)
    return checks[0], checks[1], crc32(repr(single).encode(), checks[2])


def _cuts(column: NDArray[np.uint16], last: int) -> tuple[int, int, int, int]:
    """Where the entries begin of which the checksums are."""
    if not len(column):
        return 0, 0, 0, 0
    early, late = column.searchsorted(np.array((max(0, last - OPEN), last), dtype=np.uint16)).tolist()
    return 0, early, late, len(column)


def _from(curve: Curve, column: int) -> Curve:
    n, m = int(np.searchsorted(curve.column, column)), int(np.searchsorted(curve.bad_column, column))
    cut: dict[str, Any] = {name: getattr(curve, name)[n:] for name in _COLUMNS}
    cut |= {name: getattr(curve, name)[m:] for name in _BAD_COLUMNS}
    return replace(curve, **cut, values=curve.values[:, n:], from_column=column)
