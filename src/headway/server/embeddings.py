"""Embeddings beside the event files: which a run has, their points as numbers, and what is told of the points."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from headway.ingest.directory import CHUNK
from headway.ingest.directory import PROJECTOR as CONFIG
from headway.query.kinds.points_file import Kept, read_raw, read_tsv
from headway.query.kinds.projector import Embedding, Labels, labels_of_tsv
from headway.server.answer import answered, wants_msgpack
from headway.server.api import (
    EmbeddingInfo,
    EmbeddingLabels,
    EmbeddingList,
    EmbeddingPoints,
    EmbeddingQuery,
    EmbeddingsQuery,
    LabelsQuery,
)
from headway.server.conditional import conditional
from headway.server.contents import name_of
from headway.server.endpoint import Endpoint, read_query
from headway.server.files import config_of, opening, read, version_of
from headway.store.asker import go_on

if TYPE_CHECKING:
    from headway.ingest.directory import OpenFile
    from headway.ingest.index import Index
    from headway.server.served import Served

LARGEST_POINTS = 8 << 30
LARGEST_LABELS = 256 << 20
"""Bytes. Points are read piece by piece, labels whole."""
MOST_COLUMNS = 200

_NO_TEXT = re.compile(rb"[\0-\x08\x80-\xff]")
_HEAD = 1 << 16
_STEP = re.compile(r"(.*):(\d{5,18})", re.DOTALL | re.ASCII)


def endpoints(served: Served) -> list[Endpoint]:
    """`api/embeddings`, `api/embedding` and `api/labels`."""
    index = served.index

    def get_embeddings(request: Request) -> Response:
        return answered(request, listed(index, read_query(request, EmbeddingsQuery)))

    def get_embedding(request: Request) -> Response:
        return points(index, request, read_query(request, EmbeddingQuery))

    def get_labels(request: Request) -> Response:
        return labels(index, request, read_query(request, LabelsQuery))

    return [
        Endpoint(
            "/api/embeddings",
            get_embeddings,
            "The embeddings that a run's projector_config.pbtxt lists.",
            query=EmbeddingsQuery,
            answer=EmbeddingList,
        ),
        Endpoint(
            "/api/embedding",
            get_embedding,
            "The points of one embedding, as numbers.",
            query=EmbeddingQuery,
            answer=EmbeddingPoints,
        ),
        Endpoint(
            "/api/labels",
            get_labels,
            "What is told of the points of an embedding.",
            query=LabelsQuery,
            answer=EmbeddingLabels,
        ),
    ]


def listed(index: Index, query: EmbeddingsQuery) -> EmbeddingList:
    """What a run's list names; an HTTPException (404) when it has none, (422) when it is malformed."""
    every = config_of(index, name_of(index, query.run)).embeddings
    last = {_name(one): one for one in every}
    return EmbeddingList(query.run, [_info(one) for one in last.values()])


def points(index: Index, request: Request, query: EmbeddingQuery) -> Response:
    """The points, unless the client has them; an HTTPException (404) when they are not there, (422) malformed."""
    run = name_of(index, query.run)
    one = _find(index, run, query.name)
    if not one.tensor_path:
        raise HTTPException(
            404,
            f"The tensor {query.name!r} of the run {run!r} lies in a checkpoint of TensorFlow, which headway does "
            f"not read. Write its points to a file, and name that as tensor_path in {CONFIG}.\n",
        )
    with opening(index, run, one.tensor_path, LARGEST_POINTS) as opened:
        tag = f'"{version_of(opened)}-{query.most:x}-{"x".join(map(str, one.shape))}-{wants_msgpack(request):d}"'

        def answer() -> Response:
            kept = _read_points(opened, one, run, query.most)
            rows = kept.rows()
            size, width = rows.shape
            values = rows.astype("<f4", copy=False).tobytes()
            return answered(
                request, EmbeddingPoints(query.run, query.name, size, width, kept.total, kept.stride, values)
            )

        return conditional(request, tag, answer)


def labels(index: Index, request: Request, query: LabelsQuery) -> Response:
    """The labels; an HTTPException (404) when there are none."""
    run = name_of(index, query.run)
    one = _find(index, run, query.name)
    if not one.metadata_path:
        raise HTTPException(404, f"The embedding {query.name!r} of the run {run!r} has no labels.\n")
    data, version = read(index, run, one.metadata_path, LARGEST_LABELS)
    tag = f'"{version}-{query.stride:x}-{query.points:x}-{wants_msgpack(request):d}"'
    return conditional(request, tag, lambda: answered(request, _in_columns(labels_of_tsv(data), query)))


def _read_points(opened: OpenFile, one: Embedding, run: str, most: int) -> Kept:
    kept = Kept(most)
    size = opened.status.size
    try:
        # As in TensorBoard, what is no text is raw.
        if one.tensor_path.endswith(".bytes") or _NO_TEXT.search(opened.read(0, _HEAD)):
            read_raw(_pieces(opened), one.shape, size, kept)
        else:
            read_tsv(_pieces(opened), kept)
    except ValueError as error:
        what = f"{one.tensor_path!r} of the run {run!r}"
        raise HTTPException(422, f"The embedding {what} is malformed: {error}\n") from None
    return kept


def _pieces(opened: OpenFile) -> Iterator[bytes]:
    for offset in range(0, opened.status.size, CHUNK // 4):
        go_on()
        yield bytes(opened.read(offset, min(CHUNK // 4, opened.status.size - offset)))


def _in_columns(found: Labels, query: LabelsQuery) -> EmbeddingLabels:
    names, rows = list(found.columns), found.rows
    if not names and query.points and len(rows) == query.points + 1:
        names, rows = list(rows[0]), rows[1:]
    lines, rows = len(rows), rows[:: query.stride]
    width = min(len(names) or 1, MOST_COLUMNS)
    values = [[row[column] if column < len(row) else "" for row in rows] for column in range(width)]
    return EmbeddingLabels((names or [""])[:width], values, lines)


def _find(index: Index, run: str, name: str) -> Embedding:
    """The last entry of a name: writers append those that are newer."""
    for one in reversed(config_of(index, run).embeddings):
        if _name(one) == name:
            return one
    raise HTTPException(404, f"The {CONFIG} of the run {run!r} lists no embedding {name[:100]!r}.\n")


def _name(one: Embedding) -> str:
    return one.name or one.tensor_path


def _info(one: Embedding) -> EmbeddingInfo:
    name, sprite = _name(one), one.sprite
    match = _STEP.fullmatch(name)
    return EmbeddingInfo(
        name,
        match[1] if match else name,
        int(match[2]) if match else None,
        bool(one.tensor_path),
        bool(one.metadata_path),
        sprite.path if sprite else "",
        sprite.width if sprite else 0,
        sprite.height if sprite else 0,
    )
