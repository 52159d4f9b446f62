"""What a file of a picture or a sound is, by its first bytes; what a log says of it is never believed."""

from __future__ import annotations

UNKNOWN = "application/octet-stream"

_BEGINNINGS = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"BM", "image/bmp"),
    (b"ID3", "audio/mpeg"),
    (b"OggS", "audio/ogg"),
    (b"fLaC", "audio/flac"),
)
_RIFF = {b"WEBP": "image/webp", b"WAVE": "audio/wav"}
_BEFORE_SVG = ((b"<?xml", b"?>"), (b"<!--", b"-->"), (b"<!DOCTYPE svg", b">"))
"""What may stand before an SVG's first tag: how it begins and ends."""

_HEAD = 4096
"""Bytes in which the first tag of an SVG must begin."""


def media_type(file: bytes | memoryview) -> str:
    """Return the media type of a PNG, JPEG, GIF, WebP, BMP or SVG picture, or a WAV, MP3, Ogg or FLAC sound."""
    head = bytes(file[:_HEAD])
    for beginning, found in _BEGINNINGS:
        if head.startswith(beginning):
            return found
    if head.startswith(b"RIFF"):
        return _RIFF.get(head[8:12], UNKNOWN)
    if len(head) > 1 and head[0] == 0xFF and head[1] & 0xE6 == 0xE2:  # a frame of MPEG audio, layer 3
        return "audio/mpeg"
    return "image/svg+xml" if _is_svg(head) else UNKNOWN


def _is_svg(head: bytes) -> bool:
    rest = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    while True:
        for begin, end in _BEFORE_SVG:
            if rest.startswith(begin) and end in rest:
                rest = rest.partition(end)[2].lstrip()
                break
        else:
            return rest[:4] == b"<svg" and rest[4:5] in (b" ", b"\t", b"\n", b"\r", b"/", b">")
