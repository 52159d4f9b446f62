"""Pictures and videos as tensorboardX arranges them."""

from __future__ import annotations

from typing import Any

import numpy as np

from headway.errors import ShapeError
from headway.record.kinds import image, video
from headway.record.kinds.figure import figure_pixels
from headway.record.kinds.layout import arranged, check_layout

Array = np.ndarray[Any, Any]


def figure_to_image(figures: Any, close: bool = True) -> Array:
    """Return what a matplotlib figure looks like, uint8 [3, height, width]; of a list of them [figures, 3, ...]."""
    return figure_pixels(figures, close)


def make_grid(I: Array, ncols: int = 8) -> Array:  # noqa: E741, N803 - its name
    """Return pictures [number, channels, height, width] as a grid [3 or 4, height, width]; grey in three channels."""
    check_layout("I", I.shape, "NCHW", ["NCHW"])
    return image.make_grid(np.repeat(I, 3, axis=1) if I.shape[1] == 1 else I, ncols)


def convert_to_HWC(tensor: Array, input_format: str) -> Array:  # noqa: N802 - its name
    """Return a picture as [height, width, 3 or 4], of the same type; several (N in `input_format`) in a grid."""
    check_layout("tensor", tensor.shape, input_format, ["HW", "CHW", "NCHW"])
    if len(input_format) == 4:
        return make_grid(arranged(tensor, input_format, "NCHW")).transpose(1, 2, 0)
    if len(input_format) == 2:
        tensor, input_format = tensor[..., None], input_format + "C"
    hwc = arranged(tensor, input_format, "HWC")
    return np.repeat(hwc, 3, axis=2) if hwc.shape[2] == 1 else hwc


def convert_to_NTCHW(tensor: Array, input_format: str) -> Array:  # noqa: N802 - its name
    """Return videos as [number, frames, channels, height, width]."""
    check_layout("tensor", tensor.shape, input_format, ["NTCHW"])
    return arranged(tensor, input_format, "NTCHW")


def _prepare_video(V: Array) -> Array:  # noqa: N803 - its name
    """Return videos [number, frames, channels, height, width] in a grid, floats [frames, height, width, channels]."""
    if V.ndim != 5:
        raise ShapeError(f"videos of shape {V.shape}: expected [number, frames, channels, height, width]")
    return video.tile(V / np.float32(255) if V.dtype == np.uint8 else V)
