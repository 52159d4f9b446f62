"""What TensorBoard's projector reads, files beside the event files, from their bytes.

    projector_config.pbtxt   a ProjectorConfig in protobuf's text format
    tensors.tsv              a line a point, numbers between tabs; or raw little-endian float32, if a shape is told
    metadata.tsv             a line a point: its label; with several columns, their names first

ProjectorConfig  model_checkpoint_path · embeddings repeated · model_checkpoint_dir
EmbeddingInfo    tensor_name · metadata_path · bookmarks_path · tensor_shape repeated · sprite · tensor_path
SpriteMetadata   image_path · single_image_dim repeated
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from headway.query.kinds.pbtxt import parse_pbtxt
from headway.query.kinds.points_file import Kept, check_shape, read_tsv


@dataclass(frozen=True, slots=True)
class Sprite:
    """A picture of all points' pictures, row by row."""

    path: str
    width: int
    """Of one picture in it, in pixels; 0 when it is not told."""
    height: int


@dataclass(frozen=True, slots=True)
class Embedding:
    """One entry of the list. Paths are as they are written: relative to the list's directory, or anything else."""

    name: str
    tensor_path: str
    metadata_path: str
    bookmarks_path: str
    shape: tuple[int, ...]
    """Of the tensor, when it is told; a raw one cannot be read without."""
    sprite: Sprite | None


@dataclass(frozen=True, slots=True)
class ProjectorConfig:
    """The list of embeddings."""

    embeddings: tuple[Embedding, ...]
    checkpoint: str
    """A checkpoint of TensorFlow that has the tensors that no path is told of."""


@dataclass(frozen=True, slots=True)
class Labels:
    """What is told of the points."""

    columns: tuple[str, ...]
    """Names; a single column has none."""
    rows: tuple[tuple[str, ...], ...]
    """As they are written: with more or fewer columns where the file is ragged."""


def projector_config(file: bytes) -> ProjectorConfig:
    """Read projector_config.pbtxt.

    Raises:
        ValueError: it is none; the message says in which line.

    """
    found = parse_pbtxt(file)
    checkpoint = _text(found, "model_checkpoint_path") or _text(found, "model_checkpoint_dir")
    return ProjectorConfig(tuple(_embedding(entry) for entry in _messages(found, "embeddings")), checkpoint)


def points_of_tsv(file: bytes) -> NDArray[np.float32]:
    """Read tensors.tsv: [points, dimensions]. Blank lines are passed over; NaN and infinities are taken.

    Raises:
        ValueError: a line with other than numbers, or with another number of them than the first; which line.

    """
    kept = Kept(sys.maxsize)
    read_tsv([file], kept)
    return kept.rows()


def points_of_bytes(file: bytes, shape: tuple[int, ...]) -> NDArray[np.float32]:
    """Read a raw tensor: [points, dimensions].

    Raises:
        ValueError: `shape` is no [points, dimensions], or not of so many bytes.

    """
    check_shape(shape, len(file))
    return np.frombuffer(file, "<f4").reshape(shape)


def labels_of_tsv(file: bytes) -> Labels:
    """Read metadata.tsv; what is no UTF-8 becomes U+FFFD."""
    lines = str(file, "utf-8", "replace").split("\n")
    rows = [tuple(line.removesuffix("\r").split("\t")) for line in lines]
    if rows and rows[-1] == ("",):
        rows.pop()
    if not rows or len(rows[0]) == 1:
        return Labels((), tuple(row[:1] for row in rows))
    return Labels(rows[0], tuple(rows[1:]))


def _embedding(entry: dict[str, list[Any]]) -> Embedding:
    sprites = _messages(entry, "sprite")
    return Embedding(
        _text(entry, "tensor_name"),
        _text(entry, "tensor_path"),
        _text(entry, "metadata_path"),
        _text(entry, "bookmarks_path"),
        _sizes(entry, "tensor_shape"),
        _sprite(sprites[-1]) if sprites else None,
    )


def _sprite(entry: dict[str, list[Any]]) -> Sprite:
    sizes = (*_sizes(entry, "single_image_dim"), 0, 0)
    return Sprite(_text(entry, "image_path"), sizes[0], sizes[1])


def _messages(found: dict[str, list[Any]], name: str) -> list[dict[str, list[Any]]]:
    return [value for value in found.get(name, []) if isinstance(value, dict)]


def _text(found: dict[str, list[Any]], name: str) -> str:
    values = [value for value in found.get(name, []) if isinstance(value, bytes)]
    return str(values[-1], "utf-8", "replace") if values else ""


def _sizes(found: dict[str, list[Any]], name: str) -> tuple[int, ...]:
    words = [value for value in found.get(name, []) if isinstance(value, str)]
    if not all(word.isdigit() and word.isascii() and len(word) < 20 for word in words):
        raise ValueError(f"{name} is not {' '.join(words)[:60]!r}: sizes are expected")
    return tuple(int(word) for word in words)
