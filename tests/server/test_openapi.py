from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
import pytest
from msgspec import Meta
from openapi_schema_validator import OAS31Validator
from openapi_spec_validator import OpenAPIV31SpecValidator
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from headway.ingest.index import Index
from headway.server.app import create_app
from headway.server.endpoint import FORM, Endpoint
from headway.server.openapi import PATH, document, structs, with_document
from server.client import Client


class Inner(msgspec.Struct):
    """What is inside."""

    number: int
    """A number
    of two lines.
    """
    more: list[Inner] | None = None


class Wanted(msgspec.Struct, forbid_unknown_fields=True):
    """What is wanted."""

    run: int
    """Its id."""
    tag: list[str] = []
    kind: Literal["a", "b"] = "a"
    most: Annotated[int, Meta(ge=1, le=10)] = 10


class Found(msgspec.Struct):
    """What was found."""

    inner: Inner
    data: bytes


def nothing(_: Request) -> Response:
    return Response()


@pytest.fixture
def served(client: Client) -> Any:
    answer = client.get(PATH)
    assert (answer.status, answer.headers["content-type"]) == (200, "application/json")
    assert client.get(PATH, {"If-None-Match": answer.headers["etag"]}).status == 304
    return answer.json()


def test_it_is_openapi(served: Any) -> None:
    OpenAPIV31SpecValidator(served).validate()


def test_every_address_is_in_the_document_and_nothing_else(served: Any, index: Index) -> None:
    routes = create_app(index).routes
    assert all(isinstance(route, Route) for route in routes)
    there = {(r.path, m) for r in routes if isinstance(r, Route) for m in r.methods or () if m != "HEAD"}
    told = {(path, method.upper()) for path, methods in served["paths"].items() for method in methods}
    assert told == there
    assert (PATH, "GET") in told


def test_every_address_says_what_it_is_for(served: Any) -> None:
    for path, methods in served["paths"].items():
        for method, operation in methods.items():
            assert operation["summary"].endswith("."), (method, path)
            for parameter in operation.get("parameters", []):
                assert parameter["name"], (method, path)


def test_an_answer_is_as_the_document_says(served: Any, client: Client) -> None:
    judge = OAS31Validator({"$ref": "#/components/schemas/Overview", "components": served["components"]})
    judge.validate(client.get("/api/overview").json())
    assert not judge.is_valid({"version": 1})


def test_what_is_declared_is_described() -> None:
    endpoints = [
        Endpoint("/api/found", nothing, "Finds.", query=Wanted, answer=Found, details="As found."),
        Endpoint("/api/found", nothing, "Sets.", method="POST", body=Wanted, answer=list[Inner]),
        Endpoint("/data/form", nothing, "A form.", method="POST", body=Wanted, body_media=FORM),
        Endpoint("/data/bytes", nothing, "Bytes.", answer=Found, media="application/octet-stream"),
    ]
    got = document(with_document(endpoints))
    OpenAPIV31SpecValidator(got).validate()
    find = got["paths"]["/api/found"]["get"]
    assert (find["operationId"], find["tags"]) == ("get_api_found", ["api"])
    assert find["responses"]["200"]["description"] == "As found."
    assert {*find["responses"]["200"]["content"]} == {"application/json", "application/msgpack"}
    run, tag, kind, most = find["parameters"]
    assert run == {
        "name": "run",
        "in": "query",
        "required": True,
        "description": "Its id.",
        "schema": {"type": "integer"},
    }
    assert (tag["required"], tag["schema"]["type"]) == (False, "array")
    assert kind["schema"]["enum"] == ["a", "b"]
    assert most["schema"]["maximum"] == 10
    assert FORM in got["paths"]["/data/form"]["post"]["requestBody"]["content"]
    assert got["paths"]["/data/bytes"]["get"]["responses"]["200"]["content"] == {
        "application/octet-stream": {"x-piece": {"$ref": "#/components/schemas/Found"}}
    }
    inner = got["components"]["schemas"]["Inner"]
    assert inner["description"] == "What is inside."
    assert inner["properties"]["number"]["description"] == "A number\nof two lines."


def test_two_types_of_one_name_are_a_mistake() -> None:
    with pytest.raises(ValueError, match="two types of the API are called Inner"):
        structs([Inner, msgspec.defstruct("Inner", ["x"])])
