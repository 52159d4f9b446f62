"""Event files to columns: `Decoder`, compiled where the extension is there, and its twin in plain Python.

A decoder is fed consecutive stretches of one file. Whatever it reports as not consumed must be handed in again, with
more bytes behind it. It never raises for what a file contains: damage is skipped to the next good frame and counted.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from headway.events.crc import masked
from headway.events.framing import FOOTER, HEADER, LONGEST, PATIENCE
from headway.events.kinds import EVENT_FIELDS, KINDS, OLD_FORMS, SCALARS, TENSOR
from headway.events.messages import SESSION_START
from headway.events.scan import Blob, Scan, Tail
from headway.events.tensors import scalar_of
from headway.events.wire import BYTES, FIXED32, FIXED64, VARINT, Field, fields, located_fields, signed

Row = tuple[int, int, float, float]
"""Tag number, step, wall time, value."""


class PythonDecoder:
    """Reads the event files of one writer; it remembers each tag's plugin from one call to the next.

    `plugins`: what an earlier decoder had learned (tag → plugin name), to go on in the middle of a file.
    """

    def __init__(self, plugins: Mapping[str, str] | None = None) -> None:
        self.tag_names: list[str] = []
        self.kind_names: list[str] = list(KINDS)
        self._tags: dict[bytes, int] = {}
        self._plugins: dict[int, int] = {}
        for tag, plugin in (plugins or {}).items():
            self._plugins[self._tag(tag.encode("utf-8", "surrogatepass"))] = self._kind(plugin)

    def decode(self, buffer: bytes | bytearray | memoryview, origin: int = 0, at_end: bool = True) -> Scan:
        """Decode the frames of `buffer`, which lies at `origin` of its file.

        `at_end`: the file ends where the buffer does. Then damage that no good frame follows is left in the tail, for
        the file may not be written to its end yet; otherwise it is skipped at once.
        Decoding stops after a session start, so that one `Scan` never spans two sessions.
        """
        view = memoryview(buffer).cast("B")
        rows: list[Row] = []
        blobs: list[Blob] = []
        damage: list[tuple[int, int]] = []
        at = committed = firm_damage = records = needed = 0
        damaged_tail = False
        patience = [PATIENCE * len(view)]
        session: int | None = None
        while len(view) - at >= HEADER:
            found, is_header, whole = 0, False, _is_whole(view, at)
            if not _good_header(view, at) or (whole and not _good_payload(view, at)):
                found, is_header = _resync(view, at, patience)
            elif not whole:
                # Torn, when a whole frame comes before its claimed end: another writer went on there.
                found = _resync(view, at, patience, whole=True)[0] if at_end else len(view)
                if found == len(view):
                    needed = _frame_size(view, at)
                    break
            if found:
                if found == len(view) and not at_end and len(view) - at >= HEADER:
                    found, is_header = len(view) - HEADER + 1, True  # the next header may have begun
                damage.append((at, found - at))
                if found == len(view):
                    damaged_tail = True
                    break
                at = found
                if is_header:
                    if not at_end:
                        committed, firm_damage = at, len(damage)
                    needed = _frame_size(view, at) if len(view) - at >= HEADER and _good_header(view, at) else 0
                    break
                continue
            size = _frame_size(view, at)
            event = self._event(view, at, size, origin)
            if event is None:
                damage.append((at, size))
                damaged_tail = True
                at += size
                if not at_end:
                    committed, firm_damage = at, len(damage)
                continue
            at += size
            committed, firm_damage, damaged_tail = at, len(damage), False
            records += 1
            rows += event[0]
            blobs += event[1]
            session = event[2]
            if session is not None:
                break
        tail = None
        if committed < len(view) and session is None:
            is_damaged = damaged_tail or len(damage) > firm_damage
            tail = Tail("damaged" if is_damaged else "incomplete", len(view) - committed, needed)
        skipped = [(origin + offset, length) for offset, length in damage[:firm_damage]]
        return _grouped(rows, blobs, skipped, records, committed, session, tail)

    def _event(
        self, view: memoryview, at: int, size: int, origin: int
    ) -> tuple[list[Row], list[Blob], int | None] | None:
        """Read the frame at `at`; None when its message is wrong."""
        try:
            return self._parse(view[at + HEADER : at + size - FOOTER], origin + at + HEADER)
        except ValueError:
            return None

    def _parse(self, payload: memoryview, origin: int) -> tuple[list[Row], list[Blob], int | None]:
        step, wall_time, starts = 0, 0.0, False
        contents: list[tuple[int, int, memoryview]] = []  # what comes before the step may need the step
        for begin, (number, wire_type, value) in located_fields(payload):
            if isinstance(value, int):
                step = signed(value) if number == 2 else step
            elif (number, wire_type) == (1, FIXED64):
                wall_time = float(np.frombuffer(value, "<f8")[0])
            elif (number, wire_type) == (7, BYTES):
                for n, w, status in fields(value):
                    starts = status == SESSION_START if (n, w) == (1, VARINT) else starts
            elif wire_type == BYTES and (number == 5 or number in EVENT_FIELDS):
                contents.append((number, origin + begin, value))
        rows: list[Row] = []
        blobs: list[Blob] = []
        for number, begin, content in contents:
            if number != 5:
                kind = self._kind(EVENT_FIELDS[number])
                blobs.append(Blob(self._tag(b""), kind, step, wall_time, begin, len(content)))
                continue
            for offset, (n, w, message) in located_fields(content):
                if (n, w) == (1, BYTES) and not isinstance(message, int):
                    tag, kind, number_ = self._value(list(fields(message)))
                    if number_ is None:
                        blobs.append(Blob(tag, kind, step, wall_time, begin + offset, len(message)))
                    else:
                        rows.append((tag, step, wall_time, number_))
        return rows, blobs, step if starts else None

    def _value(self, value: list[Field]) -> tuple[int, int, float | None]:
        """One Summary.Value: its tag, its kind, and its number when it is a scalar."""
        name = b""
        simple: float | None = None
        tensor: memoryview | None = None
        metadata: memoryview | None = None
        old_form: str | None = None
        for number, wire_type, content in value:
            if isinstance(content, int):
                continue
            if (number, wire_type) == (2, FIXED32):
                simple = float(np.frombuffer(content, "<f4")[0])
            elif wire_type == BYTES:
                if number == 1:
                    name = bytes(content)
                elif number == 8:
                    tensor = content
                elif number == 9:
                    metadata = content
                elif number in OLD_FORMS:
                    old_form = OLD_FORMS[number]
        tag = self._tag(name)
        if metadata is not None and tag not in self._plugins:
            plugin = _plugin_name(metadata)
            if plugin:
                self._plugins[tag] = self._kind(plugin)
        kind = self._kind(old_form) if old_form else self._plugins.get(tag, self._kind(TENSOR))
        if simple is None and tensor is not None and old_form is None and self.kind_names[kind] == SCALARS:
            simple = scalar_of(tensor)
            kind = self._kind(TENSOR)
        return tag, kind, simple

    def _tag(self, name: bytes) -> int:
        number = self._tags.setdefault(name, len(self._tags))
        if number == len(self.tag_names):
            self.tag_names.append(name.decode("utf-8", "replace"))
        return number

    def _kind(self, name: str) -> int:
        if name not in self.kind_names:
            self.kind_names.append(name)
        return self.kind_names.index(name)


def _good_header(view: memoryview, at: int) -> bool:
    length = int.from_bytes(view[at : at + 8], "little")
    return length < LONGEST and masked(view[at : at + 8]) == int.from_bytes(view[at + 8 : at + HEADER], "little")


def _is_whole(view: memoryview, at: int) -> bool:
    return _frame_size(view, at) <= len(view) - at


def _good_payload(view: memoryview, at: int) -> bool:
    end = at + _frame_size(view, at)
    return masked(view[at + HEADER : end - FOOTER]) == int.from_bytes(view[end - FOOTER : end], "little")


def _frame_size(view: memoryview, at: int) -> int:
    return int.from_bytes(view[at : at + 8], "little") + HEADER + FOOTER


def _resync(view: memoryview, at: int, patience: list[int], whole: bool = False) -> tuple[int, bool]:
    """Find the next good frame after `at`, or a header whose payload has not come (then True); else the end.

    `whole`: such a header alone is not enough. `patience`: how many bytes more may turn out wrong, counted down.
    """
    for q in range(at + 1, len(view) - HEADER + 1):
        if not any(view[q : q + 8]) or not _good_header(view, q):
            continue
        if not _is_whole(view, q):
            if not whole:
                return q, True
        elif _good_payload(view, q):
            return q, False
        else:
            length = _frame_size(view, q) - HEADER - FOOTER
            if length >= patience[0]:
                break
            patience[0] -= length
    return len(view), False


def _plugin_name(metadata: memoryview) -> str:
    for number, wire_type, plugin_data in fields(metadata):
        if (number, wire_type) == (1, BYTES) and not isinstance(plugin_data, int):
            for n, w, name in fields(plugin_data):
                if (n, w) == (1, BYTES) and not isinstance(name, int) and len(name):
                    return str(name, "utf-8", "replace")
    return ""


def _grouped(
    rows: list[Row],
    blobs: list[Blob],
    skipped: list[tuple[int, int]],
    records: int,
    consumed: int,
    session: int | None,
    tail: Tail | None,
) -> Scan:
    rows.sort(key=lambda row: row[0])  # stable: each tag keeps its order
    tags, counts = np.unique(np.array([row[0] for row in rows], dtype=np.int32), return_counts=True)
    return Scan(
        tags,
        np.concatenate(([0], np.cumsum(counts))).astype(np.int64),
        np.array([row[1] for row in rows], dtype=np.int64),
        np.array([row[2] for row in rows], dtype=np.float64),
        np.array([row[3] for row in rows], dtype=np.float64),
        blobs,
        skipped,
        records,
        consumed,
        session,
        tail,
    )


if TYPE_CHECKING:
    Decoder = PythonDecoder
else:
    try:
        from headway.events._decode import Decoder
    except ImportError:  # no compiled extension: slower, the same results
        Decoder = PythonDecoder
