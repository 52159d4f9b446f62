"""The addresses that answer from the index and the marks: the API's but for charts, and TensorBoard's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from headway.server import embeddings, entries, files, marks, media, runs, tags, tensorboard

if TYPE_CHECKING:
    from headway.server.endpoint import Endpoint
    from headway.server.served import Served


def endpoints(served: Served) -> list[Endpoint]:
    """All of them."""
    return [
        one
        for part in (runs, tags, entries, media, files, embeddings, marks, tensorboard)
        for one in part.endpoints(served)
    ]
