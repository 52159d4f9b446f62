"""Arrays of any framework as numpy's, as torch calls it."""

from __future__ import annotations

from headway.compat.tensorboardX.x2num import make_np

__all__ = ["make_np"]
