"""Pictures, from whatever shows one: arrays, files, pillow's images, matplotlib's figures."""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import numpy as np

from headway.record.arrays import snapshot
from headway.record.kinds.figure import figure_pixels
from headway.record.kinds.image import check_image, png, to_hwc
from headway.record.kinds.layout import guessed_layout
from headway.record.lazy import need

Array = np.ndarray[Any, Any]

_SHOWN_BY_BROWSERS = ("PNG", "JPEG", "GIF")
_NAME = "headway.Image"


class PictureFile(NamedTuple):
    """A PNG, JPEG or GIF file."""

    data: bytes
    height: int
    width: int
    channels: int


class Picture(Protocol):
    """A picture that nobody can change any more."""

    nbytes: int
    """What it keeps alive."""

    def file(self) -> PictureFile:
        """Return it as a file; this may take a while."""


def picture_of(source: Any, dataformats: str | None = None) -> Picture:
    """Return the picture that `source` is; see `headway.Image`."""
    if isinstance(source, (str, os.PathLike)):
        _refuse_layout(dataformats, "a file")
        return _of_file(Path(source))
    pillow, matplotlib = sys.modules.get("PIL.Image"), sys.modules.get("matplotlib.figure")
    if pillow is not None and isinstance(source, pillow.Image):
        _refuse_layout(dataformats, "an image of pillow")
        return Pixels(pillow_pixels(source))
    if matplotlib is not None and isinstance(source, matplotlib.Figure):
        _refuse_layout(dataformats, "a figure")
        return Pixels(figure_pixels(source, close=False), "CHW")
    return Pixels(source, dataformats)


class Pixels:
    """A private copy of an array of pixels."""

    def __init__(self, source: Any, dataformats: str | None = None) -> None:
        self._taken = snapshot(source, _NAME)
        self._dataformats = guessed_layout(_NAME, self._taken.shape) if dataformats is None else dataformats
        check_image(_NAME, self._taken.shape, self._dataformats, kind=self._taken.kind)
        self.nbytes = self._taken.nbytes

    def file(self) -> PictureFile:
        """Return a PNG file."""
        hwc = to_hwc(self._taken.array(), self._dataformats)
        return PictureFile(png(hwc), *hwc.shape)


class Ready:
    """A file that browsers can show; it is logged as it is."""

    def __init__(self, file: PictureFile) -> None:
        self._file = file
        self.nbytes = len(file.data)

    def file(self) -> PictureFile:
        """Return the file."""
        return self._file


def pillow_pixels(image: Any) -> Array:
    """Return the pixels of an image of pillow: [height, width] or [height, width, 3 or 4], uint8 or floats.

    16 bits of grey become the upper 8; palettes and other colours than red, green and blue become these.
    """
    if image.mode in ("L", "RGB", "RGBA", "F"):
        return np.asarray(image)
    if image.mode.startswith("I"):
        grey = np.asarray(image)
        return (grey >> 8 if grey.max(initial=0) > 0xFF else grey).clip(0, 0xFF).astype(np.uint8)
    if image.mode == "1":
        return np.asarray(image.convert("L"))
    return np.asarray(image.convert("RGBA" if image.has_transparency_data else "RGB"))


def _of_file(path: Path) -> Picture:
    data = path.read_bytes()
    pillow = need("PIL.Image", "pillow", "picture files")
    try:
        with pillow.open(io.BytesIO(data)) as image:
            if image.format not in _SHOWN_BY_BROWSERS:
                return Pixels(pillow_pixels(image))
            image.verify()
            return Ready(PictureFile(data, image.height, image.width, len(image.getbands())))
    except pillow.UnidentifiedImageError:
        raise ValueError(f"{path} is no picture that pillow can read") from None
    except (OSError, SyntaxError) as error:  # what pillow raises for a damaged one
        raise ValueError(f"{path} is a damaged picture: {error}") from error


def _refuse_layout(dataformats: str | None, what: str) -> None:
    if dataformats is not None:
        raise ValueError(f"{_NAME!r}: dataformats={dataformats!r} is for arrays; {what} needs none")
