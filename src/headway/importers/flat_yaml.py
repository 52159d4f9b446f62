"""As much of YAML as machines write for settings: nested mappings, lists, plain and quoted scalars.

Tags, anchors and aliases are text: nothing is built, nothing is expanded.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any, NamedTuple

from headway.importers.number import number_of

_DEPTH = 32
_QUOTED = re.compile(r"""(?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*')""")
_NO_KEY = frozenset("#[]{}&*!|>%@`\"'")
_ESCAPE = re.compile(r"\\(x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|.)")
_ESCAPES = {
    "n": "\n",
    "t": "\t",
    "r": "\r",
    "0": "\0",
    "a": "\a",
    "b": "\b",
    "e": "\x1b",
    "f": "\f",
    "v": "\v",
    "_": "\xa0",
}
_WORDS: dict[str, Any] = {"null": None, "~": None, "true": True, "false": False, "yes": True, "no": False}
_INFINITIES = {".inf": "inf", "-.inf": "-inf", "+.inf": "inf", ".nan": "nan"}


class _Line(NamedTuple):
    indent: int
    text: str


def read_yaml(text: str) -> dict[str, Any]:
    """Return the mapping that a document is; what is not understood of it is left out, and never raises."""
    lines = [
        _Line(len(line) - len(line.lstrip(" ")), line.strip())
        for line in text.splitlines()
        if line.strip() and not line.lstrip().startswith(("#", "---", "...", "%"))
    ]
    found, _ = _block(lines, 0, 0, 0)
    return found if isinstance(found, dict) else {}


def _block(lines: list[_Line], at: int, indent: int, depth: int) -> tuple[Any, int]:
    """Return the mapping or list whose lines begin at `at` with `indent` spaces, and the line after it."""
    if depth > _DEPTH:
        return None, len(lines)
    if at < len(lines) and _is_item(lines[at].text):
        return _list(lines, at, lines[at].indent, depth)
    mapping: dict[str, Any] = {}
    while at < len(lines) and lines[at].indent >= indent:
        line = lines[at]
        entry = _entry(line.text) if line.indent == indent else None
        at += 1
        if entry is not None:
            mapping[entry[0]], at = _value(entry[1], lines, at, indent, depth)
    return mapping, at


def _entry(text: str) -> tuple[str, str] | None:
    """Return the key and the value's text of a line that has both."""
    quoted = _QUOTED.match(text)
    if quoted:
        key, rest = str(_scalar(quoted[0])), text[quoted.end() :].lstrip()
        return (key, rest[1:].strip()) if rest == ":" or rest.startswith(": ") else None
    if text[:1] in _NO_KEY:
        return None
    key, colon, value = (text[:-1], ":", "") if text.endswith(":") and ": " not in text else text.partition(": ")
    return (key.rstrip(), value.strip()) if colon and key else None


def _list(lines: list[_Line], at: int, indent: int, depth: int) -> tuple[list[Any], int]:
    items: list[Any] = []
    while at < len(lines) and lines[at].indent == indent and _is_item(lines[at].text):
        text = lines[at].text[1:].strip()
        if _entry(text) is not None:  # a mapping that begins on the dash's line
            inner = lines[at].indent + len(lines[at].text) - len(text)
            end = _end(lines, at + 1, indent)
            item, _ = _block([_Line(inner, text), *lines[at + 1 : end]], 0, inner, depth + 1)
            at = end
        else:
            item, at = _value(text, lines, at + 1, indent, depth)
        items.append(item)
    return items, at


def _value(text: str, lines: list[_Line], at: int, indent: int, depth: int) -> tuple[Any, int]:
    """Return the value that begins with `text`, with what goes on in the lines from `at`."""
    deeper = _end(lines, at, indent)
    if text[:1] in ("|", ">") and re.fullmatch(r"[|>][-+\d]*", text):
        glue: Callable[[list[str]], str] = "\n".join if text[0] == "|" else " ".join
        return glue([line.text for line in lines[at:deeper]]), deeper
    if text and not text.startswith(("!", "&")):
        return _scalar(" ".join([text, *(line.text for line in lines[at:deeper])])), deeper
    if deeper > at:
        found, _ = _block(lines[at:deeper], 0, lines[at].indent, depth + 1)
        return (found if found or not text else text), deeper
    if not text and at < len(lines) and lines[at].indent == indent and _is_item(lines[at].text):
        return _list(lines, at, indent, depth + 1)
    return (text or None), at


def _end(lines: list[_Line], at: int, indent: int) -> int:
    while at < len(lines) and lines[at].indent > indent:
        at += 1
    return at


def _is_item(text: str) -> bool:
    return text == "-" or text.startswith("- ")


def _scalar(text: str) -> Any:
    text = text.strip()
    if len(text) > 1 and text[0] == text[-1] == "'":
        return text[1:-1].replace("''", "'")
    if len(text) > 1 and text[0] == text[-1] == '"':
        return _ESCAPE.sub(_unescaped, text[1:-1])
    text = re.split(r"\s#", text, maxsplit=1)[0].strip()
    if text[:1] in ("[", "{"):
        return _flow(text)
    if text.lower() in _WORDS:
        return _WORDS[text.lower()]
    if text.lower() in _INFINITIES:
        return float(_INFINITIES[text.lower()])
    number = number_of(text) if text[:1] in "+-.0123456789" else None
    return text if number is None else number


def _flow(text: str) -> Any:
    """Return a list or mapping on one line: as JSON, or a list of plain scalars, else as text."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        pass
    inner = text[1:-1]
    if text[0] == "[" and text[-1] == "]" and not re.search(r"[\[\]{}\"']", inner):
        return [_scalar(item) for item in inner.split(",")] if inner.strip() else []
    return text


def _unescaped(found: re.Match[str]) -> str:
    escape = found[1]
    if len(escape) == 1:
        return _ESCAPES.get(escape, escape)
    number = int(escape[1:], 16)
    return chr(number) if number < 0x110000 else "\N{REPLACEMENT CHARACTER}"
