"""Meshes and clouds of points: a tensor [batch, count, 3] for each part, at a tag of its own.

MeshPluginData: name=2 · content_type=3 · json_config=5 · shape=6 repeated · components=7 (bits of the content types)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray

from headway.query.kinds.message import Message, integers
from headway.query.kinds.summary import Summary, read_json
from headway.query.kinds.tensor import tensor_of

PARTS = {1: "vertex", 2: "face", 3: "color"}
_SUFFIXES = {f"_{part.upper()}": part for part in PARTS.values()} | {f"_{n}": part for n, part in PARTS.items()}


@dataclass(frozen=True, slots=True, eq=False)
class Mesh:
    """One part of a mesh; the others are at tags of the same name with another suffix, and the same step."""

    name: str
    """Of the mesh: the tag without its suffix."""
    part: str
    """"vertex" (coordinates), "face" (three indices of vertices), "color" (red, green, blue, 0 to 255)."""
    values: NDArray[Any]
    """[batch, count, 3]"""
    config: dict[str, Any]
    """three.js classes and their settings: `camera`, `lights`, `material`."""
    components: tuple[str, ...]
    """The parts that the mesh has, where that is told; TensorBoard's own summaries and torch do."""
    shape: tuple[int, ...]
    """What the metadata says of `values.shape`; empty when nothing."""


def mesh(summary: Summary) -> Mesh:
    """Read a part of a mesh.

    Raises:
        ValueError: malformed; a tensor of another shape; nothing tells which part it is.

    """
    content = summary.metadata.content
    message = Message(content)
    name, part = _by_tag(summary.tag)
    part = PARTS.get(message.integer(3), part)
    if not part:
        raise ValueError("neither the metadata nor the tag tells which part of a mesh it is")
    values = tensor_of(summary.tensor()).array
    if values.ndim != 3 or values.shape[2] != 3 or values.dtype.kind not in "biuf":
        raise ValueError(f"a part of a mesh is a tensor [batch, count, 3] of numbers, not {list(values.shape)}")
    config = read_json(message.data(5)) if message.has(5) else None
    bits = message.integer(7)
    return Mesh(
        message.text(2) or name,
        part,
        values,
        config if isinstance(config, dict) else {},
        tuple(found for number, found in PARTS.items() if bits >> number & 1),
        tuple(integers(content, 6).tolist()),
    )


def _by_tag(tag: str) -> tuple[str, str]:
    for suffix, part in _SUFFIXES.items():
        if tag.endswith(suffix):
            return tag.removesuffix(suffix), part
    return tag, ""
