"""Meshes and clouds of points: a tensor each for vertices, faces and colours, [batch, count, 3] float32.

MeshPluginData: name=2 · content_type=3 (vertices 1, faces 2, colours 3) · json_config=5 · shape=6 repeated
· components=7 (bits of the content types there are)
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from headway.errors import ShapeError
from headway.events.messages import summary_metadata, summary_value
from headway.events.wire import message, number_field, string_field, varint
from headway.record.kinds.tensor import tensor_of

_TORCH_NAMES = {1: "VERTEX", 2: "FACE", 3: "COLOR"}


def check_mesh(
    tag: str,
    vertices: Sequence[int],
    colors: Sequence[int] | None = None,
    faces: Sequence[int] | None = None,
    config_dict: Mapping[str, Any] | None = None,
) -> None:
    """Raise unless arrays of these shapes are a mesh and the configuration can be written.

    Raises:
        ShapeError: not [batch, count, 3]; another batch than the vertices'; not one colour a vertex.
        TypeError: the configuration is no JSON.
    """
    for what, shape in (("vertices", vertices), ("faces", faces), ("colors", colors)):
        if shape is None:
            continue
        if len(shape) != 3 or shape[2] != 3:
            raise ShapeError(f"{tag!r}: {what} must be of shape [batch, count, 3], not {tuple(shape)}")
        if shape[0] != vertices[0]:
            raise ShapeError(f"{tag!r}: {what} of {shape[0]} meshes, but vertices of {vertices[0]}")
    if colors is not None and tuple(colors) != tuple(vertices):
        raise ShapeError(f"{tag!r}: one color a vertex is needed: {tuple(vertices)}, not {tuple(colors)}")
    try:
        json.dumps(config_dict, sort_keys=True)
    except (TypeError, ValueError) as error:
        raise TypeError(f"{tag!r}: config_dict cannot be written as JSON: {error}") from error


def mesh_values(
    tag: str,
    vertices: NDArray[Any],
    colors: NDArray[Any] | None = None,
    faces: NDArray[Any] | None = None,
    config_dict: Mapping[str, Any] | None = None,
    *,
    names: Literal["tensorboardX", "torch"] = "tensorboardX",
) -> list[bytes]:
    """Return the Summary.Values of a batch of meshes, or of clouds of points where there are no faces.

    Args:
        tag: as it is to be shown.
        vertices: [batch, vertices, 3] coordinates.
        colors: [batch, vertices, 3] red, green and blue, 0..255.
        faces: [batch, faces, 3] indices of vertices.
        config_dict: three.js classes and their settings: `camera`, `lights`, `material`.
        names: whose tags to write: tensorboardX's `<tag>_1`, or torch's `<tag>_VERTEX`. TensorBoard shows both, by
            the name in the metadata.
    """
    parts = {kind: part for kind, part in ((1, vertices), (2, faces), (3, colors)) if part is not None}
    components = 0
    config = json.dumps(config_dict, sort_keys=True)
    if names == "torch":
        components = sum(1 << kind for kind in parts)
        config = "{}" if config_dict is None else config
    values = []
    for kind, part in parts.items():
        content = (
            string_field(2, tag)
            + number_field(3, kind)
            + string_field(5, config)
            + message(6, b"".join(map(varint, part.shape)))
            + number_field(7, components)
        )
        name = f"{tag}_{_TORCH_NAMES[kind] if names == 'torch' else kind}"
        metadata = summary_metadata("mesh", content=content)
        values.append(summary_value(name, message(8, tensor_of(part.astype(np.float32))), metadata))
    return values
