"""A Summary.Value around the data of its kind.

    Value     tag=1 · metadata=9 SummaryMetadata · one of: simple_value=2 · image=4 · histo=5 · audio=6 · tensor=8
              headway's own: 1000, JSON
    Metadata  plugin_data=1 {plugin_name=1 · content=2} · display_name=2 · summary_description=3 · data_class=4

A writer names a tag's metadata only with its first value in a file.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from headway.events.messages import HEADWAY_FIELD
from headway.query.kinds.message import DEEPEST, Buffer, Message

TENSOR = 8


@dataclass(frozen=True, slots=True)
class Metadata:
    """What is said of a tag: which plugin shows it, what that plugin wants to know, and texts for people."""

    plugin: str = ""
    content: bytes = b""
    """In the plugin's own encoding."""
    display_name: str = ""
    description: str = ""
    """Markdown."""
    data_class: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Summary:
    """One Summary.Value, before its data is looked at."""

    tag: str
    metadata: Metadata
    message: Message
    told: dict[str, Any]
    """What headway adds; empty where another wrote it."""

    def tensor(self) -> memoryview:
        """Return the TensorProto.

        Raises:
            ValueError: there is none.

        """
        if not self.message.has(TENSOR):
            raise ValueError("it holds no tensor")
        return self.message.data(TENSOR)


def summary_of(content: Buffer, first: Buffer | None = None) -> Summary:
    """Read a Summary.Value.

    `first`, the tag's first one in its file, has the metadata where `content` names no plugin.

    Raises:
        ValueError: the bytes are no message.

    """
    message = Message(content)
    metadata = metadata_of(message.data(9))
    if not metadata.plugin and first is not None:
        metadata = metadata_of(Message(first).data(9))
    return Summary(message.text(1), metadata, message, _told(message.data(HEADWAY_FIELD)))


def metadata_of(encoded: Buffer) -> Metadata:
    """Read a SummaryMetadata.

    Raises:
        ValueError: the bytes are no message.

    """
    message = Message(encoded)
    plugin = message.message(1)
    return Metadata(
        plugin.text(1), bytes(plugin.data(2)), message.text(2), message.text(3), message.integer(4) & 0xFFFFFFFF
    )


def read_json(text: Buffer | str) -> Any:
    """Return what JSON says, or None where it is none, or nested beyond reason.

    It has no lone surrogates: they cannot be sent.
    """
    if not isinstance(text, str):
        text = str(text, "utf-8", "replace")
    try:
        found = json.loads(text)
        if "\\u" in text:  # the only way by which a lone surrogate comes in
            found = json.loads(json.dumps(found, ensure_ascii=False).encode("utf-8", "replace"))
    except (ValueError, RecursionError):
        return None
    has_few = text.count("[") + text.count("{") <= DEEPEST  # mostly, and needs no walk
    return found if has_few or _is_shallow(found) else None


def _is_shallow(found: Any) -> bool:
    """Say whether whoever walks through it may call itself for what lies within."""
    level = [found] if isinstance(found, (dict, list)) else []
    depth = 0
    while level:
        level = [item for outer in level for item in (outer.values() if isinstance(outer, dict) else outer)]
        level = [item for item in level if isinstance(item, (dict, list))]
        depth += 1
        if depth > DEEPEST:
            return False
    return True


def _told(data: memoryview) -> dict[str, Any]:
    found = read_json(data) if len(data) else None
    return found if isinstance(found, dict) else {}
