"""Protobuf's text format, as far as files of settings use it.

name: "text" "that goes on"   name: 12   name { ... }   name: < ... >   name: [1, 2]   # a comment
"""

from __future__ import annotations

import re
from typing import Any

from headway.query.kinds.message import DEEPEST

_TOKEN = re.compile(
    rb"""(?P<space>(?:[\s;,]|\#[^\n]*)+)
    |(?P<string>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')
    |(?P<word>[A-Za-z_0-9.+-]+)
    |(?P<sign>[{}<>:\[\]])""",
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(
    rb"\\(?:(?P<octal>[0-7]{1,3})|[xX](?P<hex>[0-9A-Fa-f]{1,2})|u(?P<u4>[0-9A-Fa-f]{4})|U(?P<u8>[0-9A-Fa-f]{8})|(?P<one>.))",
    re.DOTALL,
)
_NAMED = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"a": b"\a", b"b": b"\b", b"f": b"\f", b"v": b"\v"}
_CLOSING = {b"{": b"}", b"<": b">"}


def parse_pbtxt(file: bytes) -> dict[str, list[Any]]:
    """Return the fields of the message that `file` has, by name, each with its values in order.

    A value is bytes (a string), a str (a number or a word, as it is written), or a dict of fields (a message).

    Raises:
        ValueError: it is no such text; the message says in which line.

    """
    return _Parser(file).fields(b"", 0)


class _Parser:
    """Reads one token after the other."""

    def __init__(self, file: bytes) -> None:
        self._file = file
        self._at = 0
        self._kind, self._token = "", b""
        self._next()

    def fields(self, closing: bytes, depth: int) -> dict[str, list[Any]]:
        if depth > DEEPEST:
            raise self._error(f"nested deeper than {DEEPEST} levels")
        found: dict[str, list[Any]] = {}
        while self._token != closing:
            if self._kind != "word":
                raise self._error("the name of a field is expected")
            values = found.setdefault(str(self._token, "ascii"), [])
            self._next()
            has_colon = self._took(b":")
            if self._took(b"["):
                while not self._took(b"]"):
                    values.append(self._value(depth))
            elif has_colon or self._token in _CLOSING:
                values.append(self._value(depth))
            else:
                raise self._error("a colon is expected")
        self._next()
        return found

    def _value(self, depth: int) -> Any:
        if self._kind == "string":
            parts = []
            while self._kind == "string":
                parts.append(_unescaped(self._token[1:-1]))
                self._next()
            return b"".join(parts)
        if self._kind == "word":
            word = str(self._token, "ascii")
            self._next()
            return word
        opening = self._token
        if opening not in _CLOSING:
            raise self._error("a value is expected")
        self._next()
        return self.fields(_CLOSING[opening], depth + 1)

    def _took(self, sign: bytes) -> bool:
        if self._kind != "sign" or self._token != sign:
            return False
        self._next()
        return True

    def _next(self) -> None:
        """Go to the next token; past the last one it is empty."""
        while True:
            found = _TOKEN.match(self._file, self._at)
            if found is None:
                self._kind, self._token = "", b""
                if self._at < len(self._file):
                    raise self._error("it makes no sense here")
                return
            self._at = found.end()
            self._kind, self._token = found.lastgroup or "", found[0]
            if self._kind != "space":
                return

    def _error(self, what: str) -> ValueError:
        line = self._file.count(b"\n", 0, self._at) + 1
        near = str(self._token or self._file[self._at : self._at + 20], "utf-8", "replace")[:40]
        return ValueError(f"line {line}: {what}, at {near!r}" if near else f"line {line}: {what}")


def _unescaped(text: bytes) -> bytes:
    return _ESCAPE.sub(_character, text) if b"\\" in text else text


def _character(found: re.Match[bytes]) -> bytes:
    if octal := found["octal"]:
        return bytes([int(octal, 8) & 0xFF])
    if digits := found["hex"]:
        return bytes([int(digits, 16)])
    if digits := found["u4"] or found["u8"]:
        number = int(digits, 16)
        return chr(number).encode("utf-8", "replace") if number < 0x110000 else b"?"
    return _NAMED.get(found["one"], found["one"])
