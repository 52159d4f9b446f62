"""The addresses that answer from the index and the marks: the API's but for charts, and TensorBoard's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from headway.server import (
    console,
    embeddings,
    entries,
    files,
    folder,
    heat,
    histograms,
    marks,
    matrices,
    media,
    points,
    runs,
    tags,
    tensorboard,
    texts,
)

if TYPE_CHECKING:
    from headway.server.endpoint import Endpoint
    from headway.server.served import Served

PARTS = (
    points,
    runs,
    tags,
    entries,
    texts,
    matrices,
    histograms,
    heat,
    media,
    files,
    folder,
    console,
    embeddings,
    marks,
    tensorboard,
)


def endpoints(served: Served) -> list[Endpoint]:
    """All of them."""
    return [one for part in PARTS for one in part.endpoints(served)]
