"""What a client that went away had asked for is given up."""

from __future__ import annotations

import asyncio

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from headway.store.asker import Asker


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
        asker = Asker()
        # One message ahead of the application: a body still arrives at the pace at which it is read.
        messages: asyncio.Queue[Message] = asyncio.Queue(1)

        async def listen() -> None:
            while (message := await receive())["type"] != "http.disconnect":
                await messages.put(message)
            asker.leave()
            while True:  # however often the application asks
                await messages.put(message)

        listening = asyncio.create_task(listen())
        try:
            with asker.asking():
                await self.app(scope, messages.get, send)
        finally:
            listening.cancel()
