"""Answers of the API: JSON, or msgpack when the request asks for that."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from headway.server.conditional import conditional, revision_tag

if TYPE_CHECKING:
    from headway.server.served import Served

JSON, MSGPACK = "application/json", "application/msgpack"
HEADERS = {"Cache-Control": "no-store", "Vary": "Accept"}


def answered(request: Request, answer: Any) -> Response:
    """Send `answer`, a struct of `headway.server.api`. NaN and infinities are null in JSON."""
    packed = wants_msgpack(request)
    content = msgspec.msgpack.encode(answer) if packed else msgspec.json.encode(answer)
    return Response(content, media_type=MSGPACK if packed else JSON, headers=HEADERS)


def current(request: Request, served: Served, answer: Callable[[], Any], *more: object) -> Response:
    """Send what `answer` gives, unless the client has it: it changes with the index and with `more` alone."""
    tag = revision_tag(served.index, wants_msgpack(request), *more)
    return conditional(request, tag, lambda: answered(request, answer()))


def wants_msgpack(request: Request) -> bool:
    """Whether the request asks for msgpack."""
    return MSGPACK in request.headers.get("accept", "")
