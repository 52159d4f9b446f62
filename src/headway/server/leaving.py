"""What a client that went away had asked for is given up."""

from __future__ import annotations

import asyncio

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from headway.store.asker import Asker

RETRY = 0.02
"""Seconds between two attempts to interrupt a query."""


class Leaving:
    """ASGI middleware that listens for the end of the connection while the application answers.

    Starlette itself ends streams then, but neither a query that runs in a thread nor an answer made in one piece.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as the application does, for as long as somebody waits for it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        asker, connection = Asker(), _Connection(receive)
        listening = asyncio.create_task(connection.listen(asker))
        try:
            with asker.asking():
                await self.app(scope, connection.receive, send)
        finally:
            if not connection.has_ended:
                listening.cancel()


class _Connection:
    """What arrives of one request."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        # One message ahead of the application: a body still arrives at the pace at which it is read.
        self._messages: asyncio.Queue[Message] = asyncio.Queue(1)
        self.has_ended = False

    async def listen(self, asker: Asker) -> None:
        """Until the end of the connection, and until nothing is done for it any more."""
        while (message := await self._receive())["type"] != "http.disconnect":
            await self._messages.put(message)
        self.has_ended = True
        if self._messages.empty():  # the application may be waiting
            self._messages.put_nowait(message)
        while asker.leave():
            await asyncio.sleep(RETRY)

    async def receive(self) -> Message:
        """What the application gets."""
        return {"type": "http.disconnect"} if self.has_ended else await self._messages.get()
