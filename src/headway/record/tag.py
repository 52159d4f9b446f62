"""Tags as tensorboardX writes them."""

from __future__ import annotations

import re

from headway.record.files.warning import warn

_NOT_IN_TAGS = re.compile(r"[^-/\w.]")


def clean_tag(tag: str) -> str:
    """Return the tag that tensorboardX writes for `tag`: "_" for special characters, no leading "/"."""
    return _NOT_IN_TAGS.sub("_", checked_tag(tag)).lstrip("/")


def checked_tag(tag: str) -> str:
    """Return `tag` as it is.

    Raises:
        TypeError: it is no string.

    """
    if not isinstance(tag, str):
        raise TypeError(f"a tag must be a str, not {type(tag).__name__}")
    return tag


class TagCleaner:
    """Cleans tags, and says so the first time that one is changed."""

    def __init__(self) -> None:
        self._said = False

    def __call__(self, tag: str) -> str:
        """Return what is written for `tag`."""
        cleaned = clean_tag(tag)
        if cleaned != tag and not self._said:
            self._said = True
            warn(
                f"the tag {tag!r} is written as {cleaned!r}, as tensorboardX does; so are others with such characters"
            )
        return cleaned
