"""A reverse proxy on the loopback interface, as people put one before a server: it shows it below a path."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Thread

MORE = "Connection: close\r\nX-Forwarded-For: 192.0.2.1\r\nX-Forwarded-Prefix: /elsewhere\r\n"


@dataclass(frozen=True)
class Proxy:
    """Passes on what is asked for below `prefix` to `port`; all else is 404. One request a connection.

    `strips`: the prefix is taken off. `host`: what it says for Host instead of what the browser said.
    """

    port: int
    prefix: str
    strips: bool = True
    host: str | None = None
    asked: list[str] = field(default_factory=list)
    """The paths that were asked for, below the prefix or not."""

    def changed(self, head: str) -> str | None:
        """The head of a request as it is passed on, or None."""
        method, path, _ = head.split(" ", 2)
        self.asked.append(path)
        if not path.startswith(f"{self.prefix}/"):
            return None
        inside = path.removeprefix(self.prefix) if self.strips else path
        head = head.replace(f"{method} {path} ", f"{method} {inside} ", 1)
        head = re.sub(r"\r\nconnection:[^\r]*", "", head, flags=re.IGNORECASE)
        if self.host is not None:
            head = re.sub(r"\r\nhost:[^\r]*", f"\r\nHost: {self.host}", head, flags=re.IGNORECASE)
        return f"{head}{MORE}\r\n"


@contextmanager
def proxying(proxy: Proxy) -> Iterator[str]:
    """Serve `proxy` for as long as the block; its address, which ends with the prefix and a slash."""
    open_ones: set[socket.socket] = set()

    class Handler(StreamRequestHandler):
        def handle(self) -> None:
            lines = list(iter(self.rfile.readline, b"\r\n"))
            if b"" in lines[-1:] or not lines:  # it opened a connection ahead, and did not need it
                return
            head = proxy.changed(b"".join(lines).decode("latin-1"))
            if head is None:
                self.wfile.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
                return
            with socket.create_connection(("127.0.0.1", proxy.port)) as onward:
                open_ones.update((self.request, onward))
                onward.sendall(head.encode("latin-1"))
                body = Thread(target=self.pass_body_on, args=[onward])
                body.start()
                with suppress(OSError):
                    while piece := onward.recv(1 << 16):
                        self.wfile.write(piece)
                shut(self.request)
                body.join()
                open_ones.difference_update((self.request, onward))

        def pass_body_on(self, onward: socket.socket) -> None:
            """Pass on what follows the head; its end is that of the connection."""
            with suppress(OSError):
                while piece := self.rfile.read1(1 << 16):
                    onward.sendall(piece)
            shut(onward)

    class Server(ThreadingTCPServer):
        request_queue_size = 64

        def handle_error(self, request: object, client_address: object) -> None:
            """A browser may go away at any time."""

    with Server(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever, args=[0.05])
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}{proxy.prefix}/"
        server.shutdown()
        thread.join()
        for one in [*open_ones]:
            shut(one)


def shut(one: socket.socket) -> None:
    """End a connection, whoever waits for it."""
    with suppress(OSError):
        one.shutdown(socket.SHUT_RDWR)
