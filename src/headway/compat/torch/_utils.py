"""Pictures and videos as torch arranges them."""

from __future__ import annotations

from headway.compat.tensorboardX.utils import _prepare_video, convert_to_HWC, figure_to_image, make_grid

__all__ = ["_prepare_video", "convert_to_HWC", "figure_to_image", "make_grid"]
