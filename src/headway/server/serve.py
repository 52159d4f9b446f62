"""The server itself: takes a port, runs the application, ends quickly."""

from __future__ import annotations

import contextlib
import errno
import ipaddress
import os
import signal
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self
from urllib.parse import quote

import uvicorn
from starlette.applications import Starlette

from headway.errors import HeadwayError
from headway.server.address import ANY_TOKEN, prefix_of, token_of
from headway.server.app import create_app
from headway.server.memory import keep_freed_memory
from headway.server.security import LOOPBACK_NAMES

if TYPE_CHECKING:
    from headway.ingest.index import Index


class Server:
    """A log directory's index, served over HTTP.

    Building it takes the port (0: any free one) or raises HeadwayError. Then, once, `run()` until Ctrl-C or
    SIGTERM, or `with server:` in the background. Closing the index is the caller's, afterwards.

    Beyond the loopback interface every request needs a `token`, a random one if none is wished for; on loopback
    only when one is wished for (`ANY_TOKEN`: a random one). `urls` carry it. The first of them is for this machine.
    With a token the server answers to any name. `prefix`: the path that the page is below, for proxies that leave it.
    """

    def __init__(
        self,
        index: Index,
        host: str = "127.0.0.1",
        port: int = 6006,
        *,
        token: str | None = None,
        prefix: str = "",
    ) -> None:
        wished = None if token is None else token_of(token)
        prefix = prefix_of(prefix)
        keep_freed_memory()
        self._socket = listen(host, port)
        bound, self.port = self._socket.getsockname()[:2]
        reach = reach_of(host, bound.partition("%")[0])
        self.token = wished or (token_of(ANY_TOKEN) if reach.is_wide else None)
        query = f"?token={self.token}" if self.token else ""
        self.urls = [f"http://{name}:{self.port}{quote(prefix)}/{query}" for name in reach.names]
        hosts = None if self.token else reach.hosts
        app = create_app(index, token=self.token, hosts=hosts, prefix=prefix)
        self._uvicorn = _Uvicorn(app, self._socket)
        self._thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        """The address to open on this machine."""
        return self.urls[0]

    def run(self, on_ready: Callable[[], None] = lambda: None) -> None:
        """Serve until Ctrl-C or SIGTERM, on the main thread; call `on_ready` once requests are answered."""
        # Having stopped, uvicorn raises the signal that stopped it again: here, either is an exception.
        previous = signal.signal(signal.SIGTERM, signal.default_int_handler)
        try:
            with contextlib.suppress(KeyboardInterrupt):
                self._uvicorn.serve_until_stopped(on_ready)
        finally:
            signal.signal(signal.SIGTERM, previous)

    def __enter__(self) -> Self:
        ready = threading.Event()

        def serve() -> None:
            try:
                self._uvicorn.serve_until_stopped(ready.set)
            finally:
                ready.set()

        self._thread = threading.Thread(target=serve, name="headway-server", daemon=True)
        self._thread.start()
        ready.wait()
        if not self._uvicorn.started:
            raise HeadwayError("the server did not start; its log says why")
        return self

    def __exit__(self, *_: object) -> None:
        assert self._thread is not None
        self._uvicorn.should_exit = True
        self._thread.join()


class _Uvicorn(uvicorn.Server):
    """uvicorn, but it says when it is ready, and ends live streams before it waits for requests to end."""

    def __init__(self, app: Starlette, listening: socket.socket) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                lifespan="on",
                ws="none",
                log_config=None,
                access_log=False,
                server_header=False,
                timeout_graceful_shutdown=1,
            )
        )
        self._end_streams = app.state.changes.close
        self._listening = listening
        self._on_ready: Callable[[], None] = lambda: None

    def serve_until_stopped(self, on_ready: Callable[[], None]) -> None:
        self._on_ready = on_ready
        with self._listening:
            self.run(sockets=[self._listening])

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._on_ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._end_streams()
        await super().shutdown(sockets)


@dataclass(frozen=True)
class Reach:
    """From where a server can be asked: the names to ask it by, those it answers to (None: any), how far."""

    names: list[str]
    hosts: frozenset[str] | None
    is_wide: bool
    """Beyond this machine."""


def reach_of(host: str, bound: str) -> Reach:
    """`host` as the user gave it, `bound` the numeric address that it stands for."""
    address = ipaddress.ip_address(bound)
    if address.is_unspecified:
        loopback = "127.0.0.1" if address.version == 4 else "[::1]"
        return Reach([loopback, socket.gethostname()], None, is_wide=True)
    name = _bracketed(host)
    return Reach([name], LOOPBACK_NAMES | {name, _bracketed(bound)}, is_wide=not address.is_loopback)


def listen(host: str, port: int) -> socket.socket:
    """Take the port, or raise a HeadwayError that says what to do."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except OSError as error:
        raise HeadwayError(f"cannot serve on {host}: {error.strerror or error}") from None
    listening = socket.socket(family, kind, protocol)
    try:
        if os.name == "posix":  # elsewhere it would let two servers share a port
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen(128)  # now, so that a second server is refused now
    except OSError as error:
        listening.close()
        if error.errno == errno.EADDRINUSE:
            raise HeadwayError(
                f"port {port} of {host} is in use, perhaps by another headway or TensorBoard: "
                "stop that, or choose another with --port (0 takes any free one)"
            ) from None
        raise HeadwayError(f"cannot serve on port {port} of {host}: {error.strerror or error}") from None
    return listening


def _bracketed(host: str) -> str:
    """Write a host as it stands in a URL."""
    return f"[{host}]" if ":" in host else host
