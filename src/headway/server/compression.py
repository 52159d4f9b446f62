"""Compression of answers, piece by piece: what is sent arrives at once, compressed or not.

Text always. Packed charts become half as long, at some 75 MB a second, so it pays on a network alone: 100 charts of
five runs are 10 MB, and 140 ms of compression. What is new in charts always: it is little, comes again and again, and
is much the same in neighbouring charts, whose columns end at the same steps and moments. Not pictures and sounds,
which are compressed, nor parts of files. Not the live stream, whose events are short: some proxies that pass events
on lose the header that says how to read them.

Starlette's own middleware holds pieces back in the older versions that we take, and compresses parts of files.
"""

from __future__ import annotations

import ipaddress
import re
import zlib

from anyio.to_thread import run_sync
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

TEXT = frozenset({"application/json", "application/javascript", "application/xml", "image/svg+xml"})
"""Beside `text/*`; not `text/event-stream`."""
PACKED = frozenset({"application/octet-stream", "application/msgpack"})
NEWS = "application/vnd.headway.news"
"""Charts of which the client knows the most."""
LEAST = 600
"""Bytes of an answer: a shorter one fits into one packet as it is."""
LEVEL = 1
"""Of zlib. 6 is half as fast, and saves four percent more of a chart."""
LONG = 1 << 16
"""Bytes from which on a piece is compressed in a thread: a millisecond."""

FORWARDED = frozenset({"forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-forwarded-prefix"})
"""Headers by which proxies tell of themselves."""

_GZIP = zlib.MAX_WBITS | 16


class Compression:
    """ASGI middleware that compresses by gzip what is worth it, for who takes that."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as the application does, in fewer bytes."""
        if scope["type"] == "http" and scope["method"] != "HEAD":
            send = _Compressed(send, takes_gzip(Headers(scope=scope)), is_far(scope)).send
        await self.app(scope, receive, send)


class _Compressed:
    """One answer."""

    def __init__(self, send: Send, is_taken: bool, is_far: bool) -> None:
        self._send = send
        self._is_taken = is_taken
        self._is_far = is_far
        self._squeeze: zlib._Compress | None = None

    async def send(self, message: Message) -> None:
        """Send one message of the application on."""
        if message["type"] == "http.response.start":
            self._begin(message)
        elif message["type"] == "http.response.body" and self._squeeze is not None:
            body, more = message.get("body", b""), message.get("more_body", False)
            squeezed = await run_sync(self._piece, body, more) if len(body) >= LONG else self._piece(body, more)
            message = {**message, "body": squeezed}
        await self._send(message)

    def _begin(self, message: Message) -> None:
        headers = MutableHeaders(scope=message)
        if not self._is_worth_it(message["status"], headers):
            return
        headers.add_vary_header("Accept-Encoding")
        if self._is_taken:
            self._squeeze = zlib.compressobj(LEVEL, zlib.DEFLATED, _GZIP)
            headers["Content-Encoding"] = "gzip"
            del headers["Content-Length"]
            tag = headers.get("ETag", "")
            if tag.startswith('"'):  # other bytes may not have the same strong one
                headers["ETag"] = f"W/{tag}"

    def _is_worth_it(self, status: int, headers: Headers) -> bool:
        if status in (204, 206, 304) or "content-encoding" in headers or "content-range" in headers:
            return False
        if int(headers.get("content-length", LEAST)) < LEAST:
            return False
        media = headers.get("content-type", "").partition(";")[0].strip().lower()
        return is_text(media) or media == NEWS or (media in PACKED and self._is_far)

    def _piece(self, body: bytes, more: bool) -> bytes:
        assert self._squeeze is not None
        return self._squeeze.compress(body) + self._squeeze.flush(zlib.Z_SYNC_FLUSH if more else zlib.Z_FINISH)


def is_text(media: str) -> bool:
    """Whether a media type (lower case, without parameters) is text, and not the live stream."""
    return (media.startswith("text/") and media != "text/event-stream") or media in TEXT


def takes_gzip(headers: Headers) -> bool:
    """What `Accept-Encoding` says of gzip."""
    for choice in headers.get("accept-encoding", "").lower().split(","):
        name, _, weight = choice.partition(";")
        if name.strip() in ("gzip", "x-gzip", "*"):
            return re.fullmatch(r"\s*q\s*=\s*0(\.0*)?\s*", weight) is None
    return False


def is_far(scope: Scope) -> bool:
    """Whether the answer goes over a network, as far as that can be known: a tunnel's end is on this machine."""
    if not FORWARDED.isdisjoint(Headers(scope=scope)):
        return True
    try:
        return not ipaddress.ip_address((scope.get("client") or ("",))[0]).is_loopback
    except ValueError:
        return True
