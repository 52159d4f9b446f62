"""The fields of a posted form."""

from __future__ import annotations

from email.parser import BytesParser
from email.policy import HTTP
from urllib.parse import parse_qs

from starlette.requests import Request

from headway.server.body import body_of

LARGEST = 4 * 1024 * 1024
"""Bytes: a hundred thousand names of runs."""


async def read_form(request: Request) -> dict[str, list[str]]:
    """Name → values, of a form in either encoding; an HTTPException says what is wrong with it."""
    body = await body_of(request, LARGEST, "A form")
    content_type = request.headers.get("content-type", "")
    if content_type.lower().startswith("multipart/form-data"):
        return _multipart(content_type, bytes(body))
    return parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True)


def _multipart(content_type: str, body: bytes) -> dict[str, list[str]]:
    """RFC 7578: each part's name is in its Content-Disposition."""
    message = BytesParser(policy=HTTP).parsebytes(b"Content-Type: " + content_type.encode() + b"\r\n\r\n" + body)
    fields: dict[str, list[str]] = {}
    for part in message.iter_parts():
        name = part.get_param("name", header="content-disposition")
        value = part.get_payload(decode=True)
        if isinstance(name, str) and isinstance(value, bytes):
            fields.setdefault(name, []).append(value.decode("utf-8", "replace"))
    return fields
