"""The projector's files, one by one."""

from __future__ import annotations

from headway.compat.tensorboardX.embedding import make_mat, make_sprite, make_tsv

__all__ = ["make_mat", "make_sprite", "make_tsv"]
