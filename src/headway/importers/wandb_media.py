"""Pictures, tables, histograms and HTML of a wandb run, from the files beside it."""

from __future__ import annotations

import io
import json
import math
import warnings
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from headway.errors import HeadwayError
from headway.events.messages import (
    DATA_CLASS_TENSOR,
    DT_DOUBLE,
    DT_STRING,
    headway_field,
    summary_metadata,
    summary_value,
    tensor,
)
from headway.events.wire import message
from headway.importers.place import Place
from headway.record.kinds.image import encoded_image_value
from headway.record.lazy import need
from headway.record.table import Table
from headway.record.values import Html, Value

LARGEST = 64 << 20
"""Bytes of a media file."""
_MOST = 1024
"""Pictures of one value."""
_SHOWN_BY_BROWSERS = ("PNG", "JPEG", "GIF")
_BLOBS = 3


class Pictures(Value):
    """Picture files that browsers show, as they are; each is data, height, width, channels."""

    def __init__(self, files: Sequence[tuple[bytes, int, int, int]], captions: Sequence[str]) -> None:
        self._files = files
        self._captions = captions
        self.nbytes = sum(len(file[0]) for file in files)

    def encode(self, tag: str) -> list[bytes]:
        """Return one value, in the form of `headway.Image` for one picture and of a table's for several."""
        captions = list(self._captions)
        if len(self._files) == 1:
            told = {"kind": "image", "caption": captions[0]}
            return [encoded_image_value(tag, *self._files[0]) + (headway_field(told) if captions[0] else b"")]
        size = [max(file[2] for file in self._files), max(file[1] for file in self._files)]
        strings = [*(str(side).encode() for side in size), *(file[0] for file in self._files)]
        content = b"".join(message(8, string) for string in strings)
        value = summary_value(
            tag, message(8, tensor(DT_STRING, (len(strings),), content)), summary_metadata("images", _BLOBS)
        )
        return [value + (headway_field({"kind": "image", "captions": captions}) if any(captions) else b"")]


class Buckets(Value):
    """A histogram that was counted elsewhere: edges [k + 1] and counts [k]."""

    def __init__(self, edges: Sequence[float], counts: Sequence[float]) -> None:
        self._buckets = np.column_stack([edges[:-1], edges[1:], counts]).astype("<f8")
        self.nbytes = self._buckets.nbytes

    def encode(self, tag: str) -> list[bytes]:
        """Return one value in TensorBoard's newer form, float64 [k, 3]: left, right, count."""
        content = message(4, self._buckets.tobytes())
        return [
            summary_value(
                tag,
                message(8, tensor(DT_DOUBLE, self._buckets.shape, content)),
                summary_metadata("histograms", DATA_CLASS_TENSOR),
            )
        ]


def media_of(value: Mapping[str, Any], files: Place | None) -> Value | None:
    """Return what an entry of the history with a "_type" shows; None for a type that is not imported.

    `files` is the directory that its paths are below.

    Raises:
        HeadwayError: its file is missing, damaged or elsewhere.
        ValueError, TypeError, KeyError: the entry is malformed.
    """
    kind = value.get("_type")
    if kind == "histogram":
        return _histogram(value)
    if files is None:
        return None
    if kind in ("image-file", "images/separated"):
        return _pictures(value, files)
    if kind == "table-file":
        return _table(files.below(value["path"]).document(LARGEST))
    if kind == "html-file":
        return Html(files.below(value["path"]).text(LARGEST))
    return None


def _pictures(value: Mapping[str, Any], files: Place) -> Pictures:
    names = value["filenames"] if value["_type"] == "images/separated" else [value["path"]]
    captions = value.get("captions") or value.get("all_captions") or [value.get("caption")]
    if not isinstance(names, list) or not 0 < len(names) <= _MOST or not isinstance(captions, list):
        raise ValueError("no list of pictures")
    texts = [caption if isinstance(caption, str) else "" for caption in captions[: len(names)]]
    texts += [""] * (len(names) - len(texts))
    return Pictures([_picture(files.below(name)) for name in names], texts)


def _picture(place: Place) -> tuple[bytes, int, int, int]:
    data = place.content(LARGEST)
    pillow = need("PIL.Image", "pillow", "picture files")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # its size is only written down, not made room for
            with pillow.open(io.BytesIO(data), formats=_SHOWN_BY_BROWSERS) as image:
                return data, image.height, image.width, len(image.getbands())
    except Exception as error:  # pillow raises what its parsers do
        raise HeadwayError(f"{place}: not a PNG, JPEG or GIF file that can be read: {error}") from error


def _histogram(value: Mapping[str, Any]) -> Buckets | None:
    counts = value["values"]
    packed = value.get("packedBins")
    if packed is not None and isinstance(counts, list):
        edges = [packed["min"] + packed["size"] * number for number in range(len(counts) + 1)]
    else:
        edges = value["bins"]
    if not isinstance(counts, list) or not isinstance(edges, list) or len(edges) != len(counts) + 1 or not counts:
        raise ValueError("a histogram whose bins and values do not fit")
    numbers = [float(number) for number in (*edges, *counts)]
    if not all(map(math.isfinite, numbers)):
        raise ValueError("a histogram of numbers that are not finite")
    return Buckets(numbers[: len(edges)], numbers[len(edges) :])


def _table(document: Any) -> Table:
    columns, rows = document["columns"], document["data"]
    names: list[str] = []
    for column in columns:
        name = str(column)
        names.append(name if name not in names else f"{name} ({len(names)})")
    return Table(names, [[_cell(cell) for cell in row] for row in rows])


def _cell(cell: Any) -> Any:
    if cell is None or isinstance(cell, str | bool | int | float):
        return cell
    return json.dumps(cell, ensure_ascii=False)
