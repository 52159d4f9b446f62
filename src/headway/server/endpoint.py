"""An address of the API: what it takes and answers, declared once for the router and for the OpenAPI document."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Any, Literal, TypeVar, get_origin

import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"

Query = TypeVar("Query", bound=msgspec.Struct)


@dataclass(frozen=True)
class Endpoint:
    """`handle` answers `method` at `path`; for GET also HEAD.

    `query`: a struct of the parameters in the address (`read_query` reads it; a field that is a list may be given
    several times). `body`: the type of what is sent, as `body_media`. `answer`: the type of the answer, as `media`;
    None when it is bytes, or of no fixed shape. `details`: what the types do not say, as Markdown.
    """

    path: str
    handle: Callable[[Request], Response | Awaitable[Response]]
    summary: str
    method: Literal["GET", "POST"] = "GET"
    query: type[msgspec.Struct] | None = None
    body: Any = None
    body_media: str = JSON
    answer: Any = None
    media: str = JSON
    details: str = ""


def routes(endpoints: Iterable[Endpoint]) -> list[Route]:
    """What the router wants. A function that is not async runs in a thread."""
    return [Route(one.path, one.handle, methods=[one.method]) for one in endpoints]


def read_query(request: Request, kind: type[Query]) -> Query:
    """Take the parameters in the address apart; an HTTPException (400) says what is wrong with them."""
    given = request.query_params
    fields = msgspec.structs.fields(kind)
    several = {field.encode_name for field in fields if get_origin(_bare(field.type)) is list}
    known = {field.encode_name for field in fields}
    values = {name: given.getlist(name) if name in several else given[name] for name in given if name in known}
    try:
        return msgspec.convert(values, kind, strict=False)
    except msgspec.ValidationError as error:
        raise HTTPException(400, f"{error}\n") from None


def _bare(annotated: Any) -> Any:
    """`list[int]` of `Annotated[list[int], …]`."""
    return getattr(annotated, "__origin__", annotated) if hasattr(annotated, "__metadata__") else annotated
