"""Values as plain data that JSON can hold, for the server's answers and the command line.

Every dict says what it is under "kind"; the other keys are the fields of the value's class. NaN and infinities are
the strings "NaN", "Infinity" and "-Infinity", as in TensorBoard's API. Bytes are left out: of each picture and clip
the media type and the number of bytes are told, its bytes are asked for by themselves.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from headway.query.kinds.audio import Audio
from headway.query.kinds.confusion_matrix import ConfusionMatrix
from headway.query.kinds.custom_scalars import Layout
from headway.query.kinds.decode import Value
from headway.query.kinds.graph import Graph
from headway.query.kinds.histogram import Histogram
from headway.query.kinds.hparams import HParams
from headway.query.kinds.image import Images
from headway.query.kinds.log_message import LogMessage
from headway.query.kinds.media_type import media_type
from headway.query.kinds.mesh import Mesh
from headway.query.kinds.meta_graph import MetaGraph
from headway.query.kinds.pr_curve import ROWS, PrCurve
from headway.query.kinds.raw import Raw
from headway.query.kinds.run_metadata import RunMetadata
from headway.query.kinds.table import Picture, Table
from headway.query.kinds.tensor import Tensor
from headway.query.kinds.text import Text

MOST = 4096
"""Elements of a tensor or a mesh, pictures or clips that are listed; how many there are is always told."""


def plain(value: Value) -> dict[str, Any]:
    """Return `value` as dicts, lists, texts, finite numbers, bools and None."""
    kind, of = _OF[type(value)]
    return {"kind": kind, **of(value)}


def finite(number: float) -> float | str:
    """Return a number, or the name of what is not finite."""
    if math.isfinite(number):
        return number
    return "NaN" if math.isnan(number) else "Infinity" if number > 0 else "-Infinity"


def _fields(value: Any) -> dict[str, Any]:
    """Return the fields of a dataclass, of whatever plain data, dataclasses and bytes it is made of."""
    return {field.name: _any(getattr(value, field.name)) for field in dataclasses.fields(value)}


def _any(value: Any) -> Any:
    if isinstance(value, float):
        return finite(value)
    if isinstance(value, (list, tuple)):
        return [_any(item) for item in value]
    if isinstance(value, dict):
        return {key: _any(item) for key, item in value.items()}
    if isinstance(value, complex):
        return [finite(value.real), finite(value.imag)]
    if isinstance(value, bytes):
        return str(value, "utf-8", "backslashreplace")
    if isinstance(value, int) and not -(1 << 63) <= value < 1 << 64:  # more than readers of 64 bits take
        return str(value)
    return _fields(value) if dataclasses.is_dataclass(value) else value


def _numbers(array: NDArray[Any]) -> list[Any]:
    """Return an array as lists in lists."""
    found = array.tolist()
    is_finite = array.dtype.kind in "biu" or (array.dtype.kind == "f" and bool(np.isfinite(array).all()))
    listed: list[Any] = found if is_finite else _any(found)
    return listed


def _array(array: NDArray[Any]) -> dict[str, Any]:
    """Return its shape, how many elements it has, and the first of them in one row."""
    return {
        "shape": list(array.shape),
        "elements": int(array.size),
        "values": _numbers(array.flat[:MOST]),
    }


def _histogram(value: Histogram) -> dict[str, Any]:
    return _fields(dataclasses.replace(value, buckets=np.zeros(0))) | {"buckets": _numbers(value.buckets)}


def _files(files: tuple[bytes, ...]) -> list[dict[str, Any]]:
    return [{"media_type": media_type(file), "bytes": len(file)} for file in files[:MOST]]


def _images(value: Images) -> dict[str, Any]:
    sizes = {"width": value.width, "height": value.height}
    files = {"pictures": _files(value.pictures), "count": len(value.pictures)}
    return {**sizes, **files, "captions": list(value.captions[:MOST])}


def _audio(value: Audio) -> dict[str, Any]:
    about = {"content_type": value.content_type, "sample_rate": value.sample_rate}
    files = {"clips": _files(value.clips), "count": len(value.clips)}
    return {**about, **files, "labels": list(value.labels[:MOST])}


def _text(value: Text) -> dict[str, Any]:
    return {"shape": list(value.strings.shape), "strings": value.strings.ravel().tolist(), "html": value.html}


def _table(value: Table) -> dict[str, Any]:
    rows = [[_cell(cell) for cell in row] for row in value.rows]
    return {"columns": [_fields(column) for column in value.columns], "rows": rows}


def _cell(cell: Any) -> Any:
    return {"image": cell.number} if isinstance(cell, Picture) else _any(cell)


def _confusion_matrix(value: ConfusionMatrix) -> dict[str, Any]:
    return {"labels": list(value.labels), "counts": _numbers(value.counts)}


def _pr_curve(value: PrCurve) -> dict[str, Any]:
    rows = dict(zip(ROWS, _numbers(value.values), strict=True))
    return {"thresholds": value.thresholds.tolist(), **rows}


def _mesh(value: Mesh) -> dict[str, Any]:
    about = {"name": value.name, "part": value.part, "config": _any(value.config), "components": [*value.components]}
    return {**about, **_array(value.values)}


def _tensor(value: Tensor) -> dict[str, Any]:
    return {"dtype": value.dtype, **_array(value.array)}


def _raw(value: Raw) -> dict[str, Any]:
    return {
        "plugin": value.plugin,
        "metadata": {"text": str(value.metadata[:MOST], "utf-8", "backslashreplace"), "bytes": len(value.metadata)},
        "tensor": None if value.tensor is None else _tensor(value.tensor),
        "bytes": len(value.content),
    }


_OF: dict[type, tuple[str, Callable[[Any], dict[str, Any]]]] = {
    Histogram: ("histogram", _histogram),
    Images: ("images", _images),
    Audio: ("audio", _audio),
    Text: ("text", _text),
    Table: ("table", _table),
    ConfusionMatrix: ("confusion_matrix", _confusion_matrix),
    PrCurve: ("pr_curve", _pr_curve),
    HParams: ("hparams", _fields),
    Layout: ("layout", _fields),
    Mesh: ("mesh", _mesh),
    Graph: ("graph", _fields),
    MetaGraph: ("meta_graph", _fields),
    RunMetadata: ("run_metadata", _fields),
    Tensor: ("tensor", _tensor),
    LogMessage: ("log_message", _fields),
    Raw: ("raw", _raw),
}
