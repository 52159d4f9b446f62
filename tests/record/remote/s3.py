"""An S3 server (moto's) behind a proxy that can fail in the ways of networks."""

from __future__ import annotations

import contextlib
import http.client
import logging
import socket
import struct
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Literal

import boto3
import pytest
from moto.server import ThreadedMotoServer

Fault = Literal["", "unavailable", "reset", "hang", "slow"]


@contextlib.contextmanager
def serving() -> Iterator[int]:
    """An S3 server: its port."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer("127.0.0.1", 0)
    server.start()
    yield server.get_host_and_port()[1]
    server.stop()


def point_to(url: str, spool: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have `s3://` mean the server at `url`; what waits for it lies in `spool`."""
    monkeypatch.setenv("S3_ENDPOINT", url)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.setenv("HEADWAY_SPOOL", str(spool))


class Proxy(ThreadingHTTPServer):
    """Passes requests on to `port`, except when there is a `fault`; keeps what was uploaded and answered for."""

    daemon_threads = True
    fault: Fault = ""

    def __init__(self, port: int, at: int = 0) -> None:
        super().__init__(("127.0.0.1", at), _Handler)
        self.behind = port
        self.failed = 0
        self.uploads: list[tuple[str, bytes]] = []
        self.requests: list[tuple[str, str, str]] = []
        """Method, path and Range of what was passed on."""
        self.healed = threading.Event()
        self.connections: list[socket.socket] = []
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def heal(self) -> None:
        self.fault = ""
        self.healed.set()

    def stop(self) -> None:
        """End as if it had never been: connections are refused from now on."""
        self.heal()
        self.shutdown()
        self.server_close()
        for connection in self.connections:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        pass  # the other side has gone


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Proxy

    def setup(self) -> None:
        super().setup()
        self.server.connections.append(self.connection)

    def _answer(self) -> None:
        fault, length = self.server.fault, int(self.headers.get("Content-Length", 0))
        if fault == "reset":
            self.rfile.read(length // 2)
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        body = b"" if fault == "reset" else self.rfile.read(length)
        if fault == "slow":
            self.server.failed += 1
            self.server.healed.wait(60)
        elif fault:
            self.server.failed += 1
            self.close_connection = True
            if fault == "hang":
                self.server.healed.wait(60)
            if fault == "unavailable":
                self.send_error(503)
            return
        self._pass_on(body)

    do_GET = do_PUT = do_HEAD = do_POST = _answer  # noqa: N815

    def _pass_on(self, body: bytes) -> None:
        self.server.requests.append((self.command, self.path, self.headers.get("Range", "")))
        behind = http.client.HTTPConnection("127.0.0.1", self.server.behind)
        behind.request(self.command, self.path, body, dict(self.headers))
        reply = behind.getresponse()
        data = reply.read()
        behind.close()
        if self.command == "PUT":
            self.server.uploads.append((self.path, body))
        self.send_response(reply.status)
        for name, value in reply.getheaders():
            if name.lower() not in ("transfer-encoding", "connection", "date", "server", "content-length"):
                self.send_header(name, value)
        self.send_header("Content-Length", reply.headers.get("Content-Length", str(len(data))))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *arguments: object) -> None:
        pass


class Bucket:
    """A new bucket of the server at `port`, seen from behind the proxy."""

    def __init__(self, port: int, name: str) -> None:
        self.name = name
        self._client = boto3.client("s3", endpoint_url=f"http://127.0.0.1:{port}", region_name="us-east-1")
        self._client.create_bucket(Bucket=name)

    def names(self, prefix: str = "") -> list[str]:
        listing = self._client.list_objects_v2(Bucket=self.name, Prefix=prefix)
        return [found["Key"] for found in listing.get("Contents", [])]

    def read(self, name: str) -> bytes:
        return bytes(self._client.get_object(Bucket=self.name, Key=name)["Body"].read())

    def download(self, directory: Path, prefix: str = "") -> Path:
        """Bring everything below `prefix` to `directory`."""
        for name in self.names(prefix):
            path = directory / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(self.read(name))
        return directory / prefix
