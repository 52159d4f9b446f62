"""What the records of a `.wandb` file say: the few fields of wandb's protobuf messages that an import needs.

Record       history=2 · summary=3 · output=4 · config=5 · stats=7 · output_raw=13 · run=17 · exit=18 · environment=26
History      item=1 repeated Item · step=2 {num=1}
Item         key=1 · nested_key=2 repeated · none=3 bool · boolean=4 bool · integer=5 sint64 · number=6 double
             · text=7 · json=8 · value_json=16
Summary      update=1 repeated Item · remove=2 repeated Item; Config: the same
Output       output_type=1 (0: stderr) · timestamp=2 · line=3
Stats        timestamp=2 · item=3 repeated Item
Run          run_id=1 · entity=2 · project=3 · config=4 · run_group=6 · job_type=7 · display_name=8 · notes=9
             · tags=10 · sweep_id=12 · host=13 · start_time=17 · git=21 {remote_url=1, commit=2}
Exit         exit_code=1 int32
Environment  os=1 · python=2 · args=5 repeated · program=6 · git=9 · host=12 · username=13 · executable=14
Timestamp    seconds=1 · nanos=2
"""

from __future__ import annotations

import json
from struct import unpack
from typing import Any

import msgspec

from headway.events.wire import FIXED64, VARINT, fields, signed

HISTORY, SUMMARY, OUTPUT, CONFIG, STATS, OUTPUT_RAW, RUN, EXIT, ENVIRONMENT = 2, 3, 4, 5, 7, 13, 17, 18, 26
KINDS = frozenset({HISTORY, SUMMARY, OUTPUT, CONFIG, STATS, OUTPUT_RAW, RUN, EXIT, ENVIRONMENT})

Path = tuple[str, ...]
DEEPEST = 64
"""Parts of a key."""
_JSON_FIELDS = (8, 16)
_SHORT = 0x80
"""Lengths below it are one byte."""
_RUN_TEXTS = {
    1: "id",
    2: "entity",
    3: "project",
    6: "group",
    7: "job_type",
    8: "name",
    9: "notes",
    12: "sweep",
    13: "host",
}
_ENVIRONMENT_TEXTS = {1: "platform", 2: "python", 6: "program", 12: "host", 13: "user", 14: "executable"}


def kind_of(record: bytes) -> tuple[int, memoryview]:
    """Return which message a record holds, and the message; 0 for one that is not read.

    Every function here raises ValueError for a malformed message.
    """
    for number, _, value in fields(record):
        if number in KINDS and not isinstance(value, int):
            return number, value
    return 0, memoryview(b"")


def history(message: memoryview) -> tuple[dict[Path, Any], int | None]:
    """Return a row's values by their nested keys, and its step."""
    values: dict[Path, Any] = {}
    step = None
    for number, _, value in fields(message):
        if isinstance(value, int):
            continue
        if number == 1:
            _put(values, value)
        elif number == 2:
            step = next((signed(v) for n, _, v in fields(value) if n == 1 and isinstance(v, int)), 0)
    return values, step


def update(message: memoryview, values: dict[Path, Any]) -> None:
    """Do to `values` what a summary or config record says."""
    for number, _, value in fields(message):
        if isinstance(value, int):
            continue
        if number == 1:
            _put(values, value)
        elif number == 2:
            values.pop(_item(value)[0], None)


def stats(message: memoryview) -> tuple[float | None, dict[Path, Any]]:
    """Return the moment of a measurement of the machine, and what was measured."""
    values: dict[Path, Any] = {}
    moment = None
    for number, _, value in fields(message):
        if number == 2 and not isinstance(value, int):
            moment = timestamp(value)
        elif number == 3 and not isinstance(value, int):
            _put(values, value)
    return moment, values


def output(message: memoryview) -> tuple[float | None, str]:
    """Return when something was printed, and what."""
    moment, line = None, ""
    for number, _, value in fields(message):
        if number == 2 and not isinstance(value, int):
            moment = timestamp(value)
        elif number == 3 and not isinstance(value, int):
            line = text_of(value)
    return moment, line


def run(message: memoryview) -> tuple[dict[str, Any], dict[Path, Any]]:
    """Return what a run says of itself, and its configuration."""
    about: dict[str, Any] = {}
    config: dict[Path, Any] = {}
    for number, _, value in fields(message):
        if isinstance(value, int):
            continue
        if number in _RUN_TEXTS:
            about[_RUN_TEXTS[number]] = text_of(value)
        elif number == 10:
            about.setdefault("tags", []).append(text_of(value))
        elif number == 4:
            update(value, config)
        elif number == 17:
            about["started"] = timestamp(value)
        elif number == 21:
            about["git"] = _git(value)
    return about, config


def environment(message: memoryview) -> dict[str, Any]:
    """Return what a run says of its machine and program."""
    about: dict[str, Any] = {}
    for number, _, value in fields(message):
        if isinstance(value, int):
            continue
        if number in _ENVIRONMENT_TEXTS:
            about[_ENVIRONMENT_TEXTS[number]] = text_of(value)
        elif number == 5:
            about.setdefault("args", []).append(text_of(value))
        elif number == 9:
            about["git"] = _git(value)
    return about


def exit_code(message: memoryview) -> int:
    """Return with which status a process ended."""
    return next((signed(value) for number, _, value in fields(message) if number == 1 and isinstance(value, int)), 0)


def timestamp(message: memoryview) -> float | None:
    """Return a Timestamp as seconds since 1970; None for none."""
    seconds = nanos = 0
    for number, wire_type, value in fields(message):
        if wire_type == VARINT and isinstance(value, int):
            seconds, nanos = (signed(value), nanos) if number == 1 else (seconds, signed(value))
    return seconds + nanos / 1e9 if seconds > 0 else None


def text_of(value: memoryview) -> str:
    """Return the text of a string field; what is not UTF-8 is replaced."""
    return str(value, "utf-8", "replace")


def _put(values: dict[Path, Any], message: memoryview) -> None:
    path, value = _usual_item(bytes(message)) or _item(message)
    if path:
        values[path] = value


def _usual_item(message: bytes) -> tuple[Path, Any] | None:
    """Return an item that is one short key and a short JSON value, as nearly all are; None of any other."""
    if len(message) < 5 or message[0] not in (0x0A, 0x12) or not 0 < message[1] < _SHORT:
        return None
    at = 2 + message[1]
    if message[at : at + 2] != b"\x82\x01" or at + 3 > len(message):
        return None
    if message[at + 2] >= _SHORT or at + 3 + message[at + 2] != len(message):
        return None
    return (message[2:at].decode("utf-8", "replace"),), _json(message[at + 3 :])


def _item(message: memoryview) -> tuple[Path, Any]:
    name: Path = ()
    nested: list[str] = []
    found: Any = None
    for number, wire_type, value in fields(message):
        if isinstance(value, int):
            if number == 4:
                found = bool(value)
            elif number == 5:
                found = value >> 1 ^ -(value & 1)  # zigzag
        elif wire_type == FIXED64:
            found = unpack("<d", value)[0] if number == 6 else found
        elif number == 1:
            name = (text_of(value),)
        elif number == 2:
            if len(nested) == DEEPEST:
                raise ValueError("keys that are nested too deep")
            nested.append(text_of(value))
        elif number == 7:
            found = text_of(value)
        elif number in _JSON_FIELDS:
            found = _json(bytes(value))
    return tuple(nested) or name, found


def _json(value: bytes) -> Any:
    try:
        return msgspec.json.decode(value)
    except (ValueError, RecursionError):
        pass
    try:
        return json.loads(value)  # with NaN and infinities
    except RecursionError as error:
        raise ValueError("JSON that is nested too deep") from error


def _git(message: memoryview) -> dict[str, str]:
    named = {1: "remote", 2: "commit"}
    return {
        named[number]: text_of(value)
        for number, _, value in fields(message)
        if number in named and not isinstance(value, int)
    }


def nested(values: dict[Path, Any]) -> dict[str, Any]:
    """Return `values` as nested dicts, without what is wandb's own; of keys that exclude each other the later."""
    found: dict[str, Any] = {}
    for path, value in values.items():
        if path[0] == "_wandb":
            continue
        level = found
        for key in path[:-1]:
            inner = level.get(key)
            if not isinstance(inner, dict):
                inner = level[key] = {}
            level = inner
        level[path[-1]] = value
    return found
