"""The text to learn: the source of Python's own standard library, which every machine that runs this has."""

from __future__ import annotations

import sysconfig
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from headway.errors import HeadwayError

Bytes = NDArray[np.uint8]


@dataclass(frozen=True)
class Corpus:
    """Text as bytes: what is learnt from, and what is only ever predicted."""

    train: Bytes
    validation: Bytes


def load(folder: Path | None = None) -> Corpus:
    """Read every `*.py` directly in `folder` (the standard library), in the order of their names.

    Every tenth file is kept for validation: whole files, so that none is half known.
    """
    folder = folder or Path(sysconfig.get_path("stdlib"))
    texts = [path.read_bytes() for path in sorted(folder.glob("*.py"))]
    train = b"\n".join(text for i, text in enumerate(texts) if i % 10 != 9)
    validation = b"\n".join(texts[9::10])
    if not validation:
        raise HeadwayError(f"no Python source to learn from: {folder} has fewer than ten .py files")
    return Corpus(np.frombuffer(train, np.uint8), np.frombuffer(validation, np.uint8))


def draw(text: Bytes, generator: np.random.Generator, batch: int, context: int) -> tuple[Bytes, Bytes]:
    """Take `batch` random places: the bytes there and, for each, the byte after it; (batch, context) both."""
    starts = generator.integers(0, len(text) - context, batch)
    windows = text[starts[:, None] + np.arange(context + 1)]
    return windows[:, :-1], windows[:, 1:]
