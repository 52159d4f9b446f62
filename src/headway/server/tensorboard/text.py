"""`/data/plugin/text`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np
from numpy.typing import NDArray
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from headway.query.kinds.message import text_of
from headway.query.kinds.summary import summary_of
from headway.query.kinds.tensor import strings_of
from headway.server.contents import Contents
from headway.server.tensorboard.answer import answered, streamed
from headway.server.tensorboard.html import html_of
from headway.server.tensorboard.tags import by_run

if TYPE_CHECKING:
    from headway.server.served import Served

KIND = "text"


class Texts:
    """Answers from one log directory."""

    def __init__(self, served: Served) -> None:
        self._served = served

    def tags(self, _: Request) -> Response:
        """Run → its tags."""
        return answered(by_run(self._served.index, KIND))

    def text(self, request: Request) -> Response:
        """`[{wall_time, step, text}, …]`, the text as HTML; nothing where there is no such series."""
        query = request.query_params
        contents = Contents(self._served, query.get("run", ""), query.get("tag", ""), KIND, current=True)
        return streamed(_rows(contents, query.get("markdown") != "false"))


def _rows(contents: Contents, paragraphs: bool) -> Iterator[bytes]:
    before = b"["
    for i, wall, step in contents.rows():
        strings = _strings(contents, i)
        if strings is not None:
            html = html_of(strings, paragraphs=paragraphs)
            yield before + msgspec.json.encode({"wall_time": wall, "step": step, "text": html})
            before = b","
    yield b"[]" if before == b"[" else b"]"


def _strings(contents: Contents, i: int) -> NDArray[Any] | None:
    """The texts of an entry, a table's too, in the shape they came in; None when they cannot be read."""
    try:
        found = strings_of(summary_of(contents.content(i)).tensor())
    except (ValueError, HTTPException):
        return None
    return np.array([text_of(string) for string in found.flat], object).reshape(found.shape)
