"""Animated GIF files, frame for frame.

    file    "GIF89a" · width u16 · height u16 · flags u8 · background u8 · aspect u8 · loop · frames · ";"
    loop    "!" 0xFF 11 "NETSCAPE2.0" 3 1 · repetitions u16 (0: for ever) · 0
    frame   "!" 0xF9 4 · flags u8 (transparency, disposal << 2) · delay u16 (1/100 s) · transparent index u8 · 0
            "," · left, top, width, height u16 · flags u8 (0x80 has a palette, 2 ** (bits + 1) colours) · palette
            · bits of a code u8 · blocks of LZW codes, each after its length u8 · 0

The source is the GIF89a specification. Pillow compresses and chooses colours where there are too many. It does not
put the file together: it would merge equal frames, and then the fifth frame of the file is not the fifth logged.
"""

from __future__ import annotations

import io
from struct import pack
from typing import Any

import numpy as np

from headway.record.lazy import need

Array = np.ndarray[Any, Any]

LARGEST = 0xFFFF
"""Pixels of a side, and hundredths of a second of a frame."""

_KEEP, _CLEAR = 1, 2  # what becomes of a frame before the next one
_OPAQUE = 128  # alpha from which a pixel is seen: GIF knows only whether
_HEADER = 13


def gif(frames: Array, fps: float) -> bytes:
    """Return frames as a GIF file that is repeated for ever.

    A frame of up to 256 colours (255 and transparency) keeps them exactly; others get the 256 that fit best.

    Args:
        frames: uint8 [frames, height, width, 3 or 4].
        fps: frames a second, above 0. A frame lasts whole hundredths of a second, chosen so that no frame begins more
            than half a hundredth early or late. Browsers show no more than 50 a second.

    """
    height, width, channels = frames.shape[1:]
    parts = [b"GIF89a", pack("<HHBBB", width, height, 0x70, 0, 0), b"!\xff\x0bNETSCAPE2.0\x03\x01\x00\x00\x00"]
    previous = None
    for frame, delay in zip(frames, delays(len(frames), fps), strict=True):
        if channels == 4:
            parts.append(_frame(frame[..., :3], delay, (0, 0), hidden=frame[..., 3] < _OPAQUE))
        else:
            rows, columns = _changed(previous, frame)
            parts.append(_frame(frame[rows, columns], delay, (columns.start, rows.start)))
        previous = frame
    return b"".join([*parts, b";"])


def delays(number: int, fps: float) -> list[int]:
    """Return how long each of `number` frames lasts, in hundredths of a second."""
    begins = np.rint(np.arange(number + 1) * min(100 / fps, LARGEST))
    return [int(delay) for delay in np.diff(begins)]


def _changed(previous: Array | None, frame: Array) -> tuple[slice, slice]:
    """Return the rows and columns that have to be drawn on the frame before; at least one pixel."""
    if previous is None:
        return slice(0, frame.shape[0]), slice(0, frame.shape[1])
    differs = (frame != previous).any(axis=2)
    return _span(differs.any(axis=1)), _span(differs.any(axis=0))


def _span(marked: Array) -> slice:
    places = np.flatnonzero(marked)
    return slice(int(places[0]), int(places[-1]) + 1) if len(places) else slice(0, 1)


def _frame(rgb: Array, delay: int, corner: tuple[int, int], hidden: Array | None = None) -> bytes:
    """Return one frame; its upper left corner is at `corner` (column, row)."""
    transparent = 0 if hidden is None else 255
    if hidden is None:
        indices, palette = _indexed(rgb, 256)
    else:
        indices, palette = _indexed(np.where(hidden[..., None], np.uint8(0), rgb), 255)
        indices = np.where(hidden, np.uint8(transparent), indices)
    flags = _KEEP << 2 if hidden is None else _CLEAR << 2 | 1
    bits = 7 if hidden is not None else max(len(palette) - 1, 1).bit_length() - 1
    table = np.zeros((2 << bits, 3), np.uint8)
    table[: len(palette)] = palette
    height, width = indices.shape
    return b"".join(
        (
            pack("<2sBBHBB", b"!\xf9", 4, flags, delay, transparent, 0),
            pack("<cHHHHB", b",", *corner, width, height, 0x80 | bits),
            table.tobytes(),
            _lzw(indices),
        )
    )


def _indexed(rgb: Array, room: int) -> tuple[Array, Array]:
    """Return every pixel's colour as a number, uint8 [height, width], and the colours, up to `room`, [colours, 3]."""
    pillow = need("PIL.Image", "pillow", "videos")
    image = pillow.fromarray(np.ascontiguousarray(rgb))
    counted = image.getcolors(room)
    if counted is None:
        image = image.quantize(room, method=pillow.Quantize.FASTOCTREE)
        return np.asarray(image), np.array(image.getpalette(), np.uint8).reshape(-1, 3)
    colours = np.array(sorted(colour for _, colour in counted), np.uint8)
    indices = np.searchsorted(_packed(colours), _packed(rgb))
    return indices.astype(np.uint8), colours


def _packed(rgb: Array) -> Array:
    """Return each colour as one number, in the order of (red, green, blue)."""
    red, green, blue = np.moveaxis(rgb.astype(np.uint32), -1, 0)
    packed: Array = red << 16 | green << 8 | blue
    return packed


def _lzw(indices: Array) -> bytes:
    """Return the compressed pixels, cut out of a GIF file of the one frame that pillow makes."""
    file = io.BytesIO()
    need("PIL.Image", "pillow", "videos").fromarray(indices).save(file, "GIF", interlace=0, optimize=False)
    data = file.getvalue()
    at = _HEADER + _palette_size(data[_HEADER - 3])
    while data[at] == ord("!"):
        at += 2
        while data[at]:
            at += 1 + data[at]
        at += 1
    return data[at + 10 + _palette_size(data[at + 9]) : -1]


def _palette_size(flags: int) -> int:
    """Return the bytes of the palette that these flags announce."""
    return 3 * (2 << (flags & 7)) if flags & 0x80 else 0
