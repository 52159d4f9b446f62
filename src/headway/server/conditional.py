"""Answers that change only with the index: whoever has the newest is told so, instead of being sent it again."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import Response

if TYPE_CHECKING:
    from headway.ingest.index import Index

CHECKED = {"Cache-Control": "private, no-cache"}
"""May be kept, but has to be asked for again each time."""


def revision_tag(index: Index, *more: object) -> str:
    """The ETag of what is a function of the index's revision, and of `more`: say, the revision of the marks.

    Take it before reading what it stands for: what changes meanwhile is then sent again, and never missed.
    """
    return f'W/"{"-".join(map(str, (index.life, index.revision, *more)))}"'


def conditional(request: Request, tag: str, answer: Callable[[], Response]) -> Response:
    """Give the answer, or 304 and without making it when the client has what `tag` names."""
    headers = CHECKED | {"ETag": tag}
    if has_it(request.headers.get("if-none-match"), tag):
        return Response(status_code=304, headers=headers)
    response = answer()
    response.headers.update(headers)
    return response


def has_it(if_none_match: str | None, tag: str) -> bool:
    """Whether `If-None-Match` names `tag`; compared weakly, as for reading it should be."""
    given = {one.strip().removeprefix("W/") for one in (if_none_match or "").split(",")}
    return "*" in given or tag.removeprefix("W/") in given
