"""The projector's files, one by one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from headway.errors import ShapeError
from headway.record.arrays import as_array
from headway.record.kinds import projector

TB_MAX_SPRITE_SIZE = projector.LARGEST_SPRITE


def make_tsv(metadata: Any, save_path: str, metadata_header: Sequence[str] | None = None) -> None:
    """Write metadata.tsv into the directory `save_path`."""
    labels = projector.label_rows(metadata)
    projector.check_embedding("", (len(labels), 1), labels, header=metadata_header)
    _write(save_path, "metadata.tsv", projector.metadata_tsv(labels, metadata_header))


def make_sprite(label_img: Any, save_path: str) -> None:
    """Write sprite.png of pictures [points, 1 or 3, side, side] into the directory `save_path`."""
    images = as_array(label_img, "label_img")
    projector.check_embedding("", (len(images), 1), images=images.shape)
    _write(save_path, "sprite.png", projector.sprite_png(images))


def make_mat(matlist: Any, save_path: str) -> None:
    """Write tensors.tsv of points [points, dimensions] into the directory `save_path`."""
    matrix = as_array(matlist, "matlist")
    if matrix.ndim != 2:
        raise ShapeError(f"points of shape {matrix.shape}: expected [points, dimensions]")
    _write(save_path, "tensors.tsv", b"".join(projector.tensors_tsv(matrix)))


def _write(folder: str, name: str, content: bytes) -> None:
    (Path(folder) / name).write_bytes(content)
