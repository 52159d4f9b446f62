"""Pictures and clips as they lie in the event files: which media type they have, whole or a range of their bytes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from headway.query.kinds import Audio, Images
from headway.query.kinds.media_type import UNKNOWN, media_type
from headway.server.api import MediaQuery
from headway.server.conditional import has_it
from headway.server.contents import entry_of, series_of
from headway.server.endpoint import Endpoint, read_query

if TYPE_CHECKING:
    from headway.server.served import Served

SANDBOX = "sandbox; default-src 'none'"
"""Content-Security-Policy of bytes that somebody wrote: wherever they are opened, they run and load nothing."""

SEVERAL = ("images", "audio")
"""Kinds whose entries hold several items."""

SAFE = {
    *("image/png", "image/jpeg", "image/gif", "image/webp", "image/bmp"),
    *("audio/wav", "audio/mpeg", "audio/ogg", "audio/flac"),
}
"""Media types that a browser may show by themselves. An SVG may run scripts."""

_IN_BYTES = re.compile(r"\s*bytes\s*=", re.IGNORECASE)
_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.ASCII | re.IGNORECASE)


def endpoints(served: Served) -> list[Endpoint]:
    """`api/media`."""

    def get_media(request: Request) -> Response:
        return media(served, request, read_query(request, MediaQuery))

    return [
        Endpoint(
            "/api/media",
            get_media,
            "A picture or clip: its bytes, whole or a range.",
            query=MediaQuery,
            media=UNKNOWN,
            details="The media type is what the bytes begin like: PNG, JPEG, GIF, WebP, BMP, WAV, MP3, Ogg or FLAC; "
            "all else is a file to keep. One range is answered by 206; several, or one beyond the end, by 416.",
        )
    ]


def media(served: Served, request: Request, query: MediaQuery) -> Response:
    """Answer with one item of one entry; of what is neither picture nor clip, with the encoded entry itself."""
    contents = series_of(served, query.run, query.tag, query.kind)
    i = entry_of(contents, query.i, query.key)
    key = contents.key(i)
    items = items_of(contents.value(i)) if query.kind in SEVERAL else [contents.content(i)]
    if not 0 <= query.item < len(items):
        raise HTTPException(404, f"Entry {i} of the tag {query.tag!r} has {len(items)} pictures or clips.\n")
    return bytes_answer(request, items[query.item], f"{key}-{query.item}", immutable=query.key == key)


def items_of(value: object) -> list[bytes]:
    """The pictures or clips of an entry."""
    if isinstance(value, Images):
        return list(value.pictures)
    return list(value.clips) if isinstance(value, Audio) else []


def bytes_answer(request: Request, data: bytes, key: str, *, immutable: bool, name: str = "") -> Response:
    """Answer with `data`, which has that key for ever; `immutable`: the address, too, always means these bytes.

    Only what is safe to be shown by itself is shown, judged by its bytes; all else is a file to keep.
    """
    kind = shown_as(data)
    etag = f'"{key}"'
    headers = {
        "ETag": etag,
        "Accept-Ranges": "bytes",
        "Cache-Control": "private, max-age=31536000, immutable" if immutable else "private, no-cache",
        "Content-Security-Policy": SANDBOX,
        "Content-Disposition": _disposition(kind, name),
        "X-Content-Type-Options": "nosniff",
    }
    if has_it(request.headers.get("if-none-match"), etag):
        return Response(status_code=304, headers=headers)
    asked = request.headers.get("range", "")
    is_asked = request.method == "GET" and _IN_BYTES.match(asked)  # RFC 9110, 14.2: else the header says nothing
    if not is_asked or request.headers.get("if-range", etag) != etag:
        return Response(data, media_type=kind, headers=headers)
    part = byte_range(asked, len(data))
    if part is None:
        headers["Content-Range"] = f"bytes */{len(data)}"
        return Response(status_code=416, headers=headers)
    headers["Content-Range"] = f"bytes {part.start}-{part.stop - 1}/{len(data)}"
    return Response(data[part.start : part.stop], 206, media_type=kind, headers=headers)


def shown_as(data: bytes) -> str:
    """Return the media type that the first bytes tell, when it is safe to be shown; octet-stream for all else."""
    found = media_type(data)
    return found if found in SAFE else UNKNOWN


def byte_range(asked: str, size: int) -> range | None:
    """Return the bytes that a Range header asks for of `size`; None where it cannot be answered: RFC 9110, 14.1.2."""
    match = _RANGE.fullmatch(asked.strip().replace(" ", ""))
    if match is None or match.groups() == ("", ""):
        return None
    first, last = match.groups()
    if not first:
        start, stop = max(size - int(last), 0), size
    else:
        start, stop = int(first), min(int(last) + 1, size) if last else size
    return range(start, stop) if start < stop else None


def _disposition(kind: str, name: str) -> str:
    how = "attachment" if kind == UNKNOWN else "inline"
    return f"{how}; filename*=UTF-8''{quote(name, safe='')}" if name else how
