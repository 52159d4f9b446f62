from __future__ import annotations

from typing import Annotated

import msgspec
import pytest
from msgspec import Meta
from starlette.exceptions import HTTPException
from starlette.requests import Request

from headway.server.endpoint import Endpoint, read_query, routes


class Wanted(msgspec.Struct, forbid_unknown_fields=True):
    run: int
    tags: Annotated[list[str], Meta(max_length=3)] = []
    most: Annotated[float, Meta(ge=0)] | None = None
    whole: bool = False
    name: str = ""


def asked(query: str) -> Request:
    return Request({"type": "http", "query_string": query.encode(), "headers": []})


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("run=7", Wanted(7)),
        ("run=7&tags=a&tags=b%2Fc&tags=", Wanted(7, ["a", "b/c", ""])),
        ("run=7&most=0.5&whole=true", Wanted(7, most=0.5, whole=True)),
        ("run=7&most=null&whole=0", Wanted(7)),
        ("run=7&name=12", Wanted(7, name="12")),
        ("run=7&name=%E5%85%A5", Wanted(7, name="入")),
        ("run=7&token=x", Wanted(7)),
        ("run=7&run=8", Wanted(8)),
    ],
)
def test_what_stands_in_the_address(query: str, wanted: Wanted) -> None:
    assert read_query(asked(query), Wanted) == wanted


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("", "run"),
        ("run=x", "run"),
        ("run=1.5", "run"),
        ("run=7&most=-1", "most"),
        ("run=7&most=nan", "most"),
        ("run=7&whole=perhaps", "whole"),
        ("run=7&tags=a&tags=b&tags=c&tags=d", "tags"),
    ],
)
def test_what_is_wrong_with_it_is_said(query: str, says: str) -> None:
    with pytest.raises(HTTPException) as caught:
        read_query(asked(query), Wanted)
    assert caught.value.status_code == 400
    assert says in caught.value.detail


def test_the_router_wants_routes() -> None:
    def handle(_: Request) -> None: ...

    (route,) = routes([Endpoint("/api/x", handle, "X.", method="POST")])  # type: ignore[arg-type]
    assert (route.path, route.methods) == ("/api/x", {"POST"})
