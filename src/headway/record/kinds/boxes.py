"""Boxes on a picture, as tensorboardX and torch draw them."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil
from typing import Any

import numpy as np

from headway.errors import ShapeError
from headway.record.lazy import need

_COLOUR = "Red"
_TEXT_COLOUR = "black"
_THICKNESS = 2
"""Pixels."""


def check_boxes(tag: str, shape: Sequence[int]) -> None:
    """Check the shape of boxes: [boxes, 4].

    Raises:
        ShapeError: it is another.

    """
    if len(shape) != 2 or shape[1] != 4:
        raise ShapeError(f"{tag!r}: boxes have shape {tuple(shape)}; expected [boxes, 4]: xmin, ymin, xmax, ymax")


def with_boxes(
    hwc: np.ndarray[Any, Any], boxes: np.ndarray[Any, Any], labels: str | Sequence[str] | None = None
) -> np.ndarray[Any, Any]:
    """Return a copy of the picture with boxes on it; one that is not finite is left out.

    Args:
        hwc: uint8 [height, width, 3 or 4].
        boxes: [boxes, 4], each xmin, ymin, xmax, ymax in pixels from the upper left corner.
        labels: one for each box, or a single string for the only one; another number of labels draws none.

    """
    if isinstance(labels, str):
        labels = [labels]
    if labels is None or len(labels) != len(boxes):
        labels = [""] * len(boxes)
    picture = need("PIL.Image", "pillow", "pictures with boxes").fromarray(hwc)
    draw = need("PIL.ImageDraw", "pillow", "pictures with boxes").Draw(picture)
    for box, label in zip(np.asarray(boxes, np.float64), labels, strict=True):
        if np.isfinite(box).all():
            _draw_box(draw, box.tolist(), str(label or ""))
    return np.asarray(picture)


def _draw_box(draw: Any, box: list[float], label: str) -> None:
    left, top, right, bottom = box
    corners = [(left, top), (left, bottom), (right, bottom), (right, top), (left, top)]
    draw.line(corners, fill=_COLOUR, width=_THICKNESS)
    if label:
        _draw_label(draw, left, bottom, label)


def _draw_label(draw: Any, left: float, bottom: float, label: str) -> None:
    """Write on a bar that lies in the box's lower left corner and is as large as the text."""
    font = need("PIL.ImageFont", "pillow", "pictures with boxes").load_default()
    x0, y0, x1, y1 = font.getbbox(label)
    width, height = x1 - x0, y1 - y0
    margin = ceil(0.05 * height)
    top = bottom - height - 2 * margin
    draw.rectangle([(left, top), (left + width, bottom)], fill=_COLOUR)
    draw.text((left + margin, top + margin), label, fill=_TEXT_COLOUR, font=font)
