"""Strings in protobuf's text format."""

from __future__ import annotations

_NAMED = {ord("\n"): r"\n", ord("\r"): r"\r", ord("\t"): r"\t", ord('"'): r"\"", ord("'"): r"\'", ord("\\"): r"\\"}


def quoted(content: str | bytes) -> str:
    """Return `content` between quotes, escaped as protobuf does it: the rest of ASCII and, in a str, Unicode as is.

    A lone surrogate has no UTF-8: it becomes a question mark.
    """
    if isinstance(content, str):
        content = content.encode("utf-8", "replace").decode()
        characters = [_NAMED.get(ord(c)) or (_octal(ord(c)) if c < " " or c == "\x7f" else c) for c in content]
    else:
        characters = [_NAMED.get(byte) or (chr(byte) if 0x20 <= byte < 0x7F else _octal(byte)) for byte in content]
    return '"' + "".join(characters) + '"'


def _octal(byte: int) -> str:
    return f"\\{byte:03o}"
