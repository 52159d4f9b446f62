"""Layouts: what the axes of an array of pixels mean, a letter each.

N pictures or clips, T frames, C channels (1 grey, 3 red-green-blue, 4 with alpha), H rows, W columns.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from headway.errors import ShapeError

CHANNELS = (1, 3, 4)


def check_layout(
    tag: str, shape: Sequence[int], dataformats: str, orders: Sequence[str], channels: Sequence[int] = CHANNELS
) -> dict[str, int]:
    """Return the size of each axis by its letter.

    Args:
        tag: named in errors.
        shape: of the array.
        dataformats: a letter for each axis, in upper or lower case.
        orders: the sets of letters that will do; their order is free.
        channels: how many will do.

    Raises:
        TypeError: `dataformats` is no string.
        ShapeError: another set of letters, another number of axes, an axis of size 0, a number of channels
            that no picture has.

    """
    if not isinstance(dataformats, str):
        raise TypeError(f"{tag!r}: dataformats must be a string such as {orders[-1]!r}, not {dataformats!r}")
    letters = dataformats.upper()
    if sorted(letters) not in [sorted(order) for order in orders]:
        raise ShapeError(
            f"{tag!r}: dataformats is {dataformats!r}; expected the letters of {' or '.join(orders)}, each once, "
            "in the order of the array's axes"
        )
    if len(letters) != len(shape):
        raise ShapeError(
            f"{tag!r}: the array has shape {tuple(shape)}, but dataformats {dataformats!r} names {len(letters)} axes"
        )
    sizes = dict(zip(letters, map(int, shape), strict=True))
    if 0 in sizes.values():
        raise ShapeError(f"{tag!r}: an array of shape {tuple(shape)} has no pixels")
    if sizes.get("C", 1) not in channels:
        raise ShapeError(
            f"{tag!r}: shape {tuple(shape)} with dataformats {dataformats!r} means {sizes['C']} channels; "
            "expected 1 (grey), 3 (red, green, blue) or 4 (with alpha)"
        )
    return sizes


def guessed_layout(tag: str, shape: Sequence[int]) -> str:
    """Return the likely dataformats of a picture: channels last if the last axis can be channels, else first.

    Raises:
        ShapeError: neither axis has a size of 1, 3 or 4, or the number of axes is none of a picture's.

    """
    if len(shape) == 2:
        return "HW"
    if len(shape) in (3, 4):
        pictures = "N" if len(shape) == 4 else ""
        if shape[-1] in CHANNELS:
            return pictures + "HWC"
        if shape[-3] in CHANNELS:
            return pictures + "CHW"
    raise ShapeError(
        f"{tag!r}: shape {tuple(shape)} is no picture's: expected [height, width], [height, width, channels] or "
        "[channels, height, width] with 1, 3 or 4 channels, or several of these"
    )


def arranged(array: np.ndarray[Any, Any], dataformats: str, order: str) -> np.ndarray[Any, Any]:
    """Return a view of `array` with its axes in `order`, of the same letters as `dataformats`."""
    letters = dataformats.upper()
    return array.transpose([letters.index(letter) for letter in order])
