"""What headway knows no form for: plugins of others, and tensors that are no arrays. Nothing of it is lost."""

from __future__ import annotations

from dataclasses import dataclass

from headway.query.kinds.dtypes import ARRAYS
from headway.query.kinds.summary import TENSOR, Summary
from headway.query.kinds.tensor import Tensor, header_of, tensor_of

_OLD_HISTOGRAM = 3


@dataclass(frozen=True, slots=True, eq=False)
class Raw:
    """A value as it is."""

    plugin: str
    metadata: bytes
    """What its plugin is told of the tag, in the plugin's encoding."""
    tensor: Tensor | None
    content: bytes
    """Where it is no tensor that can be read: the TensorProto, or the field that holds the data; else empty."""


def raw(summary: Summary) -> Raw:
    """Take a value of any plugin, or of none.

    Raises:
        ValueError: malformed.

    """
    plugin, metadata = summary.metadata.plugin, summary.metadata.content
    if not summary.message.has(TENSOR):
        return Raw(plugin, metadata, None, bytes(summary.message.data(_OLD_HISTOGRAM)))
    proto = summary.tensor()
    try:
        return Raw(plugin, metadata, tensor_of(proto), b"")
    except ValueError:
        return Raw(plugin, metadata, None, bytes(proto))


def tensor(summary: Summary) -> Tensor | Raw:
    """Read a tensor that belongs to no plugin with a form of its own; one of handles or variants is kept raw.

    Raises:
        ValueError: malformed; its shape is not that of its bytes.

    """
    if summary.message.has(TENSOR) and header_of(summary.tensor()).dtype in ARRAYS:
        return tensor_of(summary.tensor())
    return raw(summary)
