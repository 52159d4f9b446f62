"""Embeddings, for TensorBoard's projector: files beside the event files, and a list of them.

    {step:05d}/{encoded tag}/tensors.tsv     a line a point
                             metadata.tsv    a line a point: its label; with several columns, their names first
                             sprite.png      the points' pictures, row by row in a square
    projector_config.pbtxt                   an entry an embedding: its name "{tag}:{step:05d}" and its files

The list is shared by all writers of the directory, and kept when they come back: an entry is appended in one write.
One that is written again (same tag, same step) takes the place of the older one, which is blanked out where it
stands, so that nobody's append can be lost.
"""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from math import isqrt
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from headway.errors import ShapeError
from headway.record.kinds.image import png, to_uint8
from headway.record.kinds.pbtxt import quoted

CONFIG = "projector_config.pbtxt"
LARGEST_SPRITE = 8192
"""Pixels on a side; TensorBoard's page refuses more."""

_LONGEST_NAME = 255  # bytes of a directory's name, on all common file systems
_NUMBERS_AT_ONCE = 1 << 16
_BREAKS = str.maketrans("\t\n\r", "   ")
_EMPTY = "\u200b"  # a zero-width space: the page skips blank lines, and all labels after one would be off
_FIELD = rb" *\w+: .*\n"
_ENTRY = re.compile(
    rb"^embeddings \{\n(?:" + _FIELD + rb"| *sprite \{\n(?:" + _FIELD + rb")* *\}\n)*\}\n", re.MULTILINE
)


def check_embedding(
    tag: str,
    shape: Sequence[int],
    labels: Sequence[Any] | None = None,
    images: Sequence[int] | None = None,
    header: Sequence[str] | None = None,
    *,
    kind: str = "f",
) -> None:
    """Look at an embedding's `shape` and `kind`, its `labels` and the shape of its `images`, before it is deferred.

    Raises:
        ShapeError: not `shape` [points ≥ 1, dimensions ≥ 1]; not one label a point; not as many columns in each
            label as in `header`; not `images` [points, 1 or 3 channels, side, side], or together too large.
        TypeError: `tag` is no str, or the `kind` of the matrix (numpy's letter) is complex.
        ValueError: `tag` is too long for a directory's name.

    """
    if not isinstance(tag, str):
        raise TypeError(f"a tag must be a str, not {type(tag).__name__}")
    if len(os.fsencode(encode_tag(tag))) > _LONGEST_NAME:
        raise ValueError(f"embedding {tag[:40]!r}...: the tag names a directory and is too long for one")
    name = f"embedding {tag!r}"
    if kind == "c":
        raise TypeError(f"{name}: the matrix is complex, expected real numbers")
    if len(shape) != 2 or 0 in shape:
        raise ShapeError(f"{name}: the matrix has shape {[*shape]}, expected [points, dimensions]")
    points = shape[0]
    if labels is not None:
        _check_labels(name, points, labels, header)
    if images is not None:
        _check_images(name, points, images)


def _check_labels(name: str, points: int, labels: Sequence[Any], header: Sequence[str] | None) -> None:
    if len(labels) != points:
        raise ShapeError(f"{name}: {len(labels)} labels (metadata) for {points} points")
    if not header:
        return
    for number, row in enumerate(labels):
        if isinstance(row, str) or not hasattr(row, "__len__") or len(row) != len(header):
            raise ShapeError(f"{name}: label {number} is {row!r}, expected {len(header)} columns as in the header")


def _check_images(name: str, points: int, shape: Sequence[int]) -> None:
    if len(shape) != 4 or shape[1] not in (1, 3) or shape[2] != shape[3] or 0 in shape:
        raise ShapeError(f"{name}: the images have shape {[*shape]}, expected [points, 1 or 3, side, side]")
    if shape[0] != points:
        raise ShapeError(f"{name}: {shape[0]} images for {points} points")
    side = _columns(points) * shape[3]
    if side > LARGEST_SPRITE:
        raise ShapeError(
            f"{name}: {points} images of {shape[3]} × {shape[3]} make a square of {side} pixels; "
            f"TensorBoard shows up to {LARGEST_SPRITE}"
        )


def encode_tag(tag: str) -> str:
    """Return the name of the directory for `tag`: as tensorboardX makes it, and never one that leads elsewhere."""
    if tag in (".", ".."):
        return tag.replace(".", "%2e")
    name = tag.replace("%", "%25").replace("/", "%2f").replace("\\", "%5c").replace("\0", "%00")
    return name.encode("utf-8", "replace").decode()


# ---- the files' contents


def label_rows(metadata: Any) -> list[Any]:
    """Return a list of its own of the labels in `metadata`: a sequence, or an array or tensor of any framework."""
    labels = metadata.tolist() if hasattr(metadata, "tolist") else metadata
    if not isinstance(labels, Iterable):
        raise TypeError(f"metadata must be a list of labels, not {type(metadata).__name__}")
    return list(labels)


def tensors_tsv(matrix: npt.NDArray[Any]) -> Iterator[bytes]:
    """Yield tensors.tsv of `matrix` [points, dimensions] in pieces; every number with the digits that tell it apart.

    A float32 has at most nine; the page keeps float32 numbers.
    """
    if matrix.dtype.kind == "b":
        matrix = matrix.astype(np.uint8)
    is_single = matrix.dtype.kind == "f" and matrix.dtype.itemsize <= 4
    line = "\t".join(["%.9g" if is_single else "%r"] * matrix.shape[1]) + "\n"
    rows = max(_NUMBERS_AT_ONCE // matrix.shape[1], 1)
    for begin in range(0, len(matrix), rows):
        yield "".join([line % tuple(row) for row in matrix[begin : begin + rows].tolist()]).encode()


def metadata_tsv(labels: Sequence[Any], header: Sequence[str] | None = None) -> bytes:
    """Return metadata.tsv: a line for each of `labels`, strings or, when there is a `header`, rows of columns.

    What would break a line or a column becomes a space. A single column has no header: the page would take it for
    the first point's label.
    """
    rows: Iterable[Sequence[Any]] = labels if header else ((label,) for label in labels)
    if header and len(header) > 1:
        rows = chain([header], rows)
    lines = ["\t".join([_cell(value) for value in row]) for row in rows]
    return "".join([(line if line.strip() else _EMPTY + line) + "\n" for line in lines]).encode("utf-8", "replace")


def _cell(value: Any) -> str:
    if not isinstance(value, str) and hasattr(value, "tolist"):  # a number of numpy, torch, jax, ...
        value = value.tolist()
    return str(value).translate(_BREAKS)


def sprite_png(images: npt.NDArray[Any]) -> bytes:
    """Return sprite.png: `images` [points, 1 or 3, side, side] row by row in a square; what is left over is black."""
    points, channels, side, _ = images.shape
    columns = _columns(points)
    tiles = np.zeros((columns * columns, channels, side, side), np.uint8)
    tiles[:points] = to_uint8(images)
    square = tiles.reshape(columns, columns, channels, side, side).transpose(0, 3, 1, 4, 2)
    pixels = square.reshape(columns * side, columns * side, channels)
    return png(np.ascontiguousarray(np.broadcast_to(pixels, (*pixels.shape[:2], 3))))


def _columns(points: int) -> int:
    """Return how many images stand in a row of the square: the root of their number, rounded up."""
    return isqrt(points - 1) + 1


def config_entry(tag: str, step: int, files: Iterable[str], side: int = 0) -> bytes:
    """Return the embedding's entry in projector_config.pbtxt.

    Args:
        tag: the embedding's tag.
        step: and its step.
        files: which of its files there are.
        side: of each picture of the sprite, in pixels.

    """
    folder = f"{step:05d}/{encode_tag(tag)}"
    lines = [f"tensor_name: {quoted(f'{tag}:{step:05d}')}", f"tensor_path: {quoted(f'{folder}/tensors.tsv')}"]
    if "metadata.tsv" in files:
        lines.append(f"metadata_path: {quoted(f'{folder}/metadata.tsv')}")
    if "sprite.png" in files:
        dimension = f"  single_image_dim: {side}"
        lines += ["sprite {", f"  image_path: {quoted(f'{folder}/sprite.png')}", dimension, dimension, "}"]
    return ("embeddings {\n" + "".join(f"  {line}\n" for line in lines) + "}\n").encode()


# ---- the edge


def write_embedding(
    directory: Path,
    matrix: npt.NDArray[Any],
    labels: Sequence[Any] | None = None,
    images: npt.NDArray[Any] | None = None,
    *,
    step: int = 0,
    tag: str = "default",
    header: Sequence[str] | None = None,
) -> None:
    """Write an embedding that `check_embedding` has let pass below `directory`, and enter it into the list there.

    Raises:
        OSError: something cannot be written; the list is as it was.

    """
    files: dict[str, Iterable[bytes]] = {"tensors.tsv": tensors_tsv(matrix)}
    if labels is not None:
        files["metadata.tsv"] = [metadata_tsv(labels, header)]
    if images is not None:
        files["sprite.png"] = [sprite_png(images)]
    _write_files(directory / f"{step:05d}" / encode_tag(tag), files)
    _enter(directory / CONFIG, config_entry(tag, step, files, 0 if images is None else images.shape[3]))


def _write_files(folder: Path, files: Mapping[str, Iterable[bytes]]) -> None:
    """Write whole files: a reader finds the old or the new one, never a part."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, pieces in files.items():
        unfinished = folder / f".{name}.{os.getpid()}.{threading.get_ident()}"
        try:
            with unfinished.open("wb") as file:
                file.writelines(pieces)
            unfinished.replace(folder / name)
        finally:
            unfinished.unlink(missing_ok=True)


def _enter(config: Path, entry: bytes) -> None:
    """Append `entry` to `config` and blank the older ones of the same name."""
    before = config.read_bytes() if config.exists() else b""
    older = [found for found in _ENTRY.finditer(before) if _name(found[0]) == _name(entry)]
    if [found[0] for found in older] == [entry]:
        return
    if before and not before.endswith(b"\n"):
        entry = b"\n" + entry
    with config.open("ab", buffering=0) as file:
        written = file.write(entry)
        end = file.tell()
    if written < len(entry):  # the disk is full; half an entry would make the whole list unreadable
        _blank(config, end - written, end)
        raise OSError(f"{config}: {written} of {len(entry)} bytes could be written")
    for found in older:
        _blank(config, *found.span(), expected=found[0])


def _name(entry: bytes) -> bytes:
    return next((line.strip() for line in entry.splitlines() if line.strip().startswith(b"tensor_name:")), b"")


def _blank(config: Path, begin: int, end: int, expected: bytes | None = None) -> None:
    with config.open("r+b", buffering=0) as file:
        file.seek(begin)
        if expected is not None and file.read(end - begin) != expected:
            return  # another writer, torch's, has made the list anew
        file.seek(begin)
        file.write(b" " * (end - begin - 1) + b"\n")
