"""Videos: frames as an animated GIF in Summary.Image, which is what TensorBoard can show."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from headway.errors import ShapeError
from headway.record.kinds.gif import LARGEST, gif
from headway.record.kinds.image import check_pixels, encoded_image_value, to_uint8
from headway.record.kinds.layout import arranged, check_layout

Array = np.ndarray[Any, Any]

_LAYOUTS = ("TCHW", "NTCHW")


def check_video(tag: str, shape: Sequence[int], fps: float, dataformats: str, *, kind: str = "f") -> None:
    """Check what `video_value` will be given.

    Args:
        tag: named in errors.
        shape: of the frames.
        fps: frames a second.
        dataformats: a letter for each axis.
        kind: of the pixels' type, as `numpy.dtype.kind`.

    Raises:
        TypeError: `dataformats` is no string, or the pixels are complex numbers.
        ShapeError: shape and layout do not fit each other, or there are no pixels, or more than a GIF can hold.
        ValueError: `fps` is no positive number.

    """
    sizes = check_layout(tag, shape, dataformats, _LAYOUTS)
    check_pixels(tag, kind)
    rows, columns = _places(sizes.get("N", 1))
    height, width = rows * sizes["H"], columns * sizes["W"]
    if max(height, width) > LARGEST:
        raise ShapeError(f"{tag!r}: a GIF has at most {LARGEST} × {LARGEST} pixels, not {width} × {height}")
    try:
        fits = 0 < fps < math.inf
    except TypeError:
        fits = False
    if not fits:
        raise ValueError(f"{tag!r}: fps must be frames a second, above 0, not {fps!r}")


def video_value(tag: str, frames: Array, fps: float = 4, dataformats: str = "NTCHW") -> bytes:
    """Return the Summary.Value of a video.

    Args:
        tag: as it is to be written.
        frames: uint8, or floats in [0, 1], or what else `to_uint8` takes.
        fps: frames a second; see `gif`.
        dataformats: the letters of the axes in their order: NTCHW or TCHW, or the same in another order. N videos are
            shown at once, tiled.

    """
    tiled = tile(_clips(to_uint8(frames), dataformats))
    height, width, channels = tiled.shape[1:]
    shown = np.repeat(tiled, 3, axis=3) if channels == 1 else tiled
    return encoded_image_value(tag, gif(shown, fps), height, width, channels)


def tile(clips: Array) -> Array:
    """Return [videos, frames, channels, height, width] as one [frames, height, width, channels].

    The videos are laid out as tensorboardX and torch do it: padded to a power of two, in as many columns as rows or
    twice as many; empty places are 0.
    """
    number, frames, channels, height, width = clips.shape
    rows, columns = _places(number)
    canvas = np.zeros((frames, rows, height, columns, width, channels), clips.dtype)
    for index, clip in enumerate(clips):
        canvas[:, index // columns, :, index % columns] = clip.transpose(0, 2, 3, 1)
    return canvas.reshape(frames, rows * height, columns * width, channels)


def _places(number: int) -> tuple[int, int]:
    """Return rows and columns."""
    rows = 1 << (number.bit_length() - 1) // 2
    return rows, (1 << (number - 1).bit_length()) // rows


def _clips(frames: Array, dataformats: str) -> Array:
    if "N" in dataformats.upper():
        return arranged(frames, dataformats, "NTCHW")
    return arranged(frames, dataformats, "TCHW")[None]
