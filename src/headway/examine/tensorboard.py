"""What TensorBoard does not show of an event file that headway reads. All of it was seen with TensorBoard 2.21.

Its fast loader, which it uses where that runs, takes scalars only as float32 of rank 0 and passes over others without
a word. Where a record's header is damaged, both loaders give the rest of the file up; where only a payload is, the
slow one does, and the fast one takes the damaged bytes for good ones.
"""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from headway.events.crc import masked
from headway.events.framing import HEADER
from headway.events.parse import parse_event
from headway.events.scan import Scan
from headway.events.wire import BYTES, VARINT, Field, fields
from headway.examine.records import Records

_FLOAT = 1
_NAMES = {2: "float64", 3: "int32", 4: "uint8", 5: "int16", 6: "int8", 9: "int64", 10: "bool", 14: "bfloat16"}
_NAMES |= {17: "uint16", 19: "float16", 22: "uint32", 23: "uint64", 24: "float8", 25: "float8"}
_MOST_LOOKED = 20_000  # records of one stretch: all points of a file may have the same step and wall time


class Unread:
    """Collects it from the stretches of one file."""

    def __init__(self) -> None:
        self.known: set[int] = set()
        """Tags that have scalars."""
        self._forms: Counter[str] = Counter()
        self._wide: set[int] = set()
        self._header: int | None = None
        self._payload: int | None = None

    def damaged(self, header: bytes, offset: int) -> None:
        """Note damage at `offset`, where the file has the bytes `header`."""
        if masked(header[:8]) != int.from_bytes(header[8:HEADER], "little"):
            self._header = offset if self._header is None else self._header
        else:
            self._payload = offset if self._payload is None else self._payload

    def take(self, data: bytes, origin: int, scan: Scan, found: Records, tag_names: Sequence[str]) -> None:
        """Look at how the scalars of a stretch are written: at the first one of each tag, and at all values."""
        new = [i for i, tag in enumerate(scan.tags.tolist()) if tag not in self.known]
        self.known.update(scan.tags.tolist())
        self._wide.update(scan.tags[_groups(scan, _only_in_float64(scan.values))].tolist())
        if not new:
            return
        rows = scan.bounds[:-1][new]
        wanted = {tag_names[scan.tags[i]] for i in new}
        maybe = np.isin(found.wall_times, scan.wall_times[rows]) & np.isin(found.steps, scan.steps[rows])
        for offset in found.offsets[maybe][:_MOST_LOOKED].tolist():
            at = offset - origin
            size = int.from_bytes(data[at : at + 8], "little")
            for value in parse_event(data[at + HEADER : at + HEADER + size]).values:
                name, form = _form(value)
                if name in wanted:
                    wanted.discard(name)
                    self._forms[form] += 1
            if not wanted:
                return

    def conclusions(self) -> list[str]:
        """Return what is not shown, and why, in lines."""
        lines = [
            f"the scalars of {_tags(count)} are {form} tensors: its fast loader passes over them"
            for form, count in sorted(self._forms.items())
            if form
        ]
        wide = len(self._wide)
        if wide and not self._forms["float64"]:
            lines.append(f"values of {_tags(wide)} are no float32: its fast loader passes over them")
        if self._header is not None:
            lines.append(f"nothing behind byte {self._header:,}, where a header is damaged")
        if self._payload is not None and (self._header is None or self._payload < self._header):
            lines.append(
                f"behind byte {self._payload:,}, where a record is damaged, its slow loader reads nothing; "
                "its fast one takes the damaged record for a good one"
            )
        return lines


def _tags(count: int) -> str:
    return "1 tag" if count == 1 else f"{count:,} tags"


def _only_in_float64(values: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return which of `values` float32 cannot hold: headway's writers write them as tensors."""
    with np.errstate(over="ignore", under="ignore"):
        narrow = values.astype(np.float32).astype(np.float64)
    return np.flatnonzero((narrow != values) & np.isfinite(values))


def _groups(scan: Scan, rows: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.unique(np.searchsorted(scan.bounds, rows, side="right") - 1)


def _form(value: Sequence[Field]) -> tuple[str, str]:
    """Return a value's tag, and how its number is written where TensorBoard's fast loader does not take it so."""
    tag, dtype, rank, is_tensor = "", 0, 0, False
    for number, wire_type, content in value:
        if isinstance(content, int) or wire_type != BYTES:
            continue
        if number == 1:
            tag = str(content, "utf-8", "replace")
        elif number == 8:
            is_tensor = True
            with contextlib.suppress(ValueError):  # such a one is no scalar
                for n, w, inner in fields(content):
                    if (n, w) == (1, VARINT) and isinstance(inner, int):
                        dtype = inner
                    elif (n, w) == (2, BYTES) and not isinstance(inner, int):
                        rank = sum(m == 2 for m, _, _ in fields(inner))
    if not is_tensor or (dtype == _FLOAT and rank == 0):
        return tag, ""
    name = "float32" if dtype == _FLOAT else _NAMES.get(dtype, f"DataType {dtype}")
    return tag, name + f" of shape [{', '.join('1' * rank)}]" * bool(rank)
