"""What `run.log` takes beside numbers: pictures, sounds, videos, texts, histograms, meshes, HTML."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from headway.events.messages import headway_field, text_value
from headway.record.arrays import snapshot
from headway.record.kinds.audio import audio_value, check_audio
from headway.record.kinds.histogram import check_histogram, histogram_value
from headway.record.kinds.image import encoded_image_value
from headway.record.kinds.mesh import check_mesh, mesh_values
from headway.record.kinds.video import check_video, video_value
from headway.record.lazy import need
from headway.record.picture import PictureFile, picture_of


class Value:
    """Something to log that is more than a number.

    It is checked and copied when it is made: changing an array afterwards changes nothing, and what cannot be logged
    is refused there. It may be logged several times.
    """

    nbytes: int
    """Memory that it keeps alive, in bytes."""

    def encode(self, tag: str) -> list[bytes]:
        """Return the encoded Summary.Values that show this under `tag`; this may take a while."""
        raise NotImplementedError

    def frozen(self) -> Value:
        """Return what will never change: this itself, but for a value that grows."""
        return self


class Image(Value):
    """A picture.

    Args:
        pixels: one of

            - an array or tensor [height, width], [height, width, channels] or [channels, height, width] with 1
              channel (grey), 3 (red, green, blue) or 4 (with alpha): uint8 in [0, 255], floats in [0, 1] (what lies
              beyond is clipped, NaN is black), bools, or integers in [0, 255] (0 and 1 alone are black and white);
            - several of these in one array, which are shown in a grid, 8 in a row;
            - an image of pillow, a figure of matplotlib;
            - the path of a file; PNG, JPEG and GIF files are logged as they are.
        dataformats: what the axes of an array are, such as "CHW", "HWC", "HW", "NCHW". When left out, the channels
            are the last axis if its size is 1, 3 or 4, else the first.
        caption: a text below the picture.

    Raises:
        ShapeError: an array's shape is no picture's.
        TypeError: `pixels` holds no numbers.
        ValueError: a file that is no picture, or a damaged one.
        OSError: a file that cannot be read.

    """

    def __init__(self, pixels: Any, dataformats: str | None = None, *, caption: str = "") -> None:
        self.caption = _text(caption, "caption")
        self._picture = picture_of(pixels, dataformats)
        self.nbytes = self._picture.nbytes

    def file(self) -> PictureFile:
        """Return the picture as a PNG, JPEG or GIF file, with its size; this may take a while."""
        return self._picture.file()

    def encode(self, tag: str) -> list[bytes]:
        """Return one value: the picture."""
        return [encoded_image_value(tag, *self.file()) + _caption_field("image", self.caption)]


class Audio(Value):
    """A sound.

    Args:
        sound: [frames] or [frames, channels], or [1, frames]: floats in [-1, 1] (what lies beyond is clipped, NaN is
            silence), or int16, int32 or uint8 as recordings come in. It is stored as 16 bits.
        sample_rate: frames a second.
        caption: a text beside it.

    Raises:
        ShapeError: the shape is no sound's.
        TypeError: `sound` holds no numbers.
        ValueError: an impossible rate.

    """

    def __init__(self, sound: Any, sample_rate: float = 44100, *, caption: str = "") -> None:
        self.caption = _text(caption, "caption")
        self._taken = snapshot(sound, "headway.Audio")
        check_audio("headway.Audio", self._taken.shape, sample_rate, kind=self._taken.kind)
        self._sample_rate = sample_rate
        self.nbytes = self._taken.nbytes

    def encode(self, tag: str) -> list[bytes]:
        """Return one value: the sound."""
        return [audio_value(tag, self._taken.array(), self._sample_rate) + _caption_field("audio", self.caption)]


class Video(Value):
    """A video; it becomes an animated GIF, so each frame keeps 256 colours.

    Args:
        frames: [frames, channels, height, width] with 1, 3 or 4 channels: pixels as for `Image`.
        fps: frames a second; browsers show no more than 50.
        dataformats: what the axes are, such as "TCHW", "THWC"; "NTCHW" for several videos, which are tiled.

    Raises:
        ShapeError: the shape is no video's.
        TypeError: `frames` holds no numbers.
        ValueError: an impossible speed.
        HeadwayImportError: pillow is missing.

    """

    def __init__(self, frames: Any, fps: float = 4, dataformats: str = "TCHW") -> None:
        need("PIL.Image", "pillow", "videos")
        self._taken = snapshot(frames, "headway.Video")
        check_video("headway.Video", self._taken.shape, fps, dataformats, kind=self._taken.kind)
        self._fps, self._dataformats = fps, dataformats
        self.nbytes = self._taken.nbytes

    def encode(self, tag: str) -> list[bytes]:
        """Return one value: the video."""
        return [video_value(tag, self._taken.array(), self._fps, self._dataformats)]


class Text(Value):
    """A text, which is shown as Markdown.

    Raises:
        TypeError: it is no str.

    """

    def __init__(self, text: str) -> None:
        self._text = _text(text, "text")
        self.nbytes = len(text)

    def encode(self, tag: str) -> list[bytes]:
        """Return one value: the text."""
        return [text_value(tag, self._text)]


class Html(Value):
    """HTML. TensorBoard shows it without scripts, styles and most attributes.

    Raises:
        TypeError: it is no str.

    """

    def __init__(self, html: str) -> None:
        self._html = _text(html, "html")
        self.nbytes = len(html)

    def encode(self, tag: str) -> list[bytes]:
        """Return one value: a text that says what it is."""
        return [text_value(tag, self._html) + headway_field({"kind": "html"})]


class Histogram(Value):
    """How values are distributed.

    Args:
        values: numbers of any shape, at least one; those that are not finite are counted apart.
        bins: "tensorflow" (1549 edges, each a tenth larger than the one before), the name of a rule of
            `numpy.histogram`, how many bins, or their edges in ascending order.

    Raises:
        TypeError: `values` holds no numbers.
        ValueError: no values, or impossible bins.

    """

    def __init__(self, values: Any, bins: str | int | Sequence[float] = "tensorflow") -> None:
        self._taken = snapshot(values, "headway.Histogram")
        self._bins = bins if isinstance(bins, (str, int)) else np.array(bins)
        check_histogram("headway.Histogram", self._taken.shape, self._bins, kind=self._taken.kind)
        self.nbytes = self._taken.nbytes

    def encode(self, tag: str) -> list[bytes]:
        """Return one value: the histogram."""
        return [histogram_value(tag, self._taken.array(), self._bins)]


class Mesh(Value):
    """A body in three dimensions, or a cloud of points.

    Args:
        vertices: [vertices, 3] coordinates.
        colors: [vertices, 3]: red, green and blue of each vertex, 0 to 255.
        faces: [faces, 3]: three vertices each, by their number; without them the vertices are a cloud.

    Each may be [batch, ..., 3] instead.

    Raises:
        ShapeError: a shape is another, or not that of the vertices.
        TypeError: an argument holds no numbers.

    """

    def __init__(self, vertices: Any, colors: Any = None, faces: Any = None) -> None:
        parts = {"vertices": vertices}
        parts |= {name: part for name, part in (("colors", colors), ("faces", faces)) if part is not None}
        self._taken = {name: snapshot(part, f"headway.Mesh: {name}") for name, part in parts.items()}
        shapes: dict[str, Any] = {name: _batched(taken.shape) for name, taken in self._taken.items()}
        check_mesh("headway.Mesh", **shapes)
        self.nbytes = sum(taken.nbytes for taken in self._taken.values())

    def encode(self, tag: str) -> list[bytes]:
        """Return a value for the vertices, and for the colours and faces if there are any."""
        arrays: dict[str, Any] = {
            name: taken.array().reshape(_batched(taken.shape)) for name, taken in self._taken.items()
        }
        return mesh_values(tag, **arrays, names="torch")


def _batched(shape: tuple[int, ...]) -> tuple[int, ...]:
    return (1, *shape) if len(shape) == 2 else shape


def _text(text: Any, name: str) -> str:
    if not isinstance(text, str):
        raise TypeError(f"{name} must be a str, not {type(text).__name__}")
    return text


def _caption_field(kind: str, caption: str) -> bytes:
    return headway_field({"kind": kind, "caption": caption}) if caption else b""
