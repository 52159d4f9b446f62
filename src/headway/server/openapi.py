"""The OpenAPI document of the API, made from the addresses as they are declared: `api/openapi.json`."""

from __future__ import annotations

import ast
import inspect
import re
import textwrap
from collections.abc import Sequence
from functools import cache
from typing import Any
from zlib import crc32

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from headway import __version__
from headway.server.conditional import conditional
from headway.server.endpoint import JSON, Endpoint

VERSION = "3.1.0"
MSGPACK = "application/msgpack"
PATH = "/api/openapi.json"
TEMPLATE = "#/components/schemas/{name}"

ABOUT = """\
Reads a directory of TensorBoard event files. Addresses are relative to the page's, whatever path it is below.

- A malformed request is answered by 400 and one line of text.
- A server that asks for its token takes it as `Authorization: Bearer`, as a cookie, or in the path:
  `t/<token>/api/…`.
- JSON with a schema is sent as msgpack to requests with `Accept: application/msgpack`; `contentEncoding: base64` is
  then plain binary, and NaN and infinities are themselves instead of null.
- Packed columns are little-endian.
- Answers with an ETag are answered by 304 when `If-None-Match` has it.
"""


def with_document(endpoints: Sequence[Endpoint]) -> list[Endpoint]:
    """`endpoints`, and the address of the document, which names them all and itself."""

    @cache
    def encoded() -> bytes:
        return msgspec.json.encode(document(every))

    def get_document(request: Request) -> Response:
        tag = f'W/"{crc32(encoded()):08x}"'
        return conditional(request, tag, lambda: Response(encoded(), media_type=JSON))

    every = [*endpoints, Endpoint(PATH, get_document, "This document.", details="OpenAPI 3.1.")]
    return every


def document(endpoints: Sequence[Endpoint]) -> dict[str, Any]:
    """Describe `endpoints`."""
    types = [kind for one in endpoints for kind in (one.body, one.answer) if kind is not None]
    schemas, components = msgspec.json.schema_components(types, ref_template=TEMPLATE)
    named = dict(zip(map(repr, types), schemas, strict=True))
    for name, struct in structs(types).items():
        describe_fields(components[name], struct)
    paths: dict[str, dict[str, Any]] = {}
    for one in endpoints:
        paths.setdefault(one.path, {})[one.method.lower()] = operation(one, named, components)
    return {
        "openapi": VERSION,
        "info": {"title": "headway", "version": __version__, "description": ABOUT},
        "servers": [{"url": "..", "description": "Where the page is, as seen from this document."}],
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
        "security": [{}, {"token": []}],
    }


def operation(one: Endpoint, named: dict[str, Any], components: dict[str, Any]) -> dict[str, Any]:
    """Describe one address; `named`: the schemas of types, by their repr."""
    found: dict[str, Any] = {
        "operationId": re.sub(r"\W+", "_", f"{one.method.lower()}{one.path}").strip("_"),
        "summary": one.summary,
        "tags": [one.path.split("/")[1]],
        "responses": {
            "200": {"description": one.details or "As asked.", "content": content(one, named)},
            "default": {
                "description": "What is wrong, in one line.",
                "content": {"text/plain": {"schema": {"type": "string"}}},
            },
        },
    }
    if one.query is not None:
        found["parameters"] = parameters(one.query, components)
    if one.body is not None:
        found["requestBody"] = {"required": True, "content": {one.body_media: {"schema": named[repr(one.body)]}}}
    return found


def content(one: Endpoint, named: dict[str, Any]) -> dict[str, Any]:
    """Describe an answer. Where the schema is of a piece of it, as JSON would have it, it is `x-piece`."""
    if one.answer is None:
        return {one.media: {}}
    schema = named[repr(one.answer)]
    if one.media == JSON:
        return {JSON: {"schema": schema}, MSGPACK: {"schema": schema}}
    return {one.media: {"x-piece": schema}}


def parameters(query: type[msgspec.Struct], components: dict[str, Any]) -> list[dict[str, Any]]:
    """Describe what stands in the address; types that it names go to `components`."""
    _, found = msgspec.json.schema_components([query], ref_template=TEMPLATE)
    schema = found.pop(query.__name__)
    components.update(found)
    describe_fields(schema, query)
    needed = schema.get("required", [])
    return [
        {"name": name, "in": "query", "required": name in needed}
        | ({"description": text} if (text := field.pop("description", "")) else {})
        | {"schema": field}
        for name, field in schema["properties"].items()
    ]


def describe_fields(schema: dict[str, Any], struct: type[msgspec.Struct]) -> None:
    """Add the docstrings of the fields, which exist in the source alone."""
    (declared,) = ast.parse(textwrap.dedent(inspect.getsource(struct))).body
    assert isinstance(declared, ast.ClassDef)
    names = [field.encode_name for field in msgspec.structs.fields(struct)]
    described = schema.get("properties") or dict(zip(names, schema.get("prefixItems", ()), strict=False))
    for field, text in zip(declared.body, declared.body[1:], strict=False):
        match field, text:
            case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(doc))):
                described[name]["description"] = inspect.cleandoc(doc)


def structs(types: Sequence[Any]) -> dict[str, type[msgspec.Struct]]:
    """Find the structs among `types` and in their fields, by name."""
    found: dict[str, type[msgspec.Struct]] = {}
    waiting = list(types)
    while waiting:
        kind = waiting.pop()
        if inspect.isclass(kind) and issubclass(kind, msgspec.Struct):
            if found.get(kind.__name__) is kind:
                continue
            if kind.__name__ in found:
                raise ValueError(f"two types of the API are called {kind.__name__}")
            found[kind.__name__] = kind
            waiting += [field.type for field in msgspec.structs.fields(kind)]
        else:  # list[…], … | None
            waiting += getattr(kind, "__args__", ())
    return found
