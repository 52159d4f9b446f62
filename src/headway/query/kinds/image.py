"""Pictures, and videos, which are animated GIFs.

Old: Summary.Image  height=1 · width=2 · encoded_image_string=4
New: a tensor of strings [2 + pictures]: width and height in digits, then the files. Of a higher rank, each row may
begin with them.

headway's own: {"kind": "image", "caption": ...} or {..., "captions": [...]}
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from headway.query.kinds.message import Message
from headway.query.kinds.summary import Summary
from headway.query.kinds.tensor import strings_of

OLD = 4
_LONGEST_SIZE = 20  # digits


@dataclass(frozen=True, slots=True)
class Images:
    """Pictures of one tag and step, as the files that were logged; see `media_type` for what they are."""

    width: int
    """In pixels, as the log says it; 0 when it does not."""
    height: int
    pictures: tuple[bytes, ...]
    captions: tuple[str, ...]
    """One a picture; empty where there is none."""


def images(summary: Summary) -> Images:
    """Read pictures of either form.

    Raises:
        ValueError: malformed; a tensor that holds no strings.

    """
    if summary.message.has(OLD):
        message = Message(summary.message.data(OLD))
        width, height, files = message.integer(2), message.integer(1), [bytes(message.data(4))]
    else:
        width, height, files = _new(summary)
    return Images(max(width, 0), max(height, 0), tuple(files), _captions(summary.told, len(files)))


def _new(summary: Summary) -> tuple[int, int, list[bytes]]:
    array = strings_of(summary.tensor())
    if not array.size:
        return 0, 0, []
    rows = array.reshape(-1, array.shape[-1] if array.ndim else 1).tolist()
    width, height = (*map(_number, rows[0][:2]), None, None)[:2]
    files = rows[0][2:]
    for row in rows[1:]:
        has_size = len(row) > 1 and None not in map(_number, row[:2])
        files += row[2:] if has_size else row
    return width or 0, height or 0, files


def _number(text: bytes) -> int | None:
    return int(text) if text.isdigit() and len(text) < _LONGEST_SIZE else None


def _captions(told: dict[str, Any], pictures: int) -> tuple[str, ...]:
    said = told.get("captions", [told.get("caption")]) if told.get("kind") == "image" else []
    texts = [text if isinstance(text, str) else "" for text in (said if isinstance(said, list) else [])]
    return tuple(texts[:pictures] + [""] * (pictures - len(texts)))
