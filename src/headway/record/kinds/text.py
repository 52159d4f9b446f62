"""Texts in the form that tensorboardX and torch give them: a vector of one string, at the tag + /text_summary."""

from __future__ import annotations

from headway.events.messages import DT_STRING, summary_metadata, summary_value, tensor
from headway.events.wire import message


def check_text(tag: str, text: object) -> None:
    """Raise unless `text` is a text.

    Raises:
        TypeError: it is something else.
    """
    if not isinstance(text, str):
        raise TypeError(f"{tag!r}: a text must be a str, not {type(text).__name__}")


def text_value(tag: str, text: str) -> bytes:
    """Return the Summary.Value of a text, which the dashboards show as Markdown."""
    strings = tensor(DT_STRING, (1,), message(8, text.encode("utf-8", "replace")))
    return summary_value(f"{tag}/text_summary", message(8, strings), summary_metadata("text"))
