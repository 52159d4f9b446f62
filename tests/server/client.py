"""A plain HTTP client, which sends exactly the path and headers it is given, and a server for it to ask."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPMessage, HTTPResponse
from threading import Thread
from typing import Any

import uvicorn
from starlette.types import ASGIApp

from headway.server.serve import listen


@dataclass
class Answer:
    status: int
    headers: HTTPMessage
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Client:
    port: int
    host: str = "127.0.0.1"

    def get(self, path: str, headers: dict[str, str] | None = None, method: str = "GET") -> Answer:
        with self._ask(method, path, headers or {}, None) as response:
            return Answer(response.status, response.headers, response.read())

    def post(self, path: str, body: bytes, headers: dict[str, str] | None = None) -> Answer:
        with self._ask("POST", path, headers or {}, body) as response:
            return Answer(response.status, response.headers, response.read())

    @contextmanager
    def changes(self) -> Iterator[Iterator[Any]]:
        """The live stream, message by message; comments are None."""
        with self._ask("GET", "/api/changes", {}, None) as response:
            assert response.headers["content-type"].startswith("text/event-stream")
            yield self._messages(response)

    def _messages(self, response: HTTPResponse) -> Iterator[Any]:
        while line := response.readline():
            assert response.readline() == b"\n"
            yield json.loads(line.removeprefix(b"data: ")) if line.startswith(b"data: ") else None

    @contextmanager
    def _ask(self, method: str, path: str, headers: dict[str, str], body: bytes | None) -> Iterator[HTTPResponse]:
        with closing(HTTPConnection(self.host, self.port, timeout=10)) as connection:
            connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
            lengths = {} if body is None else {"Content-Length": str(len(body))}
            for name, value in ({"Host": f"{self.host}:{self.port}"} | lengths | headers).items():
                connection.putheader(name, value)
            connection.endheaders(body)
            with connection.getresponse() as response:
                yield response


@contextmanager
def serving(app: ASGIApp) -> Iterator[Client]:
    """Serve any application."""
    listening = listen("127.0.0.1", 0)
    server = uvicorn.Server(uvicorn.Config(app, lifespan="off", ws="none", log_config=None))
    thread = Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    yield Client(listening.getsockname()[1])
    server.should_exit = True
    thread.join()
