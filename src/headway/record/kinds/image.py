"""Pictures: arrays of pixels as PNG files in Summary.Image.

    Summary.Image  height=1 · width=2 · colorspace=3 (channels) · encoded_image_string=4

Dashboards show the file as it is.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Sequence
from struct import pack
from typing import Any

import numpy as np

from headway.errors import ShapeError
from headway.events.messages import summary_value
from headway.events.wire import message, number_field
from headway.record.kinds.boxes import check_boxes, with_boxes
from headway.record.kinds.layout import CHANNELS, arranged, check_layout
from headway.record.lazy import need

Array = np.ndarray[Any, Any]

_LAYOUTS = ("HW", "CHW", "NCHW")
_GREY_WITH_ALPHA = 2  # channels; rare enough that no layout is guessed by it
_COMPRESSION = 3
"""Photographs take a third of the time of zlib's own choice, 6, and 2 % more room, plots half and 17 %."""
_GREY_FACTOR_OF_HALF = 0.125
"""float16 next to 1.0 is exact to an eighth of a grey level; so much may be missing to a whole one."""


def check_image(
    tag: str,
    shape: Sequence[int],
    dataformats: str,
    *,
    kind: str = "f",
    boxes: Sequence[int] | None = None,
    rescale: float = 1.0,
) -> None:
    """Check what `image_value` will be given.

    Args:
        tag: named in errors.
        shape: of the pixels.
        dataformats: a letter for each axis.
        kind: of the pixels' type, as `numpy.dtype.kind`.
        boxes: the shape of the boxes, if any.
        rescale: a factor.

    Raises:
        TypeError: `dataformats` is no string, or the pixels are complex numbers.
        ShapeError: shape and layout do not fit each other, or no pixels are there or left; boxes of another shape.

    """
    sizes = check_layout(tag, shape, dataformats, _LAYOUTS, (*CHANNELS, _GREY_WITH_ALPHA))
    check_pixels(tag, kind)
    if boxes is not None:
        check_boxes(tag, boxes)
    if not 1 <= min(sizes["H"], sizes["W"]) * rescale < math.inf:
        raise ShapeError(f"{tag!r}: a picture of shape {tuple(shape)} has no pixels left with rescale={rescale!r}")


def check_pixels(tag: str, kind: str) -> None:
    """Check the kind of a type of pixels, as `numpy.dtype.kind`.

    Raises:
        TypeError: it is not that of integers, floats or bools.

    """
    if kind not in "biuf":
        raise TypeError(f"{tag!r}: pixels are integers, floats or bools, not of kind {kind!r}")


def image_value(
    tag: str,
    pixels: Array,
    dataformats: str = "CHW",
    *,
    boxes: Array | None = None,
    labels: str | Sequence[str] | None = None,
    rescale: float = 1.0,
) -> bytes:
    """Return the Summary.Value of one picture.

    Args:
        tag: as it is to be written.
        pixels: uint8, or floats in [0, 1], or what else `to_uint8` takes.
        dataformats: the letters of its axes in their order: HW, CHW or NCHW, or the same in another order.
        boxes: [boxes, 4] with xmin, ymin, xmax, ymax in pixels, drawn in red.
        labels: of the boxes; another number of labels than of boxes draws none.
        rescale: the factor by which the picture is enlarged, after its boxes are drawn.

    """
    hwc = to_hwc(pixels, dataformats)
    if boxes is not None:
        hwc = with_boxes(hwc, boxes, labels)
    if rescale != 1.0:
        hwc = _rescaled(hwc, rescale)
    height, width, channels = hwc.shape
    return encoded_image_value(tag, png(hwc), height, width, channels)


def encoded_image_value(tag: str, file: bytes, height: int, width: int, channels: int) -> bytes:
    """Return the Summary.Value of a picture that is a PNG, JPEG or GIF file already."""
    sizes = number_field(1, height) + number_field(2, width) + number_field(3, channels)
    return summary_value(tag, message(4, sizes + message(4, file)))


def to_hwc(pixels: Array, dataformats: str) -> Array:
    """Return one picture, uint8 [height, width, 3 or 4]: grey as three equal channels, several pictures in a grid.

    Two channels are grey with alpha.
    """
    pixels = to_uint8(pixels)
    if len(dataformats) == 4:
        pixels = make_grid(arranged(pixels, dataformats, "NCHW"))
        dataformats = "CHW"
    if len(dataformats) == 2:
        pixels, dataformats = pixels[..., None], dataformats + "C"
    hwc = arranged(pixels, dataformats, "HWC")
    if hwc.shape[2] == _GREY_WITH_ALPHA:
        return hwc[..., [0, 0, 0, 1]]
    return np.repeat(hwc, 3, axis=2) if hwc.shape[2] == 1 else np.ascontiguousarray(hwc)


def to_uint8(pixels: Array) -> Array:
    """Return pixels as uint8, 0 to 255, of the same shape.

    uint8 stays as it is. Floats are times 255, cut off after the point, as tensorboardX and torch do it; what lies
    beyond [0, 1] is clipped, NaN is 0. False and True are 0 and 255. Other integers are clipped to [0, 255]; but when
    none is above 1 they are a mask, and 1 is 255.
    """
    kind = pixels.dtype.kind
    if pixels.dtype == np.uint8:
        return pixels
    if kind == "f":
        return _floats_to_uint8(pixels)
    if kind == "b" or pixels.max(initial=0) <= 1:
        return (pixels > 0) * np.uint8(255)
    return np.clip(pixels, 0, 255).astype(np.uint8)


def make_grid(nchw: Array, ncols: int = 8) -> Array:
    """Return pictures beside each other, `ncols` in a row, as one [channels, height, width]; empty places are 0."""
    number, channels, height, width = nchw.shape
    columns = min(number, ncols)
    rows = -(-number // columns)
    canvas = np.zeros((channels, rows, height, columns, width), nchw.dtype)
    for index, picture in enumerate(nchw):
        canvas[:, index // columns, :, index % columns] = picture
    return canvas.reshape(channels, rows * height, columns * width)


def png(hwc: Array) -> bytes:
    """Return uint8 [height, width, channels] as a PNG file; 1 channel is grey, 3 are RGB, 4 RGBA, 8 bits each.

    Every row is stored as its difference to the row above (filter type 2 of the PNG specification). That and zlib
    release the interpreter lock, so a training goes on beside it.
    """
    height, width, channels = hwc.shape
    flat = np.ascontiguousarray(hwc).reshape(height, width * channels)
    rows = np.empty((height, 1 + width * channels), np.uint8)
    rows[:, 0] = 2
    rows[0, 1:] = flat[0]
    np.subtract(flat[1:], flat[:-1], out=rows[1:, 1:])
    colour_type = {1: 0, 3: 2, 4: 6}[channels]
    header = pack(">IIBBBBB", width, height, 8, colour_type, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(rows.data, _COMPRESSION)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, data) for name, data in chunks)


def _chunk(name: bytes, data: bytes) -> bytes:
    return b"".join((pack(">I", len(data)), name, data, pack(">I", zlib.crc32(data, zlib.crc32(name)))))


def _floats_to_uint8(pixels: Array) -> Array:
    half = pixels.dtype.itemsize < 4
    clipped = np.fmin(np.fmax(pixels, 0, dtype=np.float32 if half else None), 1)  # fmax takes the 0 of NaN and 0
    clipped *= 255
    if half:
        clipped += _GREY_FACTOR_OF_HALF
    return clipped.astype(np.uint8)


def _rescaled(hwc: Array, factor: float) -> Array:
    image = need("PIL.Image", "pillow", "pictures with another size")
    size = (int(hwc.shape[1] * factor), int(hwc.shape[0] * factor))
    return np.asarray(image.fromarray(hwc).resize(size, image.Resampling.LANCZOS))
