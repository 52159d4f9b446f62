"""The methods of `SummaryWriter` for what is looked at, listened to or read: images, figures, video, audio, text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from headway.record.arrays import as_array, snapshot
from headway.record.lazy import need
from headway.record.recorder import Recorder
from headway.record.tag import checked_tag

if TYPE_CHECKING:
    from matplotlib.figure import Figure


class Media(Recorder):
    """Methods for images, figures, video, audio and text. All but text is encoded in the background."""

    def add_image(
        self,
        tag: str,
        img_tensor: Any,
        global_step: Any = None,
        walltime: float | None = None,
        dataformats: str = "CHW",
    ) -> None:
        """Log an image; several, where `dataformats` has an N, are drawn as a grid, 8 in a row.

        Args:
            tag: name of the series. Characters other than letters, digits, `_-./` become `_`.
            img_tensor: uint8 in [0, 255] or floats in [0, 1] (what is beyond is clipped), of any framework; with
                1 channel (grey), 3 (RGB) or 4 (RGBA).
            global_step: what `int()` takes; 0 when left out.
            walltime: seconds since 1970; now when left out.
            dataformats: what each dimension is: "CHW", "HWC", "HW", "NCHW" or "NHWC".

        Raises:
            ShapeError: the array has not the dimensions that `dataformats` says.
            TypeError: `img_tensor` holds no numbers.

        """
        self._add_picture(self._clean(tag), img_tensor, global_step, walltime, dataformats)

    def add_images(
        self,
        tag: str,
        img_tensor: Any,
        global_step: Any = None,
        walltime: float | None = None,
        dataformats: str = "NCHW",
    ) -> None:
        """Log several images as a grid, 8 in a row.

        Args:
            tag: see `add_image`.
            img_tensor: as for `add_image`, with a dimension N; or a list of images of one size.
            global_step: what `int()` takes; 0 when left out.
            walltime: seconds since 1970; now when left out.
            dataformats: "NCHW" or "NHWC"; for a list also "CHW" or "HWC".

        """
        if isinstance(img_tensor, (list, tuple)) and "N" not in dataformats.upper():
            dataformats = "N" + dataformats
        self._add_picture(self._clean(tag), img_tensor, global_step, walltime, dataformats)

    def add_image_with_boxes(
        self,
        tag: str,
        img_tensor: Any,
        box_tensor: Any,
        global_step: Any = None,
        walltime: float | None = None,
        dataformats: str = "CHW",
        labels: str | Sequence[str] | None = None,
        *,
        rescale: float = 1,
    ) -> None:
        """Log an image with boxes drawn on it.

        Args:
            tag: name of the series, written as it is.
            img_tensor: see `add_image`.
            box_tensor: [boxes, 4]: xmin, ymin, xmax, ymax, in pixels.
            global_step: what `int()` takes; 0 when left out.
            walltime: seconds since 1970; now when left out.
            dataformats: see `add_image`.
            labels: a text for each box.
            rescale: the image is made larger by this factor, after the boxes were drawn.

        """
        boxes = as_array(box_tensor, tag)
        if isinstance(labels, str):
            labels = [labels]
        self._add_picture(
            checked_tag(tag),
            img_tensor,
            global_step,
            walltime,
            dataformats,
            boxes=boxes.copy(),
            labels=None if labels is None else list(labels),
            rescale=rescale,
        )

    def add_figure(
        self,
        tag: str,
        figure: Figure | list[Figure],
        global_step: Any = None,
        close: bool = True,
        walltime: float | None = None,
    ) -> None:
        """Log a figure of matplotlib, or several as a grid.

        Args:
            tag: see `add_image`.
            figure: do not change it after this call where `close` is True: then it is drawn in the background, unless
                it needs what matplotlib shares between threads (formulas, scales that are not linear).
            global_step: what `int()` takes; 0 when left out.
            close: close the figure in pyplot.
            walltime: seconds since 1970; now when left out.

        """
        from headway.record.kinds.figure import take_figures
        from headway.record.kinds.image import image_value

        tag = self._clean(tag)
        nbytes, draw = take_figures(figure, close)
        dataformats = "NCHW" if isinstance(figure, (list, tuple)) else "CHW"

        def encode() -> list[bytes]:
            return [image_value(tag, draw(), dataformats)]

        self._write_later(f"figure {tag!r}", nbytes, encode, global_step, walltime)

    def add_video(
        self,
        tag: str,
        vid_tensor: Any,
        global_step: Any = None,
        fps: float = 4,
        walltime: float | None = None,
        dataformats: str = "NTCHW",
    ) -> None:
        """Log a video, as an animated GIF; several are tiled.

        Args:
            tag: see `add_image`.
            vid_tensor: uint8 in [0, 255] or floats in [0, 1], with 1, 3 or 4 channels.
            global_step: what `int()` takes; 0 when left out.
            fps: frames a second.
            walltime: seconds since 1970; now when left out.
            dataformats: what each dimension is; T is time.

        """
        from headway.record.kinds.video import check_video, video_value

        tag = self._clean(tag)
        need("PIL.Image", "pillow", "videos")
        frames = snapshot(vid_tensor, tag)
        check_video(tag, frames.shape, fps, dataformats, kind=frames.kind)
        self._write_later(
            f"video {tag!r}",
            frames.nbytes,
            lambda: [video_value(tag, frames.array(), fps, dataformats)],
            global_step,
            walltime,
        )

    def add_audio(
        self,
        tag: str,
        snd_tensor: Any,
        global_step: Any = None,
        sample_rate: int = 44100,
        walltime: float | None = None,
    ) -> None:
        """Log a sound, as WAV of 16 bits.

        Args:
            tag: name of the series, written as it is.
            snd_tensor: [frames] or [frames, channels], or torch's [1, frames]; floats in [-1, 1] (what is beyond is
                clipped) or int16.
            global_step: what `int()` takes; 0 when left out.
            sample_rate: frames a second.
            walltime: seconds since 1970; now when left out.

        """
        from headway.record.kinds.audio import audio_value, check_audio

        sound = snapshot(snd_tensor, checked_tag(tag))
        check_audio(tag, sound.shape, sample_rate, kind=sound.kind)
        self._write_later(
            f"audio {tag!r}",
            sound.nbytes,
            lambda: [audio_value(tag, sound.array(), sample_rate)],
            global_step,
            walltime,
        )

    def add_text(self, tag: str, text_string: str, global_step: Any = None, walltime: float | None = None) -> None:
        """Log a text, which is shown as Markdown.

        Args:
            tag: name of the series; "/text_summary" is added to it, as in tensorboardX and torch.
            text_string: the text.
            global_step: what `int()` takes; 0 when left out.
            walltime: seconds since 1970; now when left out.

        """
        from headway.record.kinds.text import text_value

        if not isinstance(text_string, str):
            raise TypeError(f"the text {tag!r} must be a str, not {type(text_string).__name__}")
        self._write([text_value(checked_tag(tag), text_string)], global_step, walltime)

    def _add_picture(
        self,
        tag: str,
        pixels: Any,
        step: Any,
        wall_time: Any,
        dataformats: str,
        boxes: Any = None,
        labels: Sequence[str] | None = None,
        rescale: float = 1,
    ) -> None:
        from headway.record.kinds.image import check_image, image_value

        image = snapshot(pixels, tag)
        shape = None if boxes is None else boxes.shape
        check_image(tag, image.shape, dataformats, kind=image.kind, boxes=shape, rescale=rescale)
        if boxes is not None or rescale != 1:
            need("PIL.Image", "pillow", "boxes and rescaled images")

        def encode() -> list[bytes]:
            return [image_value(tag, image.array(), dataformats, boxes=boxes, labels=labels, rescale=rescale)]

        self._write_later(f"image {tag!r}", image.nbytes, encode, step, wall_time)
